"""The steps of a night, in order. Each reads aloud as its docstring; each may be run twice and killed anywhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ml import (
    approvals,
    attachments,
    drift_notices,
    holds,
    intake,
    materialised,
    messages,
    notices,
    outside,
    past,
    provenance,
    quarantine,
    stages,
    witness,
)
from ml.days import Span
from ml.errors import NoData
from ml.policy import PerformanceDrop
from ml.records import (
    Ahead,
    Alert,
    Approval,
    Batch,
    Calibration,
    Candidate,
    Decision,
    Diagnosis,
    DriftReport,
    Evaluation,
    FeatureTable,
    Finding,
    Matured,
    Promotion,
    Question,
    Reason,
    RollbackRequest,
    Scored,
    Snapshot,
    Verdict,
)
from ml.workspace import Run

Step = Callable[..., Any]


def pull(run: Run) -> Batch:
    """Bring the rows of the data day into the lake, with every day before it that is missing or got its labels since.

    The first pull of a pipeline brings its whole history in one pass. Rows are read as they were known when the
    night of the data day started, so a replay of an old night finds what that night found. The tables that the rows
    were joined from are read for the same days.
    """
    night = intake.night(run)
    batches = intake.pull_days(run, intake.span_to_pull(run), night)
    run.workspace.ledger.record_batches(batches)
    pulled = next((b for b in batches if b.day == run.day), None)
    if pulled is None:
        raise NoData(f"{run}: the {run.pipeline.source.kind} source gave 0 rows for this day; the champion stays")
    return pulled


def validate(run: Run, batch: Batch) -> Batch:
    """Hold every pulled day against the contract: set aside the rows that break it, or the whole day if it must be."""
    with quarantine.alone(run):
        checked = intake.judge(run, intake.pending(run, batch))
        run.workspace.ledger.record_batches(checked)
    return next(b for b in checked if b.day == batch.day)


def mature(run: Run, batch: Batch) -> Matured:
    """Join the labels that came to what was predicted, say how well versions really did, and learn when labels come.

    What is expected of the newest day, whose labels are young, is kept. What each retrain was worth is weighed on the
    days that matured, with the version that it replaced.
    """
    from ml.truth import maturing
    from ml.worth import weighing

    found = maturing.mature(run)
    weighing.weigh(run, found.due)
    return found


def fall_back(run: Run, matured: Matured) -> Promotion | None:
    """Roll back a fresh promotion that really does worse than its floor, if the YAML has one."""
    floor = run.pipeline.stages.floor
    if floor is None:
        return None
    if floor.than == "replaced":
        from ml.worth import fresh

        sentence = fresh.worse(run, floor.by)
    else:
        sentence = PerformanceDrop(by=floor.by).sentence(matured.realised, past.expected(run, matured.realised))
    return stages.roll_back_fresh(run, sentence, floor.within) if sentence else None


def materialise(run: Run, batch: Batch) -> FeatureTable | None:
    """Make the table of what is known of the past tonight, by feature and key: models are asked with it until the next.

    The rows of a day that was set aside are no part of it.
    """
    return materialised.make(run)


def calibrate(run: Run, batch: Batch, features: FeatureTable | None = None) -> Calibration | None:
    """Give the thresholds of the drift check: those that still hold, or new ones from the accepted days before."""
    from ml.nightwatch import thresholds
    from ml.nightwatch.history import History

    if batch.state != "accepted" or not thresholds.wanted(run):
        return None
    history = History.of(run)
    return thresholds.valid(history) or thresholds.make(history)


def detect(run: Run, batch: Batch, calibration: Calibration | None) -> DriftReport | None:
    """Compare the current days with the reference days before them, column by column; never a quarantined day."""
    from ml.nightwatch import report
    from ml.nightwatch.history import History

    if batch.state != "accepted":
        return None
    found = report.tonight(History.of(run), calibration)
    run.workspace.ledger.record_drift(found)
    return found


def diagnose(run: Run, report: DriftReport | None, calibration: Calibration | None) -> Diagnosis | None:
    """Say why the rows moved, when the check alarms; a day whose feed looks broken is set aside."""
    from ml.nightwatch import explanation
    from ml.nightwatch.history import History

    if report is None or not report.alarm:
        return None
    found = explanation.of(History.of(run), report, calibration)
    if found.action == "quarantine":
        with quarantine.alone(run):
            holds.set_aside(run, found)
    return found


def decide(
    run: Run, batch: Batch, report: DriftReport | None, diagnosis: Diagnosis | None, matured: Matured | None
) -> Decision:
    """Say whether to retrain, with every reason for it and against it. The only place that says so."""
    decision = run.pipeline.retrain.decide(past.facts(run, batch, report, diagnosis, matured))
    run.workspace.ledger.record_decision(decision)
    witness.remember(run)
    return decision


def notify(
    run: Run,
    batch: Batch,
    report: DriftReport | None,
    diagnosis: Diagnosis | None,
    decision: Decision,
    moved: Promotion | None,
) -> Alert | None:
    """Put the mails about a day set aside or mended, refused rows, a drift or a rollback into the outbox; or none."""
    alerts = [*drift_notices.of(run, batch, report, diagnosis, decision), *notices.of(run, decision)]
    if moved is not None:
        alerts.append(messages.rollback_alert(moved, provenance.links(run, moved.run_id)))
    for alert in alerts:
        run.workspace.ledger.enqueue(alert)
    return alerts[0] if alerts else None


def snapshot(run: Run, decision: Decision) -> Snapshot | None:
    """Freeze the accepted days whose labels are due into one immutable file: what the model is fitted on, for ever.

    Days whose shift is not proven are left out (``ml.holds``), unless a person asked for the retrain.
    """
    from ml import snapshots

    if not decision.retrain:
        return None
    window = decision.window or run.pipeline.window.train
    span = Span.ending(run.day - timedelta(days=run.pipeline.source.label_delay), window)
    accepted = run.workspace.ledger.batches(run.name, span, state="accepted")
    doubted = {} if "on demand" in decision.kinds else holds.doubted(run)
    batches = [batch for batch in accepted if batch.day not in doubted]
    if not batches:
        but = f" but {len(accepted)} in doubt" if accepted else ""
        raise NoData(f"{run}: no accepted day from {span}{but}; there is nothing to train on")
    days = Span(batches[0].day, batches[-1].day)
    stored = snapshots.freeze(run.workspace.lake, run.name, batches, materialised.joining(run, days))
    return Snapshot(
        pipeline=run.name,
        day=run.day,
        first=days.first,
        last=days.last,
        rows=stored.rows,
        uri=stored.uri,
        fingerprint=stored.fingerprint,
        features=dict(run.pipeline.features.digests),
        left_out=tuple(batch.day for batch in accepted if batch.day in doubted),
    )


def train(run: Run, snapshot: Snapshot) -> Candidate:
    """Fit the challenger on all but the newest labelled days, which are held out to judge it."""
    from ml import fitting, training

    recipe = training.recipe(run.pipeline.model, run.pipeline.features.digests)
    run_id = provenance.training_run(run, snapshot, recipe)
    fit = fitting.judged(run, snapshot)
    return Candidate(
        pipeline=run.name,
        day=run.day,
        snapshot=snapshot,
        run_id=run_id,
        model_uri=provenance.save_model(run, run_id, fitting.JUDGED, fit.estimator, fit.probe),
        fitted_to=fit.fitted_to,
        recipe=recipe,
    )


def evaluate(run: Run, candidate: Candidate) -> Evaluation:
    """Score challenger, champion and a simple baseline on the same held-out days, whole and slice by slice."""
    from ml import evaluation, holdout, looks, surroundings

    registry = run.workspace.registry
    parts = holdout.split(run, candidate.snapshot)
    champion = holdout.champion(run, parts.days.first, candidate.snapshot)
    judged = evaluation.judge(
        run.pipeline,
        parts.older,
        parts.newest,
        challenger=registry.load_model(candidate.model_uri),
        champion=champion,
        recipe=candidate.recipe,
        around=surroundings.around(run, candidate, champion),
    )
    result = Evaluation(
        pipeline=run.name,
        day=run.day,
        run_id=candidate.run_id,
        metric=run.pipeline.evaluation.metric,
        first=parts.days.first,
        last=parts.days.last,
        rows=len(parts.newest),
        scores=judged.scores,
        slices=judged.slices,
        measurements=judged.measurements,
        importances=judged.importances,
        champion_version=judged.champion_version,
        pictures=attachments.evaluation_pictures(run, judged.figures),
        comparisons=judged.comparisons,
        procedure=holdout.procedure(candidate, champion),
        champion_procedure=champion.recipe if champion else None,
    )
    result = looks.with_looks(result, past.evaluations(run), run.pipeline.evaluation.alpha)
    provenance.log_evaluation(run, result, judged.figures)
    return result


def gate(run: Run, evaluation: Evaluation, candidate: Candidate) -> Verdict:
    """Ask every gate for its objection to the challenger; what was rolled back once is objected to as well."""
    findings = tuple(gate.finding(evaluation) for gate in run.pipeline.gates)
    if (objection := stages.undone(run, candidate)) is not None:
        findings += (Finding(gate="rolled_back", passed=False, sentence=objection),)
    verdict = Verdict(
        pipeline=run.name,
        day=run.day,
        run_id=evaluation.run_id,
        passed=all(found.passed for found in findings),
        objections=tuple(found.sentence for found in findings if not found.passed),
        gates=tuple(found.gate for found in findings),
        champion_version=evaluation.champion_version,
        findings=findings,
    )
    provenance.log_verdict(run, evaluation, verdict)
    return verdict


def refit(run: Run, decision: Decision, candidate: Candidate, verdict: Verdict) -> Candidate | None:
    """Fit the recipe that passed once more, now on all rows, check that it is still that model, and stage it."""
    from ml import fitting

    if decision.dry_run or not verdict.passed:
        return None
    fit = fitting.refitted(run, candidate.snapshot)
    found = fitting.check(run, candidate, fit)
    if not all(finding.passed for finding in found):
        return candidate.model_copy(update={"findings": found})
    uri = provenance.save_model(run, candidate.run_id, fitting.REFITTED, fit.estimator, fit.probe)
    update = {"model_uri": uri, "fitted_to": fit.fitted_to, "findings": found}
    fitted = candidate.model_copy(update=update)
    return fitted.model_copy(update={"version": stages.stage(run, fitted, decision, verdict)})


def try_out(run: Run, refitted: Candidate, evaluation: Evaluation) -> Candidate | None:
    """Let the version see traffic until that speaks for or against it, where the YAML says so; else walk on at once."""
    from ml import tryouts

    tryout = tryouts.opened(run, refitted, evaluation)
    if tryout is None:
        return refitted
    verdict = tryouts.standing(run, tryout)
    return tryouts.closed(run, refitted, verdict) if verdict is not None else None


def ask(run: Run, refitted: Candidate, evaluation: Evaluation, decision: Decision) -> Question | None:
    """Put the question to a person whether the version may serve, if the plan of approval finds a reason to."""
    return approvals.ask(run, refitted, evaluation, decision)


def invite(run: Run, question: Question, evaluation: Evaluation, verdict: Verdict, decision: Decision) -> Alert | None:
    """Mail the question with the comparison and the page to answer on; nobody is asked, nobody is mailed."""
    if not question.reasons:
        return None
    links = replace(provenance.links(run, question.run_id), answer=provenance.answer_page(run))
    alert = messages.question_alert(question, evaluation, verdict, decision, links)
    run.workspace.ledger.enqueue(alert)
    return deliver(run, alert)


def approve(run: Run, question: Question) -> Approval | None:
    """Give the answer that stands: a person's, or that it came too late, or that nobody had to be asked."""
    return approvals.standing(run, question)


