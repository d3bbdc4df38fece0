"""How versions really did: by day, by span of days and by slice, with intervals; or why that cannot be said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from ml.estimate import Estimate, blocks, mean, without_each
from ml.metrics import METRICS, ROW_LOSSES, compute
from ml.records import CAME, SAID, Outcomes, Performance, Scorer
from ml.truth.joining import KNOWN, SLICE

if TYPE_CHECKING:
    import numpy
    import polars as pl

    from ml.workspace import Run

    Array = numpy.ndarray[Any, Any]

FEWEST_ROWS = 30
LOOK_BACK = 4
LEVEL = 0.95


def role(run: Run) -> Scorer:
    """By which predictions Production is judged: the batch's, which has every row once, or what callers asked."""
    return "batch" if run.pipeline.score else "production"


def of_day(run: Run, outcomes: Outcomes, due: int) -> Iterator[Performance]:
    """How each version and role did on a data day, and on each slice of it that has rows enough.

    A row that was asked about again counts once, with what was said of it last. Before its labels are due a day's
    performance is unknown, and so is that of fewer than FEWEST_ROWS labelled rows. The interval of a single day is from
    its hours: it is about that day, and says nothing of others.
    """
    rows = last_word(run.workspace.lake.read([outcomes.uri]))
    waits = (run.day - outcomes.day).days < due
    why = f"its labels are due on {outcomes.day + timedelta(days=due)}" if waits else ""
    for (version, role), part in _groups(rows):
        yield _whole(run, outcomes.day, outcomes.day, version, role, part, why)
        if not why:
            yield from _slices(run, outcomes.day, outcomes.day, version, role, part)


def of_span(run: Run, found: Sequence[Outcomes], version: int, role: Scorer, due: int, days: int) -> Performance | None:
    """How a version did on the newest ``days`` data days that it predicted and whose labels are due; None before any.

    It looks LOOK_BACK times as far back, and at no day whose rows retention took away.

    The interval is from whole days: rows of one day share its weather.
    """
    oldest = run.day - timedelta(days=due + LOOK_BACK * days)
    ripe = [each for each in found if oldest < each.day <= run.day - timedelta(days=due) and each.known]
    parts = list(islice(_of_version(run, reversed(ripe), version, role), days))
    if not parts:
        return None
    rows, first, last = _together([part for _, part in parts]), parts[-1][0], parts[0][0]
    return _whole(run, first, last, version, role, rows, "")


def _of_version(run: Run, found: Iterable[Outcomes], version: int, role: Scorer) -> Iterator[tuple[date, pl.DataFrame]]:
    import polars as pl

    for each in found:
        if run.workspace.ledger.removal(each.uri) is not None:
            continue
        rows = last_word(run.workspace.lake.read([each.uri]))
        part = rows.filter((pl.col("version") == version) & (pl.col("role") == role))
        if not part.is_empty():
            yield each.day, part.with_columns(of_day=pl.lit(each.day))


def last_word(rows: pl.DataFrame) -> pl.DataFrame:
    """Of each row, version and role the prediction that was made last."""
    return rows.sort("at", "prediction").unique(["version", "role", "key"], keep="last", maintain_order=True)


def _groups(rows: pl.DataFrame) -> Iterator[tuple[tuple[int, Scorer], pl.DataFrame]]:
    for names, part in sorted(rows.group_by(["version", "role"]), key=lambda each: each[0]):
        version, role = names
        yield (int(version), role), part


def _slices(run: Run, first: date, day: date, version: int, role: Scorer, rows: pl.DataFrame) -> Iterator[Performance]:
    """Each slice that has rows enough; the others would be a page of unknowns."""
    for column in (name for name in rows.columns if name.startswith(SLICE)):
        for (value,), part in sorted(rows.drop_nulls(column).group_by([column]), key=lambda each: str(each[0][0])):
            found = _whole(run, first, day, version, role, part, "")
            if found.state == "known":
                yield found.model_copy(update={"column": column.removeprefix(SLICE), "value": str(value)})


def _whole(run: Run, first: date, day: date, version: int, role: Scorer, rows: pl.DataFrame, why: str) -> Performance:
    import polars as pl

    metric = run.pipeline.evaluation.metric
    about: dict[str, Any] = {"pipeline": run.name, "day": day, "first": first, "version": version, "role": role}
    about |= {"metric": metric, "level": LEVEL}
    labelled = rows.filter(pl.col("state") == KNOWN)
    if not why and labelled.height < FEWEST_ROWS:
        why = f"{labelled.height} rows have a label; {FEWEST_ROWS} are needed"
    if why:
        return Performance(state="unknown", why=why, rows=labelled.height, **about)
    y, said = labelled["label"].to_numpy(), labelled["probability"].to_numpy()
    found = compute(METRICS[metric].task, y, said)
    if metric not in found:
        return Performance(state="unknown", why=f"{metric} is not defined on these rows", rows=labelled.height, **about)
    place = _blocks(labelled)
    estimate = _estimate(metric, y, said, place)
    return Performance(
        state="known",
        rows=labelled.height,
        metrics=found | {SAID: float(said.mean()), CAME: float(y.mean())},
        interval=METRICS[metric].possible(estimate.interval(LEVEL)),
        blocks=estimate.blocks,
        **about,
    )


def _blocks(rows: pl.DataFrame) -> Array:
    """The block of each row: its day or week; within a single day the hour of its event."""
    import numpy
    import polars as pl

    if "of_day" in rows.columns:
        return blocks(rows["of_day"].to_numpy())
    hours = rows.select(pl.col("event_time").dt.hour().fill_null(-1)).to_series().to_numpy()
    return numpy.unique(hours, return_inverse=True)[1]


def _estimate(metric: str, y: Array, said: Array, place: Array) -> Estimate:
    """The metric with its error from whole blocks."""
    if metric in ROW_LOSSES:
        return mean(ROW_LOSSES[metric](y, said), place)
    task = METRICS[metric].task
    return without_each(lambda kept: compute(task, y[kept], said[kept]).get(metric, float("nan")), place)


def _together(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    import polars as pl

    return pl.concat(parts, how="diagonal")
