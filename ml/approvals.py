"""Whether a version may enter Production: who was asked, what was answered, and what made the question void."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from ml import moves
from ml.errors import PromotionConflict
from ml.occasions import Case
from ml.records import Answer, Approval, Candidate, Decision, Evaluation, Promotion, Question, Tryout
from ml.registry import ARCHIVED
from ml.workspace import Run, Workspace

Asked = TypeVar("Asked", Question, Tryout)


def ask(run: Run, refitted: Candidate, evaluation: Evaluation, decision: Decision) -> Question | None:
    """The question about a version, without reasons when the plan asks nobody; None when there is no version.

    The first one stands, with its deadline, however often it is asked. What waited before it is withdrawn.
    """
    if refitted.version is None:
        return None
    now, plan = datetime.now(UTC), run.pipeline.approval
    question = Question(
        pipeline=run.name,
        day=run.day,
        run_id=refitted.run_id,
        version=refitted.version,
        champion_version=evaluation.champion_version,
        reasons=plan.reasons(case(run, evaluation, decision)),
        users=plan.users,
        deadline=now + plan.wait,
        at=now,
    )
    ledger = run.workspace.ledger
    with moves.alone(run):
        for older in (q for q in ledger.unanswered(run.name) if q.version < question.version):
            _standing(run, older, now)
        return ledger.record_question(question) if question.reasons else question


def case(run: Run, evaluation: Evaluation, decision: Decision) -> Case:
    """What the occasions look at."""
    ledger, registry = run.workspace.ledger, run.workspace.registry
    champion = evaluation.champion_version
    served = registry.version(run.name, champion) if champion is not None else None
    return Case(
        evaluation=evaluation,
        decision=decision,
        features=run.pipeline.model.features,
        window=decision.window or run.pipeline.window.train,
        champion_tags=served.tags if served else {},
        newest=ledger.in_production(run.name),
        report=next((r for r in ledger.drift_history(run.name) if r.day == run.day), None),
    )


def standing(run: Run, question: Question, now: datetime | None = None) -> Approval | None:
    """The answer to a question: a person's, the clock's, or that of what happened since; None while it is open."""
    with moves.alone(run):
        return _standing(run, question, now or datetime.now(UTC))


def _standing(run: Run, question: Question, now: datetime) -> Approval | None:
    answered = run.workspace.ledger.answer(run.name, question.version)
    if answered is not None:
        return answered
    if (why := void(run, question)) is not None:
        return _kept(run, question, "withdrawn", "nightshift", why, now)
    if question.reasons and question.deadline <= now:
        late = f"nobody answered by {question.deadline:%Y-%m-%d %H:%M} UTC"
        return _kept(run, question, "expired", "nightshift", late, now)
    return None if question.reasons else _approval(question, "auto", "nightshift", "nobody has to be asked", now)


def void(run: Run, question: Question | Tryout) -> str | None:
    """Why a question about a version, or its tryout, has become void; None while it stands.

    It does when Production is no longer the champion that the version was judged against, and when the version is no
    longer in Staging: a newer challenger took its place there, or somebody archived it.
    """
    newest, registry = run.workspace.ledger.in_production(run.name), run.workspace.registry
    current = newest.version if newest else None
    if current == question.version:
        return None
    if newest is not None and current != question.champion_version:
        return f"version {current} is in Production since {newest.at:%Y-%m-%d %H:%M} UTC{_by(newest)}"
    if registry.stages(run.name).get(question.version) == "Archived":
        found = registry.version(run.name, question.version)
        return (found.tags if found else {}).get(ARCHIVED, "it was archived in MLflow")
    return None


def _by(newest: Promotion) -> str:
    return "" if newest.kind == "promotion" else f", by {newest.kind}" if newest.kind == "rollback" else ""


def answer(run: Run, question: Question, given: Answer, by: str, why: str, now: datetime | None = None) -> Approval:
    """Keep what a person answered, and give what stands: that, or what made it void or too late before.

    The same answer again changes nothing. Another one counts as long as the deadline and Production allow.

    Raises
    ------
    PromotionConflict
        The person was not asked, or the version is in Production already.
    """
    now = now or datetime.now(UTC)
    if question.users and by not in question.users:
        raise PromotionConflict(
            f"{by} cannot answer for {run.name} version {question.version}: only {', '.join(question.users)} was asked"
        )
    with moves.alone(run):
        before = _standing(run, question, now)
        if before is not None and (before.answer in (given, "withdrawn", "expired") or question.deadline <= now):
            return before
        newest = run.workspace.ledger.in_production(run.name)
        if newest is not None and newest.version == question.version:
            raise PromotionConflict(
                f"{run.name} version {question.version} is in Production since {newest.at:%Y-%m-%d %H:%M} UTC; "
                f"`nightshift rollback {run.name}` takes it out"
            )
        return _kept(run, question, given, by, why, now)


def _kept(run: Run, question: Question, given: Answer, by: str, why: str, now: datetime) -> Approval:
    approval = _approval(question, given, by, why, now)
    if question.reasons:
        run.workspace.ledger.record_answer(approval)
    return approval


def _approval(question: Question, given: Answer, by: str, why: str, now: datetime) -> Approval:
    return Approval(
        pipeline=question.pipeline,
        day=question.day,
        run_id=question.run_id,
        version=question.version,
        answer=given,
        by=by,
        why=why,
        at=now,
    )


def waiting(place: Workspace, pipeline: str, version: int | None = None) -> Question:
    """The question that waits for an answer: the one about a version, or the newest.

    Raises
    ------
    PromotionConflict
        Nobody was asked about that version, or no question waits.
    """
    ledger = place.ledger
    found = meant(ledger.questions(pipeline), version, lambda of: ledger.answer(pipeline, of) is not None)
    if found is None:
        about = f"version {version} of {pipeline}" if version is not None else f"a version of {pipeline}"
        raise PromotionConflict(f"nobody was asked about {about} that could be answered for now")
    return found


def meant(found: Sequence[Asked], version: int | None, over: Callable[[int], bool]) -> Asked | None:
    """The question or tryout that a person means: that of a version, or, of none named, the newest that is not over."""
    wanted = (
        one for one in reversed(found) if (one.version == version if version is not None else not over(one.version))
    )
    return next(wanted, None)
