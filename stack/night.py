"""The first night: unpauses the platform's DAGs in Airflow and stays until the newest night is over.

Of pipelines it knows only the tag of their DAGs and the ends of their ids: ``<name>_nightly``, ``<name>_retrain``,
``<name>_score``.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from stack.airflow import Airflow
from stack.errors import StackError

TAG = "nightshift"
NIGHTLY, RETRAIN, SCORE = "_nightly", "_retrain", "_score"
TAIL = 12
_WAITING = "deferred"
_ENDED = {"success", "failed", "skipped", "upstream_failed", "removed"}

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Task:
    """A finished task of a night: ``seconds`` is its running time, 0 for one that was skipped."""

    dag: str
    run: str
    name: str
    state: str
    seconds: float


@dataclass(frozen=True)
class Night:
    """What ran, in the order in which it ended. ``already`` is true when it had all happened before."""

    tasks: tuple[Task, ...]
    already: bool

    @property
    def seconds(self) -> float:
        """The tasks' running times together."""
        return sum(task.seconds for task in self.tasks)

    @property
    def retrained(self) -> bool:
        """Whether the night asked for a retrain, and it ran."""
        return any(task.dag.endswith(RETRAIN) and task.state == "success" for task in self.tasks)


def first(base_url: str, user: str, password: str, progress: Progress) -> Night:
    """The newest night of every pipeline, run through Airflow unless it has run before.

    A DAG whose night is over is left as it is, paused or not; but a scoring that an older release brought paused is
    switched on, unless a person ever touched it. A night that failed is tried again.

    Raises
    ------
    StackError
        Airflow does not answer, knows no DAG of ours, or a task failed: its last log lines are in the sentence.
    """
    with Airflow(base_url, user, password) as airflow:
        return _Watch(airflow, progress).nights()


