"""What the ledger knows of a pipeline's past nights that tonight's decision rests on."""

from datetime import UTC, date, datetime, timedelta

from ml.config import find_pipeline
from ml.days import Span, newest_day
from ml.policy import Facts
from ml.records import Batch, Diagnosis, DriftReport, Evaluation, Matured, Promotion, from_json
from ml.workspace import Run, Workspace


def facts(
    run: Run,
    batch: Batch,
    report: DriftReport | None,
    diagnosis: Diagnosis | None = None,
    matured: Matured | None = None,
) -> Facts:
    """Everything the retrain policy looks at. Only days before the run's day count, so a rerun sees the same."""
    promoted = champion(run)
    last = last_retrain(run)
    return Facts(
        pipeline=run.name,
        day=run.day,
        batch_state=batch.state,
        quarantine_note=batch.stopped_by if batch.stops else None,
        report=report,
        diagnosis=diagnosis,
        recent_window=run.pipeline.diagnosis.recent_window,
        champion_version=promoted.version if promoted else None,
        last_retrain=last,
        new_rows=rows_since(run, last),
    )


def champion(run: Run) -> Promotion | None:
    """What put the version into Production that serves when the run's night begins; None before the first."""
    earlier = (p for p in run.workspace.ledger.promotions(run.name) if p.day < run.day)
    return next(iter(list(earlier)[-1:]), None)


def last_retrain(run: Run) -> date | None:
    """The newest earlier data day that was decided to retrain and whose challenger reached the gates."""
    ledger = run.workspace.ledger
    judged = {row.day for row in ledger.step_rows(run.name) if row.step == "gate" and row.outcome == "done"}
    decided = (row.decision for row in ledger.decisions(run.name, before=run.day))
    return max((d.day for d in decided if d.retrain and not d.dry_run and d.day in judged), default=None)


def rows_since(run: Run, last: date | None) -> int:
    """Accepted rows of the days after ``last`` up to the run's day; of the whole history when ``last`` is None."""
    first = last + timedelta(days=1) if last else run.day - timedelta(days=run.pipeline.source.history - 1)
    return sum(b.rows for b in run.workspace.ledger.batches(run.name, Span(first, run.day), state="accepted"))


def evaluations(run: Run) -> list[Evaluation]:
    """What the nights before the run's day found of their challengers, oldest first."""
    found = run.workspace.ledger.outputs(run.name, "evaluate")
    records = (from_json(output) for day, output in sorted(found.items()) if day < run.day)
    return [record for record in records if isinstance(record, Evaluation)]


def newest_run(place: Workspace, pipeline: str) -> Run:
    """The run of the newest night that decided or promoted something; before the first, of the newest whole day.

    What a person does to Production belongs to that night: those after it see it, and its own repetition does not.
    """
    found = find_pipeline(place.pipelines, pipeline)
    days = [row.decision.day for row in place.ledger.decisions(pipeline)]
    days += [promotion.day for promotion in place.ledger.promotions(pipeline)]
    schedule = found.schedule
    return Run(found, max(days, default=newest_day(schedule.at, schedule.timezone, datetime.now(UTC))), place)
