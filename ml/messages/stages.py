"""The mails about Production that moved without a night: a rollback, or an act from outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ml.messages.letter import Commands, Letter, Links, Paragraph, Part, sentence, shortened
from ml.messages.post import post
from ml.records import Alert, Promotion


@dataclass(frozen=True)
class Outside:
    """A stage or an alias that somebody changed in MLflow.

    ``found`` says what, ``meant`` is the version that was put into Production (None: it cannot be told), ``ours`` the
    row of the version that was there, ``refused`` why it is not adopted (None: it is), ``gone`` that our version was
    deleted, and ``number`` how many rows the book of promotions had.
    """

    pipeline: str
    day: date
    found: str
    meant: int | None
    ours: Promotion | None
    refused: str | None
    gone: bool
    number: int


def outside_alert(act: Outside, links: Links) -> Alert:
    """What somebody changed in MLflow, and what became of it."""
    headline, happened, todo = _adopted(act) if act.refused is None else _reverted(act)
    letter = Letter(
        pipeline=act.pipeline,
        day=act.day,
        tone="bad" if act.refused is not None and _empty(act) else "warning",
        headline=f"{act.pipeline}: {headline}",
        happened=happened,
        why=f"What was found: {sentence(shortened(act.found, 300))}",
        todo=todo,
        parts=tuple(_parts(act)),
        links=links,
    )
    return post(letter, "stages", f"outside/{act.number}")


def _adopted(act: Outside) -> tuple[str, str, str]:
    return (
        f"v{act.meant} was put into Production by hand",
        f"Somebody put version {act.meant} into Production in MLflow, past the gates; it stays there.",
        "If that was you, there is nothing to do. If not, put the version before it back with the command below.",
    )


def _reverted(act: Outside) -> tuple[str, str, str]:
    done = "Somebody changed in MLflow what is in Production"
    if act.meant is not None:
        done = f"Somebody put version {act.meant} into Production in MLflow, past the gates"
    if _empty(act):
        return (
            "nothing is in Production",
            f"{done}, and no version can take its place: nothing is in Production now.",
            "Put a version back with the command below, or let the next night train one.",
        )
    ours = act.ours.version if act.ours else ""
    return (
        f"v{ours} is back in Production",
        f"{done}; version {ours} is back there.",
        "If that was you, use the command below: it does the same, and keeps who and why."
        if act.meant is not None
        else f"There is nothing to do. To take it out, put another there: `nightshift rollback {act.pipeline}`.",
    )


def _empty(act: Outside) -> bool:
    """Whether nothing serves after an act that was refused."""
    return act.ours is None or act.gone


def _parts(act: Outside) -> Iterator[Part]:
    if act.refused is not None:
        yield Paragraph(f"It was not adopted: {sentence(act.refused)}")
    earlier = act.ours.version if act.ours is not None and not act.gone else None
    to = act.meant if act.refused is not None else earlier
    if to is not None:
        typed = f'nightshift rollback {act.pipeline} --to {to} --why "..."'
        yield Commands("If a person decides otherwise", ((f"Put version {to} into Production:", typed),))


def rollback_alert(move: Promotion, links: Links) -> Alert:
    """Which version is back, who put it there, and why."""
    letter = Letter(
        pipeline=move.pipeline,
        day=move.day,
        tone="warning",
        headline=f"{move.pipeline}: rolled back to v{move.version}",
        happened=f"Version {move.version} is back in Production; version {move.previous} was taken out by {move.by}.",
        why=f"The reason: {sentence(shortened(move.why, 300))}",
        todo=(
            "There is nothing to do: whoever reads the alias `production` is served by it from now on. The same rows "
            "and the same recipe will not be promoted again."
        ),
        parts=(
            Commands(
                "If it was a mistake",
                (
                    (
                        f"Put version {move.previous} back:",
                        f'nightshift rollback {move.pipeline} --to {move.previous} --why "..."',
                    ),
                ),
            ),
            Paragraph(f"Since {move.at:%Y-%m-%d %H:%M:%S} UTC. MLflow run {move.run_id}.", quiet=True),
        ),
        links=links,
    )
    return post(letter, "stages", f"rollback/{move.at:%Y%m%dT%H%M%S%f}")