@dataclass
class _Watch:
    """Follows runs until they end. All spans are in seconds."""

    airflow: Airflow
    progress: Progress
    parsing: float = 120
    starting: float = 20
    running: float = 3600
    pause: float = 0.5
    told: dict[tuple[str, ...], Task] = field(default_factory=dict)
    retried: set[tuple[str, ...]] = field(default_factory=set)
    started: bool = False

    def nights(self) -> Night:
        dags = self._dags()
        for nightly in [dag for dag in dags if dag.endswith(NIGHTLY)]:
            retrain = nightly.removesuffix(NIGHTLY) + RETRAIN
            self._night(nightly, retrain if retrain in dags else None)
            score = nightly.removesuffix(NIGHTLY) + SCORE
            if score in dags and (self.started or self.airflow.untouched(score)):
                self.airflow.unpause(score)  # now that a version may serve; the coming day is scored at once
        return Night(tuple(self.told.values()), already=not self.started)

    def _dags(self) -> list[str]:
        for _ in self._until(self.parsing):
            dags = self.airflow.dags(TAG)
            if any(dag.endswith(NIGHTLY) for dag in dags):
                return dags
            if errors := self.airflow.import_errors():
                raise StackError(f"Airflow cannot read {errors[0]['filename']}: {_last_line(errors[0]['stack_trace'])}")
        raise StackError(
            f"Airflow found no DAG tagged {TAG} within {self.parsing:g} s; see `make logs PART=dag-processor`"
        )

    def _night(self, nightly: str, retrain: str | None) -> None:
        run = self._finished(nightly) or self._fresh(nightly, retrain)
        self._follow(nightly, run["dag_run_id"])
        if retrain:
            for key in self.airflow.requested(nightly, run["dag_run_id"]):
                self._retrain(retrain, key)

    def _finished(self, dag: str) -> dict[str, Any] | None:
        return next((run for run in self.airflow.runs(dag) if run["state"] == "success"), None)

    def _fresh(self, nightly: str, retrain: str | None) -> dict[str, Any]:
        """The night that Airflow starts by itself as soon as it may; or, when it does not, one started by hand."""
        self.started = True
        # the listener first: a request that it sleeps through is never answered
        for dag in filter(None, (retrain, nightly)):
            self.airflow.unpause(dag)
        for _ in self._until(self.starting):
            if runs := self.airflow.runs(nightly, limit=1):
                return self._revived(nightly, runs[0])
        return self.airflow.trigger(nightly, "the first night, started by make up")

    def _retrain(self, dag: str, key: str) -> None:
        for _ in self._until(self.starting if self.started else 0):
            runs = self.airflow.runs(dag)
            if run := next((run for run in runs if run["partition_key"] == key), None):
                # later failures are news for the mails; one that keeps the first model away is ours
                if not any(run["state"] == "success" for run in runs):
                    self._follow(dag, self._revived(dag, run)["dag_run_id"])
                elif run["state"] != "failed":
                    self._follow(dag, run["dag_run_id"])
                return
        if self.started:
            raise StackError(f"the night of {key} asked for a retrain, but Airflow started no run of {dag}")

    def _revived(self, dag: str, run: dict[str, Any]) -> dict[str, Any]:
        if run["state"] == "failed":
            self.progress(f"{dag} {_key(run)} failed before: trying again")
            self.airflow.clear_failed(dag, run["dag_run_id"])
        return run

    def _follow(self, dag: str, run: str) -> None:
        for _ in self._until(self.running):
            state = self.airflow.run(dag, run)["state"]
            tasks = self.airflow.tasks(dag, run)
            for task in sorted(tasks, key=lambda task: task["end_date"] or ""):
                self._tell(task)
            if state in ("success", "failed"):
                return self._judge(dag, run, state, tasks)
            if any(task["state"] == _WAITING for task in tasks):
                return self.progress(f"{dag} waits for a person: answer on the page of its task approve in Airflow")
            self.started = True
        raise StackError(f"{dag} {run} is still running after {self.running:g} s; see its page in Airflow")

    def _tell(self, task: dict[str, Any]) -> None:
        place = (task["dag_id"], task["dag_run_id"], task["task_id"], str(task["map_index"]))
        if task["state"] == "up_for_retry":
            self._tell_retry(task, (*place, str(task["try_number"])))
        if task["state"] not in _ENDED or place in self.told:
            return
        ended = Task(*place[:3], task["state"], task["duration"] or 0.0)
        self.told[place] = ended
        if self.started:
            self.progress(_line(ended))

    def _tell_retry(self, task: dict[str, Any], attempt: tuple[str, ...]) -> None:
        if attempt not in self.retried:
            self.retried.add(attempt)
            why = "".join(_tail(self.airflow.log(task))[-1:])
            self.progress(f"{task['dag_id']}: {task['task_id']} failed and will be tried again: {why}")

    def _judge(self, dag: str, run: str, state: str, tasks: list[dict[str, Any]]) -> None:
        if state == "success":
            return
        broken = next((task for task in tasks if task["state"] == "failed"), None)
        if broken is None:
            raise StackError(f"{dag} {run} failed, though none of its tasks did; see its page in Airflow")
        lines = "\n  ".join(_tail(self.airflow.log(broken)))
        raise StackError(f"task {broken['task_id']} of {dag} failed; the end of its log:\n  {lines}")

    def _until(self, seconds: float) -> Iterator[None]:
        """Once at least, then again and again with a pause, until the seconds are over."""
        end = time.monotonic() + seconds
        yield
        while time.monotonic() < end:
            time.sleep(self.pause)
            yield


def _line(task: Task) -> str:
    what = f"{task.seconds:.1f} s" if task.state == "success" else task.state.replace("_", " ")
    return f"{task.dag}: {task.name} {what}"


def _key(run: dict[str, Any]) -> str:
    return str(run["partition_key"] or run["dag_run_id"])


def _tail(lines: list[Any]) -> list[str]:
    return [text for line in lines for text in _texts(line)][-TAIL:]


def _texts(line: Any) -> Iterator[str]:
    """A log line as text, and the exceptions that it carries, the first cause first."""
    if not isinstance(line, dict):
        yield str(line)
        return
    if not str(line["event"]).startswith("::"):
        yield str(line["event"])
    for error in line.get("error_detail") or ():
        yield f"{error['exc_type']}: {error['exc_value']}"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it says nothing"
