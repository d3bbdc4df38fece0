"""``tiny`` with a version in Production, but without a night: what rooms need that only ask a version."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests import tiny

SCORE = """
score:
  source:
    kind: files
    path: {data}/*.parquet
    event_time: at
    key: [parcel]
  at: "03:00"
"""


def write(directory: Path, more: str = "", score: str = SCORE) -> Path:
    """The config of ``tiny`` with a section ``score`` and ``more``; gives the config folder."""
    config = tiny.write(directory)
    data = directory / "data"
    (config / "pipelines" / "tiny.yaml").write_text(tiny.YAML.format(data=data) + score.format(data=data) + more)
    return config


def serve(workspace: Any, version: int = 1, day: date = date(2013, 6, 1), fitted_to: date = date(2013, 5, 20)) -> None:
    """Fit a small model on the rows up to ``fitted_to`` and put it into Production as this version."""
    import polars as pl

    from ml import stages, training
    from ml.pipelines import default
    from ml.records import Verdict
    from ml.snapshots import plain

    run = workspace.run("tiny", day)
    data = workspace.pipelines.parent.parent / "data"
    days = [tiny.FIRST + timedelta(days=n) for n in range((fitted_to - tiny.FIRST).days + 1)]
    rows = plain(pl.concat([pl.read_parquet(data / f"{each}.parquet") for each in days]))
    trees, default.TREES = default.TREES, 20
    fitted = training.fit(run.pipeline.model, rows)
    default.TREES = trees
    example = training.example(run.pipeline.model, rows)
    run_id = workspace.registry.training_run("tiny", f"key {version}", {}, {})
    candidate = registered(workspace.registry, run_id, version, fitted, example, day, days[0], fitted_to)
    verdict = Verdict(pipeline="tiny", day=day, run_id=run_id, passed=True, champion_version=version - 1 or None)
    stages.promote(run, candidate, verdict)


def registered(
    registry: Any, run_id: str, version: int, fitted: Any, example: Any, day: date, first: date, fitted_to: date
) -> Any:
    """Save a fitted model of ``tiny`` and register it as this version, with what a night says of one that it made."""
    from ml.records import Candidate, Snapshot

    digest = f"{version:064x}"
    snapshot = Snapshot(pipeline="tiny", day=day, first=first, last=fitted_to, rows=60, uri="u", fingerprint=digest)
    tags = {
        "nightshift.snapshot": snapshot.model_dump_json(),
        "nightshift.snapshot_sha256": digest,
        "nightshift.fitted_to": str(fitted_to),
        "nightshift.recipe": "recipe",
    }
    uri = registry.save_model(run_id, f"m{version}", fitted, example, "tiny")
    assert registry.register("tiny", run_id, uri, tags) == version
    return Candidate(
        pipeline="tiny",
        day=day,
        snapshot=snapshot,
        run_id=run_id,
        model_uri=uri,
        fitted_to=fitted_to,
        recipe="recipe",
        version=version,
    )
