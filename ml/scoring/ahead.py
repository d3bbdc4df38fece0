"""The rows of the coming day: read as they are known now, held against the rules that fit, kept in the lake."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ml import intake
from ml.contract import Contract
from ml.days import Span, night_of
from ml.errors import ContractViolation, NoData
from ml.frames import together
from ml.records import Ahead

if TYPE_CHECKING:
    import polars as pl

    from ml.config import PipelineConfig
    from ml.score_plan import ScorePlan
    from ml.workspace import Run


def look(run: Run, plan: ScorePlan) -> Ahead:
    """The rows of the day after the run's day, as they are known when they are scored.

    Raises
    ------
    NoData
        It is not that late yet, or no row is still to come.
    ContractViolation
        A rule of the whole day is broken.
    """
    coming, as_of = run.day + timedelta(days=1), moment(run, plan)
    rows, passed = _still_to_come(run, together(_read(run, plan, coming, as_of)), as_of)
    if rows.is_empty():
        raise NoData(f"{run}: the {plan.source.kind} source of `score` gave 0 rows of {coming} that are still to come")
    checked = contract(run.pipeline, plan).check(_unknown(rows, plan), coming, run.pipeline.source.event_time)
    if stops := [violation.sentence for violation in checked.violations if violation.stops]:
        raise ContractViolation(f"{run}: {coming} is not scored: {'; '.join(stops)}", stops)
    lake, key = run.workspace.lake, run.pipeline.source.key
    stored = lake.put_frame(checked.accepted, run.name, "ahead", by=key)
    refused = lake.put_frame(checked.refused, run.name, "ahead") if checked.refused.height else None
    return Ahead(
        pipeline=run.name,
        day=run.day,
        ahead=coming,
        as_of=as_of,
        rows=stored.rows,
        refused=checked.refused.height,
        passed=passed,
        violations=checked.violations,
        uri=stored.uri,
        fingerprint=stored.fingerprint,
        refused_uri=refused.uri if refused else None,
    )


def moment(run: Run, plan: ScorePlan) -> datetime:
    """When the coming day is scored, in the pipeline's timezone.

    Raises
    ------
    NoData
        That is still to come.
    """
    schedule = run.pipeline.schedule
    at = night_of(run.day, plan.starts(schedule.at), schedule.timezone)
    if at > datetime.now(at.tzinfo):
        raise NoData(f"{run}: the day after it is scored at {at:%Y-%m-%d %H:%M %Z}, which is still to come")
    return at


def contract(pipeline: PipelineConfig, plan: ScorePlan) -> Contract:
    """What can be asked of rows whose outcome is still to come.

    All rules of rows hold, and of the day its columns, their types, nulls, joins, the fewest rows and the share of
    refused ones. The label is not there; ``leak``, ``history`` and ``freshness`` are about days that are over.
    """
    columns = {
        name: rule.model_copy(update={"nullable": True, "nulls": 1.0, "required": False})
        if name in plan.unknown
        else rule
        for name, rule in pipeline.contract.columns.items()
        if name != pipeline.model.label
    }
    kept = {name: getattr(pipeline.contract, name) for name in Contract.model_fields}
    return Contract(**kept | {"columns": columns, "leak": None, "history": None, "freshness": None})


def _read(run: Run, plan: ScorePlan, coming: date, as_of: datetime) -> list[pl.DataFrame]:
    return [rows for _, rows in intake.read_days(run, plan.source, Span(coming, coming), as_of)]


def _still_to_come(run: Run, rows: pl.DataFrame, as_of: datetime) -> tuple[pl.DataFrame, int]:
    """The rows whose event time is later than ``as_of``, without the label; and how many are not."""
    import polars as pl

    label, event_time = run.pipeline.model.label, run.pipeline.source.event_time
    if rows.is_empty():
        return rows, 0
    later = rows.filter(pl.col(event_time).cast(pl.Datetime("us")) > as_of.replace(tzinfo=None))
    return later.drop(label, strict=False), rows.height - later.height


def _unknown(rows: pl.DataFrame, plan: ScorePlan) -> pl.DataFrame:
    import polars as pl

    named = [name for name in plan.unknown if name in rows.columns]
    return rows.with_columns(pl.lit(None, dtype=rows.schema[name]).alias(name) for name in named)
