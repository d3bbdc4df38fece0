"""A tryout of version 2 of ``tiny`` against version 1, and days on which both were asked."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ml.days import Span
from ml.predictions.entries import Entries
from ml.records import Batch, Tryout
from tests.judged import judged

DAY = date(2013, 6, 5)
BEGAN = datetime(2013, 6, 6, 3, tzinfo=UTC)


def tryout(**changes):
    words = {
        "pipeline": "tiny",
        "day": DAY,
        "run_id": "r",
        "version": 2,
        "champion_version": 1,
        "kind": "canary",
        "share": 0.1,
        "metric": "log_loss",
        "alpha": 0.05,
        "undecided": "pass",
        "deadline": BEGAN + timedelta(days=8),
        "at": BEGAN,
    }
    return Tryout.model_validate(words | changes)


def evaluation(champion=1):
    return judged(DAY, champion_version=champion)


@pytest.fixture
def trying(tiny, workspace):
    """The run of a pipeline whose candidates are canaries; words change how."""

    def of(words="canary"):
        path = tiny / "pipelines" / "tiny.yaml"
        text = path.read_text().replace("every: 1d", "every: 30d")
        path.write_text(text + f"serving: {{candidate: {words}}}\n")
        return workspace.run("tiny", DAY)

    return of


@pytest.fixture
def asked():
    """Has both versions asked on some days, version 2 off by ``worse`` in its probabilities; labels come at once."""

    def of(run, days=7, worse=0.0, rows=50, labelled=True, at=BEGAN + timedelta(hours=1)):
        import numpy
        import polars

        rng, entries, ledger = numpy.random.default_rng(0), Entries(run.pipeline), run.workspace.ledger
        for day in Span.ending(DAY + timedelta(days=days), days):
            risk = rng.uniform(0.2, 0.8, rows)
            late = (rng.random(rows) < risk).astype("int64")
            moments = [datetime(day.year, day.month, day.day, 6)] * rows
            parcels = [{"parcel": day.toordinal() * 1000 + n, "at": moments[n]} for n in range(rows)]
            frame = polars.DataFrame(parcels).with_columns(
                polars.Series("late", late if labelled else [None] * rows, dtype=polars.Int64)
            )
            stored = run.workspace.lake.put_frame(frame, "tiny", "days")
            ledger.record_batches(
                [
                    Batch(
                        pipeline="tiny",
                        day=day,
                        rows=rows,
                        uri=stored.uri,
                        fingerprint=stored.fingerprint,
                        state="accepted",
                    )
                ]
            )
            said = numpy.clip(numpy.where(late == 1, risk - worse, risk + worse), 0.01, 0.99)
            made = entries.of(parcels, risk, 1, "production", "shop", at)
            made += entries.of(parcels, said, 2, "shadow", "shop", at)
            ledger.record_predictions(made)

    return of
