"""A tryout from its beginning to its verdict."""

from datetime import UTC, datetime, timedelta

from ml import approvals, moves
from ml.errors import PromotionConflict
from ml.records import TRYOUT, Candidate, Evaluation, Finding, Tryout, TryoutVerdict
from ml.tryouts.pairs import pairs
from ml.tryouts.rule import Judgement, judge
from ml.workspace import Run, Workspace


def opened(run: Run, refitted: Candidate, evaluation: Evaluation) -> Tryout | None:
    """The tryout of a version; the first one stands, with its deadline, however often it is opened.

    None when the line does not wait for traffic, when there is no version, and when there is none in Production that
    it could be compared with: the first version has nothing to lose against.
    """
    exposure, champion, version = run.pipeline.serving.candidate, evaluation.champion_version, refitted.version
    if not exposure.days or version is None or champion is None:
        return None
    now = datetime.now(UTC)
    tryout = Tryout(
        pipeline=run.name,
        day=run.day,
        run_id=refitted.run_id,
        version=version,
        champion_version=champion,
        kind=exposure.kind,
        share=exposure.answers,
        metric=run.pipeline.evaluation.metric,
        alpha=exposure.false_stops,
        undecided="pass" if exposure.lenient else "stop",
        deadline=now + timedelta(days=exposure.days + run.pipeline.source.label_delay),
        at=now,
    )
    with moves.alone(run):
        return run.workspace.ledger.record_tryout(tryout)


def standing(run: Run, tryout: Tryout, now: datetime | None = None) -> TryoutVerdict | None:
    """The verdict: the one that was given, or what labels, clock and events say now; None while it goes on."""
    now, ledger = now or datetime.now(UTC), run.workspace.ledger
    if (given := ledger.tryout_verdict(run.name, tryout.version)) is not None:
        return given
    judged = judge(tryout, pairs(run, tryout))
    with moves.alone(run):
        verdict = _withdrawn(run, tryout, now) or _judged(tryout, judged, now)
        return ledger.record_tryout_verdict(verdict) if verdict is not None else None


def _withdrawn(run: Run, tryout: Tryout, now: datetime) -> TryoutVerdict | None:
    why = approvals.void(run, tryout)
    return None if why is None else _verdict(tryout, False, "withdrawn", f"its tryout is void: {why}", now)


def _judged(tryout: Tryout, judged: Judgement, now: datetime) -> TryoutVerdict | None:
    numbers = {name: getattr(judged, name) for name in ("worse_by", "interval", "rows", "blocks")}
    if judged.passed is not None:
        return _verdict(tryout, judged.passed, "labels", judged.sentence, now).model_copy(update=numbers)
    if now < tryout.deadline:
        return None
    why = f"the days of its tryout are over: {judged.sentence}; the YAML says undecided: {tryout.undecided}"
    return _verdict(tryout, tryout.undecided == "pass", "clock", why, now).model_copy(update=numbers)


def _verdict(tryout: Tryout, passed: bool, by: str, why: str, now: datetime) -> TryoutVerdict:
    of = tryout.model_dump(include={"pipeline", "day", "run_id", "version"})
    return TryoutVerdict.model_validate(of | {"passed": passed, "by": by, "why": why, "at": now})


def stopped(run: Run, tryout: Tryout, by: str, why: str) -> TryoutVerdict:
    """The verdict of a person who ends a tryout; one that was given before stands."""
    verdict = _verdict(
        tryout, False, "person", f"{by} stopped the tryout of version {tryout.version}: {why}", datetime.now(UTC)
    )
    with moves.alone(run):
        return run.workspace.ledger.record_tryout_verdict(verdict)


def under_way(place: Workspace, pipeline: str, version: int | None = None) -> Tryout:
    """The tryout of a version; without one, the newest that has no verdict yet.

    Raises
    ------
    PromotionConflict
        There is none.
    """
    ledger = place.ledger
    found = approvals.meant(
        ledger.tryouts(pipeline), version, lambda of: ledger.tryout_verdict(pipeline, of) is not None
    )
    if found is None:
        about = f"version {version}" if version is not None else "a version"
        raise PromotionConflict(f"{about} of {pipeline} sees no traffic before Production for now")
    return found


def closed(run: Run, refitted: Candidate, verdict: TryoutVerdict) -> Candidate:
    """The candidate with what its tryout found; one that was stopped is archived and has no version any more."""
    found = Finding(gate=TRYOUT, passed=verdict.passed, sentence=verdict.why)
    update: dict[str, object] = {"findings": (*refitted.findings, found)}
    if not verdict.passed:
        with moves.alone(run):
            run.workspace.registry.archive(run.name, verdict.version, verdict.why)
        update["version"] = None
    return refitted.model_copy(update=update)
