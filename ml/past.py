"""What the ledger knows of a pipeline's past nights that tonight's decision rests on."""

from datetime import UTC, date, datetime, timedelta

from ml.config import find_pipeline
from ml.days import Span, newest_day, night_of
from ml.policy import Facts
from ml.records import Batch, Diagnosis, DriftReport, Evaluation, Matured, Performance, Promotion, from_json
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
        new_labels=labels_since(run, last) if run.pipeline.retrain.new_labels else 0,
        realised=matured.realised if matured else None,
        expected=expected(run, matured.realised) if matured else None,
        last_drop=last_drop(run),
        tried=tried(run, promoted.version if promoted else None),
    )


def champion(run: Run) -> Promotion | None:
    """What put the version into Production that serves when the run's night begins; None before the first."""
    earlier = (p for p in run.workspace.ledger.promotions(run.name) if p.day < run.day)
    return next(iter(list(earlier)[-1:]), None)


def tried(run: Run, champion_version: int | None) -> int | None:
    """The version of an earlier night that saw traffic when the run's night began; None when none did.

    A tryout beside another champion is void, whether somebody has noticed or not.
    """
    schedule, ledger = run.pipeline.schedule, run.workspace.ledger
    begins = night_of(run.day, schedule.at, schedule.timezone)
    earlier = [t for t in ledger.tryouts(run.name) if t.day < run.day and t.champion_version == champion_version]
    for tryout in reversed(earlier):
        verdict = ledger.tryout_verdict(run.name, tryout.version)
        if begins < tryout.deadline if verdict is None else tryout.at <= begins < verdict.at:
            return tryout.version
    return None


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


def labels_since(run: Run, last: date | None) -> int:
    """Labels of accepted days that were not due yet at the retrain of ``last``; without one, of the whole history."""
    delay = timedelta(days=run.pipeline.source.label_delay)
    first = last + timedelta(days=1) if last else run.day - timedelta(days=run.pipeline.source.history - 1)
    days = Span(first - delay, run.day - delay)
    batches = run.workspace.ledger.batches(run.name, days, state="accepted") if days.days > 0 else []
    label = run.pipeline.model.label
    return sum(run.workspace.lake.read([b.uri], [label])[label].count() for b in batches)


def last_drop(run: Run) -> date | None:
    """The newest earlier data day on which a fall of performance asked for a retrain."""
    decided = (row.decision for row in run.workspace.ledger.decisions(run.name, before=run.day))
    return max((d.day for d in decided if d.retrain and "performance" in d.kinds), default=None)


def expected(run: Run, realised: Performance | None) -> float | None:
    """What the evaluation of a version said of the metric that counts; None when no night evaluated it."""
    if realised is None:
        return None
    made = next((p for p in run.workspace.ledger.promotions(run.name) if p.version == realised.version), None)
    found = next((e for e in evaluations(run) if made is not None and e.run_id == made.run_id), None)
    score = found.score("challenger") if found else None
    return score.metrics.get(realised.metric) if score else None


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
