"""Acts from outside: somebody changed a stage or an alias in MLflow, past every gate and without a word.

Such an act is told to the owner, kept in the book of promotions, and adopted or reverted, as the YAML says. What our
own processes left half done is no such act: their row is in the ledger before they touch the registry.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from ml import messages, moves, provenance
from ml.errors import TrainingError
from ml.messages import Outside
from ml.records import Alert, Promotion
from ml.registry import PREVIOUS, PRODUCTION, Standing
from ml.workspace import Run

SOMEBODY = "somebody in MLflow"
MADE_BY_US = {"nightshift.snapshot", "nightshift.fitted_to"}


def reconcile(run: Run) -> Alert | None:
    """Make ledger and registry agree, and give the mail about what was found; None when they agreed."""
    with moves.alone(run):
        return tidy(run)


def tidy(run: Run) -> Alert | None:
    """What ``reconcile`` does, for a caller that is alone already.

    The mail is in the outbox before anything is changed: whoever is killed then finds the same again, under its key.
    """
    moves.settle(run)
    book, standing = run.workspace.ledger.promotions(run.name), run.workspace.registry.standing(run.name)
    found = difference(book, standing)
    if found is None:
        return None
    act = _judged(run, book, standing, found)
    alert = messages.outside_alert(act, provenance.links(run))
    run.workspace.ledger.enqueue(alert)
    if act.refused and (act.ours is None or act.gone):
        run.workspace.registry.settle(run.name, None, None)
    else:
        run.workspace.ledger.record_outside(_rows(run, act))
        moves.settle(run)
    return alert


def difference(book: Sequence[Promotion], standing: Standing) -> str | None:
    """What the registry says other than the ledger, in a sentence; None when they agree."""
    return "; ".join(_differences(book, standing)) or None


def _differences(book: Sequence[Promotion], standing: Standing) -> Iterator[str]:
    ours, serving = (book[-1].version if book else None), standing.serving
    if serving != ([ours] if ours is not None else []):
        yield f"the stage Production holds {_named(*serving)}, where {_named(ours)} belongs"
    for alias, wanted in ((PRODUCTION, ours), (PREVIOUS, moves.before(book))):
        known = wanted if alias == PRODUCTION or wanted in standing.stages else None
        if standing.aliases.get(alias) != known:
            yield f"the alias {alias} points to {_named(standing.aliases.get(alias))}, where {_named(wanted)} belongs"


def _named(*versions: int | None) -> str:
    known = [str(version) for version in versions if version is not None]
    return f"version {' and '.join(known)}" if known else "nothing"


def meant_by(book: Sequence[Promotion], standing: Standing) -> int | None:
    """The one version that somebody wants in Production instead of ours; None when that cannot be told.

    The alias is what readers resolve, so it counts more than the stage.
    """
    ours, alias = (book[-1].version if book else None), standing.aliases.get(PRODUCTION)
    if alias is not None and alias != ours:
        return alias
    others = [version for version in standing.serving if version != ours]
    return others[0] if len(others) == 1 else None


def _judged(run: Run, book: Sequence[Promotion], standing: Standing, found: str) -> Outside:
    ours, meant = (book[-1] if book else None), meant_by(book, standing)
    gone = ours is not None and ours.version not in standing.stages
    refused = _refused(run, meant, ours is not None and not gone)
    return Outside(run.name, run.day, found, meant, ours, refused, gone, len(book))


def _refused(run: Run, meant: int | None, ours_can_serve: bool) -> str | None:
    """Why the act is not adopted; None when it is.

    A book without a row knows nothing better than what it finds, and a version that was deleted cannot come back.
    """
    if meant is None:
        return "no other version was put in its place"
    if (odd := unfit(run, meant)) is not None:
        return odd
    if ours_can_serve and run.pipeline.stages.outside == "revert":
        return "the YAML says `outside: revert`"
    return None


def unfit(run: Run, version: int) -> str | None:
    """Why a version cannot serve as a champion; None when it can."""
    registry = run.workspace.registry
    found = registry.version(run.name, version)
    if found is None or not found.tags.keys() >= MADE_BY_US:
        return f"version {version} was not made by Nightshift, so no challenger can be compared with it"
    try:
        registry.load_model(found.model_uri)
    except TrainingError as error:
        return f"the model of version {version} cannot be loaded: {error}"
    return None


def _rows(run: Run, act: Outside) -> list[Promotion]:
    """What the act makes of the book: the version that came from outside, and ours again if it is put back."""
    came = [_came(run, act, act.meant)] if act.meant is not None else []
    if act.ours is None or act.refused is None:
        return came
    back = {"kind": "revert", "previous": act.meant, "why": act.found, "by": "nightshift"}
    return [*came, act.ours.model_copy(update=back | {"day": run.day, "at": datetime.now(UTC)})]


def _came(run: Run, act: Outside, version: int) -> Promotion:
    found = run.workspace.registry.version(run.name, version)
    tags = found.tags if found else {}
    return Promotion(
        pipeline=run.name,
        day=run.day,
        version=version,
        previous=act.ours.version if act.ours else None,
        run_id=found.run_id if found else "",
        snapshot=tags.get("nightshift.snapshot_sha256", ""),
        recipe=tags.get("nightshift.recipe"),
        at=datetime.now(UTC),
        by=SOMEBODY,
        kind="outside",
        why=act.found,
    )