def promote(run: Run, refitted: Candidate, verdict: Verdict, approval: Approval) -> Promotion | None:
    """Put the version into Production, unless Production is no longer the champion it was judged against."""
    if not approval.granted:
        stages.refuse(run, approval)
        return None
    return stages.promote(run, refitted, verdict)


def announce(
    run: Run,
    decision: Decision,
    evaluation: Evaluation,
    verdict: Verdict,
    refitted: Candidate | None,
    approval: Approval | None,
    promotion: Promotion | None,
) -> Alert | None:
    """Put the morning's result into the outbox: what is in Production now and why, or what the gates objected to."""
    final = verdict.after(refitted)
    if approval is None and final.passed and not decision.dry_run:
        return None  # a person was asked just now, by a mail of its own
    links, images = provenance.links(run, evaluation.run_id), attachments.mailed(evaluation)
    if not final.passed:
        provenance.log_verdict(run, evaluation, final)
    alert = messages.result_alert(decision, evaluation, final, promotion, links, images, approval)
    run.workspace.ledger.enqueue(alert)
    witness.remember(run, evaluation.run_id)
    run.workspace.registry.finish(evaluation.run_id, ok=True)
    return alert


def deliver(run: Run, alert: Alert | None) -> Alert | None:
    """Send the mail from the outbox, and every older one that could not be sent; sent ones are not sent again.

    A night that has nothing to tell sends what waits, too: a mail server may have been away in the last one.
    """
    from ml import delivery

    place = run.workspace
    sent = delivery.deliver(
        place.ledger, run.name, alert, run.pipeline.alerts, place.mailbox, lambda a: attachments.read(run, a)
    )
    return alert or next(reversed(sent), None)


