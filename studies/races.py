"""Eight processes that promote and roll back at once: is there ever another Production than one, is a row ever lost?

``python -m studies.races 100`` runs a hundred rounds on a SQLite ledger; with NIGHTSHIFT_RACES_LEDGER and
NIGHTSHIFT_RACES_MLFLOW (database URLs, both empty) on Postgres. In each round every process tries to promote a version
of its own against the champion that it sees, and the odd ones then roll back. Every move that one of them was told to
have made must be in the book once, and after each round ledger, stages and aliases must agree.

Ends with one JSON line: ``rounds``, ``processes``, ``promoted``, ``conflicts``, ``rollbacks``, ``rows``, ``lost``,
``two_productions`` (looks at the registry, taken all the while, that saw more than one), ``disagreements``,
``chain_broken`` and ``seconds``.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

PROCESSES = 8
DAY = date(2013, 6, 1)
YAML = """
name: tiny
source: {kind: files, path: none/*.parquet, event_time: at, key: [a]}
contract: {columns: {a: {type: int}, at: {type: datetime}, y: {type: int}}}
drift: {kind: evidently, columns: {a: {method: wasserstein, threshold: 1}}}
retrain: {every: 1d}
model: {label: y, features: [a]}
gates: []
"""


def place(folder: Path) -> Any:
    """The workspace of all processes."""
    from dataclasses import replace

    from ml.ledger import Ledger
    from ml.registry import Registry
    from ml.workspace import Workspace

    apart = Workspace.apart(folder / "apart", folder / "config")
    ledger, mlflow = os.environ.get("NIGHTSHIFT_RACES_LEDGER"), os.environ.get("NIGHTSHIFT_RACES_MLFLOW")
    if ledger:
        apart = replace(apart, ledger=Ledger.open(ledger))
        apart.ledger.migrate()
    return replace(apart, registry=Registry(mlflow, folder / "artifacts")) if mlflow else apart


def prepared(folder: Path) -> tuple[Any, str, str]:
    """A workspace with one model that every version points to: its run and its address."""
    import pandas
    from sklearn.dummy import DummyClassifier

    pipelines = folder / "config" / "pipelines"
    pipelines.mkdir(parents=True)
    (pipelines / "tiny.yaml").write_text(YAML)
    workspace = place(folder)
    frame = pandas.DataFrame({"a": [0.0, 1.0]})
    run_id = workspace.registry.training_run("tiny", "key", {}, {})
    estimator = DummyClassifier().fit(frame, [0, 1])
    return workspace, run_id, workspace.registry.save_model(run_id, "model", estimator, frame, "tiny")


def race(folder: Path, run_id: str, uri: str, own: int) -> None:
    """Be one of the processes: at each line of input, act once, and say what was done."""
    from ml import stages
    from ml.errors import PromotionConflict
    from ml.records import Candidate, Snapshot, Verdict

    workspace = place(folder)
    run, registry = workspace.run("tiny", DAY), workspace.registry
    registry.production("tiny")
    print("ready", flush=True)
    for round_ in sys.stdin:
        digest = f"{int(round_) * 100 + own:064x}"
        snapshot = Snapshot(pipeline="tiny", day=DAY, first=DAY, last=DAY, rows=1, uri="u", fingerprint=digest)
        tags = {"nightshift.snapshot": snapshot.model_dump_json(), "nightshift.fitted_to": str(DAY)}
        with registry._asking() as client:
            source = registry._source(client, uri)
            made = client.create_model_version("tiny", source, run_id, tags={**tags, "nightshift.model_uri": uri})
        version = int(made.version)
        candidate = Candidate(
            pipeline="tiny", day=DAY, snapshot=snapshot, run_id=run_id, model_uri=uri, fitted_to=DAY, recipe="r"
        ).model_copy(update={"version": version})
        served = registry.production("tiny")
        verdict = Verdict(
            pipeline="tiny", day=DAY, run_id=run_id, passed=True, champion_version=served.version if served else None
        )
        done: list[Any] = []
        try:
            done.append(["promotion", stages.promote(run, candidate, verdict).version])
        except PromotionConflict:
            done.append(["conflict", version])
        if own % 2:
            try:
                back = stages.roll_back(run, None, f"round {round_.strip()} by {own}", f"process {own}")
                if back.why == f"round {round_.strip()} by {own}":
                    done.append(["rollback", back.version])
            except PromotionConflict:
                done.append(["refused", 0])
        print(json.dumps(done), flush=True)


def main(rounds: int) -> None:
    """Race, and say what came of it."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace, run_id, uri = prepared(folder)
        with workspace.registry._asking() as client:
            workspace.registry._registered_model(client, "tiny")
        command = [sys.executable, "-m", "studies.races", "--process", name, run_id, uri]
        racers = [
            subprocess.Popen([*command, str(n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for n in range(PROCESSES)
        ]
        told = [racer.stdout.readline().strip() for racer in racers if racer.stdout]
        assert told == ["ready"] * PROCESSES, told
        print(json.dumps(result(workspace, racers, rounds) | {"seconds": round(time.monotonic() - began, 1)}))


def result(workspace: Any, racers: "list[subprocess.Popen[str]]", rounds: int) -> dict[str, Any]:
    """The figures of all rounds."""
    from ml import outside

    counts = dict.fromkeys(("promotion", "conflict", "rollback", "refused"), 0)
    moves: list[list[Any]] = []
    looks = two = disagreements = 0
    for number in range(rounds):
        for racer in racers:
            assert racer.stdin
            print(number, file=racer.stdin, flush=True)
        for racer in racers:
            serving = workspace.registry.standing("tiny").serving
            looks, two = looks + 1, two + (len(serving) > 1)
            assert racer.stdout
            for kind, version in json.loads(racer.stdout.readline()):
                counts[kind] += 1
                moves += [[kind, version]] if kind in ("promotion", "rollback") else []
        book = workspace.ledger.promotions("tiny")
        disagreements += outside.difference(book, workspace.registry.standing("tiny")) is not None
    for racer in racers:
        racer.communicate()
    book = [[row.kind, row.version] for row in workspace.ledger.promotions("tiny")]
    return {
        "rounds": rounds,
        "processes": PROCESSES,
        "promoted": counts["promotion"],
        "conflicts": counts["conflict"],
        "rollbacks": counts["rollback"],
        "rows": len(book),
        "lost": len(moves) - sum(move in book for move in moves) + abs(len(moves) - len(book)),
        "looks": looks,
        "two_productions": two,
        "disagreements": disagreements,
        "chain_broken": len(workspace.ledger.broken("promotions")),
    }


if __name__ == "__main__":
    if sys.argv[1] == "--process":
        race(Path(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]))
    else:
        main(int(sys.argv[1]))
