"""The few questions that the stack asks Airflow, through its public REST API."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from stack.errors import StackError

Json = dict[str, Any]


class Airflow:
    """A logged-in caller of Airflow's REST API v2 at ``base_url``.

    Raises StackError, with a sentence, whenever Airflow does not answer or refuses; while it restarts, calls wait up
    to ``patience`` seconds for it.
    """

    def __init__(self, base_url: str, user: str, password: str, patience: float = 60.0) -> None:
        # the environment's proxies know nothing of loopback
        self._http = httpx.Client(base_url=base_url, trust_env=False, timeout=30, follow_redirects=True)
        self._patience = patience
        token = self._call("POST", "/auth/token", {"username": user, "password": password})["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> "Airflow":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def dags(self, tag: str) -> list[str]:
        """The ids of the DAGs with this tag, in order."""
        found = self._get("/dags", tags=tag, limit=100)["dags"]
        return sorted(dag["dag_id"] for dag in found)

    def import_errors(self) -> list[Json]:
        """What Airflow could not read of its DAG files."""
        return list(self._get("/importErrors", limit=100)["import_errors"])

    def unpause(self, dag: str) -> None:
        self._call("PATCH", f"/api/v2/dags/{_path(dag)}", {"is_paused": False})

    def untouched(self, dag: str) -> bool:
        """Whether a DAG is paused because it began so: it never ran, and Airflow's audit log knows of nobody's act."""
        if not self._get(f"/dags/{_path(dag)}")["is_paused"] or self.runs(dag, limit=1):
            return False
        # who pauses many at once leaves an act that names no DAG
        acts = ({"dag_id": dag}, {"event": "patch_dags"})
        return not any(self._get("/eventLogs", limit=1, **which)["event_logs"] for which in acts)

    def runs(self, dag: str, limit: int = 20) -> list[Json]:
        """The newest runs of a DAG, the newest first."""
        return list(self._get(f"/dags/{_path(dag)}/dagRuns", order_by="-run_after", limit=limit)["dag_runs"])

    def run(self, dag: str, run: str) -> Json:
        return self._get(f"/dags/{_path(dag)}/dagRuns/{_path(run)}")

    def trigger(self, dag: str, note: str, form: Mapping[str, Any] | None = None) -> Json:
        """A new run of a DAG with the values of its form; without a day it finds its data day itself."""
        body = {"logical_date": None, "note": note, "conf": dict(form or {})}
        return self._call("POST", f"/api/v2/dags/{_path(dag)}/dagRuns", body)

    def clear_failed(self, dag: str, run: str) -> None:
        """Let the failed tasks of a run, and what follows them, run again."""
        address = f"/api/v2/dags/{_path(dag)}/dagRuns/{_path(run)}/clear"
        self._call("POST", address, {"dry_run": False, "only_failed": True})

    def tasks(self, dag: str, run: str) -> list[Json]:
        """The task instances of a run."""
        address = f"/dags/{_path(dag)}/dagRuns/{_path(run)}/taskInstances"
        return list(self._get(address, limit=100)["task_instances"])

    def requested(self, dag: str, run: str) -> list[str]:
        """The partition keys of the asset events that a run left for others."""
        events = self._get("/assets/events", source_dag_id=dag, source_run_id=run, limit=100)["asset_events"]
        return [event["partition_key"] for event in events if event["partition_key"]]

    def log(self, task: Mapping[str, Any]) -> list[Json | str]:
        """The lines that the last try of a task instance wrote."""
        place = f"/dags/{_path(task['dag_id'])}/dagRuns/{_path(task['dag_run_id'])}"
        address = f"{place}/taskInstances/{_path(task['task_id'])}/logs/{max(1, task['try_number'])}"
        return list(self._get(address, map_index=task["map_index"], full_content="true")["content"])

    def _get(self, address: str, **query: Any) -> Json:
        return self._call("GET", f"/api/v2{address}", query=query)

    def _call(self, method: str, address: str, body: Json | None = None, query: Json | None = None) -> Json:
        end = time.monotonic() + self._patience
        while True:
            try:
                answer = self._http.request(method, address, json=body, params=query)
            except httpx.TransportError as error:
                if time.monotonic() > end:
                    raise StackError(
                        f"Airflow at {self._http.base_url} did not answer: {error}; see `make status` and"
                        " `make logs PART=api-server`"
                    ) from error
            else:
                if answer.status_code < 500 or time.monotonic() > end:
                    return _content(answer, method, address)
            time.sleep(0.5)


def _content(answer: httpx.Response, method: str, address: str) -> Json:
    if answer.status_code in (401, 403):
        raise StackError(f"Airflow refused the login ({answer.status_code}): the password file and Airflow disagree")
    if answer.is_error:
        raise StackError(f"Airflow answered {answer.status_code} to {method} {address}: {answer.text[:300]}")
    return dict(answer.json())


def _path(name: str) -> str:
    # run ids hold colons and plus signs
    return quote(name, safe="")
