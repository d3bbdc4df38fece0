"""None, Staging, Production, Archived: how a version comes into each stage, and how Production goes back."""

from collections.abc import Sequence
from datetime import UTC, datetime

from ml import moves, outside, provenance
from ml.errors import PromotionConflict, TrainingError
from ml.records import Approval, Candidate, Decision, Promotion, Verdict
from ml.registry import ARCHIVED, Served
from ml.workspace import Run


def stage(run: Run, fitted: Candidate, decision: Decision, verdict: Verdict) -> int:
    """Register what passed the gates and put it into Staging; gives its version, the same one when it is repeated.

    A version that waited there is overtaken; so is this one, when a newer one came while it was fitted.
    """
    registry = run.workspace.registry
    version = provenance.register(run, fitted, decision, verdict)
    with moves.alone(run):
        waiting = [other for other, stage in registry.stages(run.name).items() if stage == "Staging"]
        for older in (other for other in waiting if other < version):
            registry.archive(run.name, older, f"overtaken by version {version} of {run.day}")
        if newer := [other for other in waiting if other > version]:
            registry.archive(run.name, version, f"overtaken by version {max(newer)}")
        else:
            registry.stage(run.name, version)
    return version


def refuse(run: Run, approval: Approval) -> None:
    """Archive a version that may not enter Production, with the reason in its tag; one that serves stays."""
    said = f": {approval.why}" if approval.why else ""
    with moves.alone(run):
        run.workspace.registry.archive(run.name, approval.version, f"{approval.answer} by {approval.by}{said}")


def promote(run: Run, refitted: Candidate, verdict: Verdict) -> Promotion:
    """Put a version into Production, and give the row that stands; once more changes nothing.

    Raises
    ------
    PromotionConflict
        Production is not the champion that it was judged against, or the version was rolled back.
    TrainingError
        The model has no registered version.
    """
    version = refitted.version
    if version is None:
        raise TrainingError(f"{run}: the refitted model of MLflow run {refitted.run_id} has no registered version")
    with moves.alone(run):
        outside.tidy(run)
        stands = run.workspace.ledger.in_production(run.name)
        if stands is not None and stands.version == version:
            return stands
        _expect(run, version, verdict.champion_version)
        if (objection := undone(run, refitted)) is not None:
            raise PromotionConflict(f"{run.name} version {version} is not promoted: {objection}")
        return moves.enter(run, _promotion(run, refitted, version, verdict.champion_version))


def _promotion(run: Run, refitted: Candidate, version: int, previous: int | None) -> Promotion:
    return Promotion(
        pipeline=run.name,
        day=run.day,
        version=version,
        previous=previous,
        run_id=refitted.run_id,
        snapshot=refitted.snapshot.fingerprint,
        at=datetime.now(UTC),
        recipe=refitted.recipe,
    )


def _expect(run: Run, version: int, champion: int | None) -> None:
    served = run.workspace.registry.production(run.name)
    current = served.version if served else None
    if current != champion:
        raise PromotionConflict(
            f"{run.name} version {version} was judged against {_name(champion)}, "
            f"but Production is now {_name(current)}; it stays there"
        )


def _name(version: int | None) -> str:
    return f"version {version}" if version is not None else "empty"


def undone(run: Run, candidate: Candidate) -> str | None:
    """Who rolled back this very snapshot and recipe, when and why; None when nobody did, or it came back since."""
    book = run.workspace.ledger.promotions(run.name)
    for at, back in enumerate(book):
        left = _left_by(book, at)
        if left is not None and _same(left, candidate):
            return (
                f"the same snapshot and recipe made version {left.version}, which {back.by} rolled back on "
                f"{back.at:%Y-%m-%d %H:%M} UTC because: {back.why}"
            )
    return None


