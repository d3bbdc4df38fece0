"""The mail about a version that a prediction service does not serve, or has stopped."""

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
    """A version that a service refused: the alias that points to it, why, and what serves instead (None: nothing).

    ``tried`` says that its tryout has ended with that: the retrain line refuses the version, and no restart helps it.
    """

    pipeline: str
    day: date
    version: int
    alias: str
    why: str
    serving: int | None
    tried: bool = False


def unserved_alert(refused: Unserved, links: Links) -> Alert:
    """Which version is not served, why, and what answers meanwhile."""
    name, version, serving = refused.pipeline, refused.version, refused.serving
    verb = "stopped" if refused.tried else "refuses"
    letter = Letter(
        pipeline=name,
        day=refused.day,
        tone="bad" if serving is None else "warning",
        headline=f"{name}: the service {verb} v{version}" + (f", v{serving} serves" if serving else ""),
        happened=_happened(refused),
        why=f"The reason: {sentence(shortened(refused.why, 400))}",
        todo=_todo(refused),
        parts=tuple(_parts(refused)),
        links=links,
    )
    return post(letter, "stages", f"unserved/{refused.alias}/{version}")


def _happened(refused: Unserved) -> str:
    serving = refused.serving
    instead = f"version {serving} goes on answering" if serving is not None else "nothing answers"
    if refused.tried:
        return f"Version {refused.version} saw traffic before Production, and the service ended that; {instead}."
    return f"The alias {refused.alias} points to version {refused.version}, which the service does not take; {instead}."


def _todo(refused: Unserved) -> str:
    if refused.tried:
        return "Nothing has to be done: it is asked nothing more, and does not enter Production."
    return _TODO.get(refused.alias, "Nobody notices yet, but this version could not answer when it is needed.")


def _parts(refused: Unserved) -> Iterator[Part]:
    if refused.alias == "production":
        back = f"Take version {refused.version} out of Production:"
        yield Commands("To put another version there", ((back, f'nightshift rollback {refused.pipeline} --why "..."'),))
    again = "The service tries it again when it is restarted, or when the alias has moved."
    ended = "The retrain line refuses this version, and a restart brings it back no more; the next challenger is new."
    yield Paragraph(ended if refused.tried else again, quiet=True)
