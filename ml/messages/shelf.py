"""The mail about a version that a prediction service does not serve."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ml.messages.letter import Commands, Letter, Links, Paragraph, Part, sentence, shortened
from ml.messages.post import post
from ml.records import Alert

_TODO = {
    "production": "Look at the model, and put back the version before it with the command below.",
    "staging": "It is asked nothing; if it is promoted all the same, the version before it goes on answering.",
}


@dataclass(frozen=True)
class Unserved:
    """A version that a service refused: the alias that points to it, why, and what serves instead (None: nothing)."""

    pipeline: str
    day: date
    version: int
    alias: str
    why: str
    serving: int | None


def unserved_alert(refused: Unserved, links: Links) -> Alert:
    """Which version is not served, why, and what answers meanwhile."""
    name, version, serving = refused.pipeline, refused.version, refused.serving
    instead = f"version {serving} goes on answering" if serving is not None else "nothing answers"
    letter = Letter(
        pipeline=name,
        day=refused.day,
        tone="bad" if serving is None else "warning",
        headline=f"{name}: the service refuses v{version}" + (f", v{serving} serves" if serving else ""),
        happened=f"The alias {refused.alias} points to version {version}, which the service does not take; {instead}.",
        why=f"The reason: {sentence(shortened(refused.why, 400))}",
        todo=_TODO.get(refused.alias, "Nobody notices yet, but this version could not answer when it is needed."),
        parts=tuple(_parts(refused)),
        links=links,
    )
    return post(letter, "stages", f"unserved/{refused.alias}/{version}")


def _parts(refused: Unserved) -> Iterator[Part]:
    if refused.alias == "production":
        back = f"Take version {refused.version} out of Production:"
        yield Commands("To put another version there", ((back, f'nightshift rollback {refused.pipeline} --why "..."'),))
    yield Paragraph("The service tries it again when it is restarted, or when the alias has moved.", quiet=True)