def rollback(run: Run, request: RollbackRequest) -> Promotion:
    """Put an earlier version back into Production: the one before, or the one that is named."""
    return stages.roll_back(run, request.to, request.why, request.by, request.force)


def tell(run: Run, move: Promotion) -> Alert | None:
    """Put the mail about a rollback into the outbox: which version is back, who put it there, and why."""
    if move.kind != "rollback":
        return None
    witness.remember(run)
    alert = messages.rollback_alert(move, provenance.links(run, move.run_id))
    run.workspace.ledger.enqueue(alert)
    return alert


def look_ahead(run: Run) -> Ahead | None:
    """Read the rows of the coming day as they are known now, and hold them against the rules that fit."""
    from ml.scoring import ahead

    return ahead.look(run, run.pipeline.score) if run.pipeline.score else None


def score(run: Run, ahead: Ahead) -> Scored | None:
    """Say of each row of the coming day what the version in Production says of it; a day is scored once."""
    from ml.scoring import batch

    return batch.score(run, ahead)


def reconcile(run: Run) -> Alert | None:
    """Find what somebody changed in MLflow past the gates, adopt it or put it back as the YAML says, and mail it."""
    return outside.reconcile(run)


def request(run: Run, window: int | None, reason: str, dry_run: bool, by: str) -> Decision:
    """Write down that a person asked for a retrain, and why; a day that is still to come is refused."""
    intake.night(run)
    decision = Decision(
        pipeline=run.name,
        day=run.day,
        retrain=True,
        reasons=(Reason(kind="on demand", sentence=f"{by} asked for it: {reason}"),),
        window=window,
        dry_run=dry_run,
        by=by,
    )
    run.workspace.ledger.record_decision(decision)
    return decision