def _left_by(book: Sequence[Promotion], at: int) -> Promotion | None:
    """How the version came that the rollback at this place of the book undid, unless it came back later."""
    back = book[at]
    if back.kind != "rollback" or any(later.version == back.previous for later in book[at:]):
        return None
    return next((p for p in reversed(book[:at]) if p.version == back.previous and p.kind != "revert"), None)


def _same(left: Promotion, candidate: Candidate) -> bool:
    return left.snapshot == candidate.snapshot.fingerprint and left.recipe in (None, candidate.recipe)


def roll_back(run: Run, to: int | None, why: str, by: str, force: bool = False) -> Promotion:
    """Put an earlier version back into Production, and give the row that stands.

    Without ``to`` it is the version before; after a rollback that was done, so that a repetition goes no further back.

    Raises
    ------
    PromotionConflict
        Nothing is in Production, there is no such version, or no model to load; or it was never in Production, which
        ``force`` allows.
    """
    ledger = run.workspace.ledger
    with moves.alone(run):
        outside.tidy(run)
        book = ledger.promotions(run.name)
        if not book:
            raise PromotionConflict(f"{run.name}: nothing is in Production yet; there is nothing to roll back")
        target = _target(run, book, to)
        if target == book[-1].version:
            return book[-1]
        found = _servable(run, book, target, force)
        _say_why(run, book[-1].version, f"rolled back by {by}: {why}")
        return moves.enter(run, _rollback(run, found, book[-1].version, why, by))


def _say_why(run: Run, version: int, why: str) -> None:
    """Tag a version that leaves Production; one that was deleted cannot be."""
    if run.workspace.registry.version(run.name, version) is not None:
        run.workspace.registry.tag(run.name, version, {ARCHIVED: why})


def _target(run: Run, book: Sequence[Promotion], to: int | None) -> int:
    if to is not None:
        return to
    if book[-1].kind == "rollback":
        return book[-1].version
    earlier = moves.before(book)
    if earlier is None:
        raise PromotionConflict(
            f"{run.name}: version {book[-1].version} is the first in Production; there is none to roll back to"
        )
    return earlier


def _servable(run: Run, book: Sequence[Promotion], version: int, force: bool) -> Served:
    found = run.workspace.registry.version(run.name, version)
    served = sorted({promotion.version for promotion in book})
    were = f"in Production were {', '.join(map(str, served))}"
    if found is None:
        raise PromotionConflict(f"{run.name} has no version {version} in MLflow; {were}")
    if version not in served and not force:
        raise PromotionConflict(
            f"{run.name} version {version} was never in Production, so no gate has let it through; {were}; "
            "with --force it goes there all the same"
        )
    if (odd := outside.unfit(run, version)) is not None:
        raise PromotionConflict(f"{run.name}: {odd}; {were}")
    return found


def _rollback(run: Run, found: Served, left: int, why: str, by: str) -> Promotion:
    return Promotion(
        pipeline=run.name,
        day=run.day,
        version=found.version,
        previous=left,
        run_id=found.run_id,
        snapshot=found.tags.get("nightshift.snapshot_sha256", ""),
        at=datetime.now(UTC),
        by=by,
        kind="rollback",
        why=why,
        recipe=found.tags.get("nightshift.recipe"),
    )


def roll_back_fresh(run: Run, objection: str, days: int) -> Promotion | None:
    """Roll back a promotion that is at most ``days`` data days old, because it does worse than its floor.

    ``objection`` is the sentence with value, floor and days. None when nothing is that fresh, when it was no promotion
    that came last, or when there is nothing before it. Once more it gives the rollback that this night did.
    """
    book = run.workspace.ledger.promotions(run.name)
    if book and (book[-1].kind, book[-1].by, book[-1].day) == ("rollback", "nightshift", run.day):
        return book[-1]
    if not book or book[-1].kind != "promotion" or moves.before(book) is None:
        return None
    if (run.day - book[-1].day).days > days:
        return None
    return roll_back(run, None, objection, "nightshift")
