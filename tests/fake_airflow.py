"""Airflow's REST API as far as the stack uses it, over real HTTP: each look at a run lets one more task end."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

DAY = "2026-11-22"
LINES = {"one_nightly": ["pull", "decide"], "one_retrain": ["train", "promote"]}


@dataclass
class FakeAirflow:
    """``fails`` are the tasks that fail until cleared, ``stumbles`` those that need two tries, ``waits``
    those that sleep until a person answers.

    ``asks`` is whether the night asks for a retrain.
    """

    dags: list[str] = field(default_factory=lambda: ["one_nightly", "one_retrain"])
    asks: bool = True
    starts: bool = True
    fails: set[str] = field(default_factory=set)
    stumbles: set[str] = field(default_factory=set)
    waits: set[str] = field(default_factory=set)
    errors: list[dict[str, str]] = field(default_factory=list)
    paused: set[str] = field(default_factory=lambda: {"one_nightly", "one_retrain"})
    runs: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {"one_nightly": [], "one_retrain": []})
    acts: list[dict[str, str | None]] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    broken: int = 0
    password: str = "right"

    def start(self, dag: str, key: str | None = DAY) -> dict[str, Any]:
        run = {"dag_run_id": f"scheduled__{key}+00:00", "dag_id": dag, "partition_key": key, "state": "running"}
        tasks = [
            {"dag_id": dag, "dag_run_id": run["dag_run_id"], "task_id": name, "map_index": -1, "state": None}
            | {"duration": None, "end_date": None, "try_number": 1}
            for name in LINES[dag]
        ]
        self.runs[dag].insert(0, run | {"tasks": tasks})
        return self.runs[dag][0]

    def advance(self, run: dict[str, Any]) -> None:
        waiting = [task for task in run["tasks"] if task["state"] in (None, "up_for_retry")]
        if run["state"] == "running" and waiting and waiting[0]["task_id"] in self.stumbles:
            waiting[0]["state"] = "up_for_retry"
            self.stumbles.remove(waiting[0]["task_id"])
        elif run["state"] == "running" and waiting and waiting[0]["task_id"] in self.waits:
            waiting[0]["state"] = "deferred"
        elif run["state"] == "running" and waiting and "deferred" not in {t["state"] for t in run["tasks"]}:
            task = waiting[0]
            task |= {"state": "failed" if task["task_id"] in self.fails else "success", "duration": 1.25}
            task["end_date"] = f"2026-11-23T02:00:0{len(run['tasks']) - len(waiting)}Z"
        states = {task["state"] for task in run["tasks"]}
        if "failed" in states:
            run["state"] = "failed"
        elif run["state"] == "running" and states == {"success"}:
            run["state"] = "success"
            if run["dag_id"] == "one_nightly" and self.asks and "one_retrain" not in self.paused:
                self.start("one_retrain")

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        parts = [unquote(part) for part in path.split("/") if part]
        if parts == ["auth", "token"]:
            return (201, {"access_token": "t"}) if body["password"] == self.password else (401, {"detail": "no"})
        match [method, *parts[2:]]:
            case ["GET", "dags"]:
                return 200, {"dags": [{"dag_id": dag} for dag in self.dags]}
            case ["GET", "importErrors"]:
                return 200, {"import_errors": self.errors}
            case ["PATCH", "dags", dag]:
                self.paused.discard(dag)
                if dag == "one_nightly" and self.starts and not self.runs[dag]:
                    self.start(dag)
                return 200, {}
            case ["GET", "dags", dag]:
                return 200, {"dag_id": dag, "is_paused": dag in self.paused}
            case ["GET", "eventLogs"]:
                asked = {name: query[name][0] for name in ("dag_id", "event") if name in query}
                return 200, {"event_logs": [act for act in self.acts if asked.items() <= act.items()]}
            case ["GET", "dags", dag, "dagRuns"]:
                return 200, {"dag_runs": self.runs.get(dag, [])}
            case ["POST", "dags", dag, "dagRuns"]:
                return 200, self.start(dag, None)
            case ["GET", "dags", dag, "dagRuns", run_id]:
                run = self.find(dag, run_id)
                self.advance(run)
                return 200, run
            case ["POST", "dags", dag, "dagRuns", run_id, "clear"]:
                run = self.find(dag, run_id)
                run["state"] = "running"
                self.fails.clear()
                for task in run["tasks"]:
                    task["state"] = None if task["state"] == "failed" else task["state"]
                return 200, {}
            case ["GET", "dags", dag, "dagRuns", run_id, "taskInstances"]:
                return 200, {"task_instances": self.find(dag, run_id)["tasks"]}
            case ["GET", "assets", "events"]:
                run = self.find(query["source_dag_id"][0], query["source_run_id"][0])
                asked = self.asks and run["state"] == "success"
                return 200, {"asset_events": [{"partition_key": run["partition_key"] or DAY}] if asked else []}
            case ["GET", "dags", _, "dagRuns", _, "taskInstances", _, "logs", _]:
                detail = [{"exc_type": "DataError", "exc_value": "rows 12 < 400"}]
                return 200, {"content": [{"event": "::group::"}, {"event": "Pulling"}, {"event": "Task failed"}
                                         | {"error_detail": detail}]}  # fmt: skip
        return 404, {"detail": f"{method} {path}"}

    def find(self, dag: str, run_id: str) -> dict[str, Any]:
        return next(run for run in self.runs[dag] if run["dag_run_id"] == run_id)


@contextmanager
def served(fake: FakeAirflow) -> Iterator[str]:
    """The address at which the fake answers."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fake.calls.append((self.command, parts.path))
            if fake.broken:
                fake.broken -= 1
                status, content = 503, {}
            else:
                status, content = fake.answer(
                    self.command, parts.path, parse_qs(parts.query), json.loads(body) if body else None
                )
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PATCH = _do  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
