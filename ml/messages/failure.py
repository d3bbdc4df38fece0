"""The mail about a run that failed: which step, why, what serves now, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from ml.messages.letter import Bullets, Commands, Letter, Links, Part, listed, sentence, shortened
from ml.messages.post import post
from ml.records import Alert, Promotion

HEADLINE = 69
UNKNOWN = "it left no sentence in the ledger, so its process died or never began; the log of its task has more"


@dataclass(frozen=True)
class Broken:
    """A step that failed for good: its sentence, None when the ledger has none, and how often it was tried."""

    step: str
    error: str | None = None
    tries: int = 1


@dataclass(frozen=True)
class Failure:
    """A run of a line that failed, as far as it is known.

    ``run_id`` tells it from other runs of the same data day; ``undone`` are the steps that never ran because of it.
    ``serving`` is the newest promotion, ``promoted`` says that it is this run's own.
    """

    pipeline: str
    day: date
    line: str
    run_id: str
    broken: tuple[Broken, ...]
    undone: tuple[str, ...] = ()
    serving: Promotion | None = None
    promoted: bool = False


def failure_alert(failure: Failure, links: Links) -> Alert:
    """What failed and why, the first of it in the first line; the same run that fails there again is no other mail."""
    first = failure.broken[0]
    letter = Letter(
        pipeline=failure.pipeline,
        day=failure.day,
        tone="bad",
        headline=_headline(failure),
        happened=f"The {_run(failure)} failed at {_tried(first)}. {_production(failure)}",
        why=f"The reason: {sentence(shortened(first.error or UNKNOWN, 400))}",
        todo=_todo(failure),
        parts=tuple(_parts(failure)),
        links=links,
    )
    return post(letter, "failure", _key(failure))


def _key(failure: Failure) -> str:
    steps = ",".join(broken.step for broken in failure.broken)
    run = sha256(f"{failure.run_id}\n{steps}".encode()).hexdigest()[:16]
    return f"failure/{failure.line}/{run}"


def _headline(failure: Failure) -> str:
    what = {"nightly": "the night of", "retrain": "the retrain of"}[failure.line]
    steps = listed(tuple(broken.step for broken in failure.broken), 1)
    return shortened(f"{failure.pipeline}: {what} {failure.day} failed at {steps}", HEADLINE)


def _run(failure: Failure) -> str:
    return f"{'night' if failure.line == 'nightly' else 'retrain'} of {failure.day}"


def _tried(broken: Broken) -> str:
    return f"{broken.step}, tried {broken.tries} times" if broken.tries > 1 else broken.step


def _production(failure: Failure) -> str:
    if failure.serving is None:
        return "No version is in Production yet."
    if failure.promoted:
        return f"Before that it had put version {failure.serving.version} into Production, which serves."
    return f"Version {failure.serving.version} stays in Production and serves as before."


def _todo(failure: Failure) -> str:
    steps = listed(tuple(broken.step for broken in failure.broken))
    mend = f"Mend what the reason names, then clear {steps} on the run's page in Airflow: it goes on from there."
    later = {
        "nightly": "If nobody does, the next night reads this day along with its own.",
        "retrain": "If nobody does, the next night decides anew.",
    }[failure.line]
    return f"{mend} {later}"


def _parts(failure: Failure) -> Sequence[Part]:
    told = tuple(f"{_tried(broken)}: {sentence(broken.error or UNKNOWN)}" for broken in failure.broken)
    failed = (Bullets("What failed", told),) if len(told) > 1 else ()
    undone = (Bullets("What was not done", (", ".join(failure.undone),)),) if failure.undone else ()
    return (*failed, *undone, _commands(failure))


def _commands(failure: Failure) -> Commands:
    at = f"{failure.pipeline} --day {failure.day}"
    items = [("See every step of the newest nights", f"nightshift history {failure.pipeline}")]
    if failure.line == "nightly":
        items.append(("Walk the night again from a terminal, once it is mended", f"nightshift nightly {at}"))
    else:
        again = f'nightshift retrain {at} --reason "…"'
        items.append(("Retrain again from a terminal, once it is mended", again))
    return Commands("What you can do", tuple(items))
