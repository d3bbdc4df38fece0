"""The newest labelled days of a snapshot, held out to judge a challenger that has not seen them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ml import materialised, snapshots
from ml.days import Span
from ml.errors import NoData, TrainingError
from ml.features import Definitions
from ml.records import Candidate, Snapshot
from ml.workspace import Run

if TYPE_CHECKING:
    import pandas as pd

    from ml.evaluation import Champion

SHORTER = 0.9


@dataclass(frozen=True)
class Split:
    """The labelled rows of a snapshot: ``older`` to fit on, ``newest`` to judge on, and the days of ``newest``."""

    older: "pd.DataFrame"
    newest: "pd.DataFrame"
    days: Span


def split(run: Run, snapshot: Snapshot) -> Split:
    """The snapshot, cut before its newest ``evaluation.holdout`` days; rows without a label are left out.

    Raises
    ------
    NoData
        One of the two parts would be empty.
    """
    days = Span.ending(snapshot.last, run.pipeline.evaluation.holdout)
    rows = labelled(run, snapshot)
    old = rows[run.pipeline.source.event_time] < _midnight(days.first)
    parts = Split(rows[old], rows[~old], days)
    if parts.older.empty or parts.newest.empty:
        raise NoData(
            f"{run}: the snapshot of {snapshot.first} to {snapshot.last} has {len(parts.older)} labelled rows before "
            f"the hold-out of {days} and {len(parts.newest)} in it; both need some"
        )
    return parts


def labelled(run: Run, snapshot: Snapshot, before: date | None = None) -> "pd.DataFrame":
    """The rows of a snapshot that have a label, oldest first; only those of days before ``before`` if it is given."""
    rows = snapshots.read(run.workspace.lake, snapshot)
    rows = rows[rows[run.pipeline.model.label].notna()]
    if before is not None:
        rows = rows[rows[run.pipeline.source.event_time] < _midnight(before)]
    return rows


def champion(run: Run, first: date, snapshot: Snapshot | None = None) -> "Champion | None":
    """The version in Production, ready to be judged on the days from ``first`` on; None when nothing serves yet.

    They are rows of ``snapshot``; without it, rows that need no aggregates of another definition.

    Raises
    ------
    TrainingError
        The version was not made by Nightshift, so nobody knows which rows it has seen.
    """
    from ml.evaluation import Champion

    served = run.workspace.registry.production(run.name)
    if served is None:
        return None
    if not {"nightshift.snapshot", "nightshift.fitted_to"} <= served.tags.keys():
        raise TrainingError(
            f"{run}: version {served.version} in Production has no tags nightshift.snapshot and nightshift.fitted_to, "
            "so it cannot be compared fairly; put a version that Nightshift made into Production"
        )
    rows = Snapshot.model_validate_json(served.tags["nightshift.snapshot"])
    past = materialised.of_model(run, served.model_uri)
    return Champion(
        version=served.version,
        estimator=run.workspace.registry.load_model(served.model_uri),
        fitted_to=date.fromisoformat(served.tags["nightshift.fitted_to"]),
        rows_before=lambda: _before(run, served.version, rows, first),
        recipe=served.tags.get("nightshift.recipe"),
        window_days=_length(rows),
        model_uri=served.model_uri,
        given=_given(run, past, snapshot) if snapshot else lambda rows: rows,
        looked_up=frozenset(past),
    )


def _before(run: Run, version: int, rows: Snapshot, first: date) -> "pd.DataFrame":
    """The labelled rows of a version's snapshot from before a hold-out.

    Raises
    ------
    TrainingError
        There is none: the night that is judged is older than the version's window.
    """
    found = labelled(run, rows, before=first)
    if found.empty:
        plan, delay = run.pipeline.evaluation.holdout, run.pipeline.source.label_delay
        raise TrainingError(
            f"the held-out days begin on {first}, and version {version} was fitted on rows of {rows.first} to "
            f"{rows.last}: none from before is left to rebuild it on. Retrain for "
            f"{rows.first + timedelta(days=plan + delay)} or a later day, or roll back first to a version that was "
            "fitted on older rows"
        )
    return found


def _given(run: Run, past: Definitions, snapshot: Snapshot) -> "Callable[[pd.DataFrame], pd.DataFrame]":
    """Gives rows of a snapshot the aggregates of another definition than its own, as they were served."""
    others = {name: a for name, a in past.items() if snapshot.features.get(name) != a.digest}

    def given(rows: "pd.DataFrame") -> "pd.DataFrame":
        import polars as pl

        joined = joining(pl.from_pandas(rows).lazy()).select(*others).collect()
        return rows.assign(**{name: joined[name].to_numpy() for name in others})

    joining = materialised.joining(run, Span(snapshot.first, snapshot.last), others)
    return given if others else lambda rows: rows


def procedure(candidate: Candidate, champion: "Champion | None") -> str:
    """The name of how a candidate came to be: its recipe, and its window where that is clearly shorter than the
    champion's. More history of the same kind, as in the first year of a pipeline, is no other procedure.
    """
    days = _length(candidate.snapshot)
    shorter = champion is not None and days < SHORTER * champion.window_days
    return f"{candidate.recipe} on {days} days" if shorter else candidate.recipe


def _length(snapshot: Snapshot) -> int:
    return (snapshot.last - snapshot.first).days + 1


def _midnight(day: date) -> "pd.Timestamp":
    import pandas as pd

    return pd.Timestamp(day)
