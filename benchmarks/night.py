"""What Airflow costs: the same retrain line, walked in one process and through Airflow, in turn.

    python -m benchmarks.night [rounds]

It needs a running stack whose first night is over (`make up`). Every walk trains on a window of its own, so that none
finds its work done: it freezes a snapshot, fits, judges, and when the gates let it through refits, registers and
promotes. A round counts when both its walks ended alike; ``promoted`` says how many of the counted rounds went all the
way. One process means a fresh
`python`, from its start to its end. Through Airflow means from the click on *Trigger* to the end of the run.

The shares are those of the walk through Airflow: ``work`` and ``mlflow`` inside the steps, as the walk in one process
splits them; ``start`` is what a task adds around its step (a fork, the workspace, Airflow's own calls); the rest is
``scheduling``. ``imports`` is the share of the walk in one process that goes into importing libraries.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from ml import local
from stack import keys
from stack.airflow import Airflow
from stack.home import Home

PIPELINE = "flight_delays"
WINDOW, WINDOWS = 338, 18
Json = dict[str, Any]


def main() -> None:
    """Compare, print each round, and end with one line of figures."""
    if sys.argv[1:2] == ["--walk"]:
        return walk(int(sys.argv[2]), date.fromisoformat(sys.argv[3]))
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    local.use_stack()
    home = Home.from_env()
    with Airflow(home.address("airflow"), "admin", keys.load(home.secrets).admin_password) as airflow:
        pairs = list(compared(airflow, newest_day(), rounds))
    print(json.dumps(figures(pairs)))
    return None


def compared(airflow: Airflow, day: date, rounds: int) -> Iterator[tuple[Json, Json]]:
    """Rounds whose two walks ended alike, until there are enough of them or no windows are left."""
    counted, window = 0, WINDOW
    while counted < rounds and window < WINDOW + WINDOWS:
        alone, through = in_process(window, day), through_airflow(airflow, window + 1, day)
        alike = alone["promoted"] == through["promoted"]
        ends = " and ".join("promoted" if walk["promoted"] else "refused" for walk in (alone, through))
        ratio = through["seconds"] / alone["seconds"]
        print(f"process {alone['seconds']:.1f} s, Airflow {through['seconds']:.1f} s, {ratio:.2f}, {ends}", flush=True)
        counted, window = counted + alike, window + 2
        if alike:
            yield alone, through


def figures(pairs: list[tuple[Json, Json]]) -> Json:
    """Medians over the rounds; the ratio is the median of the rounds' ratios."""
    median = statistics.median
    total = median(t["seconds"] for _, t in pairs)
    steps, tasks = median(t["steps"] for _, t in pairs), median(t["tasks"] for _, t in pairs)
    mlflow = median(a["mlflow"] / a["steps"] for a, _ in pairs)
    return {
        "airflow_over_process": round(median(t["seconds"] / a["seconds"] for a, t in pairs), 3),
        "process_seconds": round(median(a["seconds"] for a, _ in pairs), 2),
        "airflow_seconds": round(total, 2),
        "scheduling": round((total - tasks) / total, 3),
        "start": round((tasks - steps) / total, 3),
        "mlflow": round(steps * mlflow / total, 3),
        "work": round(steps * (1 - mlflow) / total, 3),
        "imports": round(median(a["imports"] / a["seconds"] for a, _ in pairs), 3),
        "rounds": len(pairs),
        "promoted": sum(a["promoted"] for a, _ in pairs),
    }


def newest_day() -> date:
    """The data day whose night is done again."""
    from ml.workspace import Workspace

    return Workspace.from_env().ledger.batches(PIPELINE, state="accepted")[-1].day


def in_process(window: int, day: date) -> Json:
    """One walk in a fresh process, from its start to its end."""
    began = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.night", "--walk", str(window), str(day)]
    told = subprocess.run(
        command, check=True, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    return {"seconds": time.monotonic() - began, **json.loads(told.stdout.splitlines()[-1])}


def walk(window: int, day: date) -> None:
    """Be that process: walk the line, and say what its steps, MLflow and imports took."""
    began = time.monotonic()
    import mlflow.sklearn  # noqa: F401  what the steps would import one by one
    import pandas  # noqa: F401
    import polars  # noqa: F401
    import sklearn.ensemble  # noqa: F401
    import skops.io  # noqa: F401

    from ml import lines, steps
    from ml.registry import Registry
    from ml.walker import InProcess
    from ml.workspace import Workspace

    imports = time.monotonic() - began
    mlflow_seconds = timed(Registry)
    spent: list[float] = []
    run = Workspace.from_env().run(PIPELINE, day)
    do = InProcess(run, told=lambda name, record, seconds: spent.append(seconds))
    promotion = lines.retrain(do, do(steps.request, window, "benchmark", False, "benchmark"))
    told = {"imports": imports, "steps": sum(spent), "mlflow": sum(mlflow_seconds), "promoted": promotion is not None}
    print(json.dumps(told))


def timed(registry: type) -> list[float]:
    """Let every conversation with MLflow add its seconds to the list that this gives; nested ones count once."""
    spent: list[float] = []
    asking, depth = registry._asking, [0]

    @contextmanager
    def measured(self: Any) -> Any:
        began, depth[0] = time.monotonic(), depth[0] + 1
        try:
            with asking(self) as client:
                yield client
        finally:
            depth[0] -= 1
            if not depth[0]:
                spent.append(time.monotonic() - began)

    registry._asking = measured
    return spent


def through_airflow(airflow: Airflow, window: int, day: date) -> Json:
    """One walk through Airflow, from the click to the end of its run."""
    dag, began = f"{PIPELINE}_retrain", time.monotonic()
    form = {"data_day": str(day), "window": window, "reason": "benchmark", "dry_run": False}
    run = airflow.trigger(dag, "benchmark", form)["dag_run_id"]
    while (state := airflow.run(dag, run)["state"]) not in ("success", "failed"):
        time.sleep(0.2)
    if state != "success":
        raise SystemExit(f"the run {run} of {dag} failed")
    seconds = time.monotonic() - began
    tasks = airflow.tasks(dag, run)
    promoted = any(task["task_id"] == "promote" and task["state"] == "success" for task in tasks)
    spent = sum(task["duration"] or 0 for task in tasks)
    return {"seconds": seconds, "tasks": spent, "steps": step_seconds(run), "promoted": promoted}


def step_seconds(run: str) -> float:
    """What the ledger says that the steps of an Airflow run took."""
    from ml.workspace import Workspace

    rows = Workspace.from_env().ledger.step_rows(PIPELINE)
    return sum(row.seconds or 0.0 for row in rows if row.external.get("run_id") == run)


if __name__ == "__main__":
    main()
