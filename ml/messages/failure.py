"""The mail about a run that failed: which step, why, what serves now, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from ml.messages.letter import Bullets, Commands, Letter, Links, Part, listed, sentence, shortened
from ml.messages.post import post
from ml.records import Alert, Promotion, RollbackRequest

HEADLINE = 69
UNKNOWN = "it left no sentence in the ledger, so its process died or never began; the log of its task has more"


@dataclass(frozen=True)
class _Words:
    """What a line is called when it fails, and what happens when nobody mends it."""

    headline: str
    run: str
    later: str
    command: str
    command_does: str


_LINES = {
    "nightly": _Words(
        headline="the night of {day} failed at {steps}",
        run="night of {day}",
        later="If nobody does, the next night reads this day along with its own.",
        command="nightly {pipeline} --day {day}",
        command_does="Walk the night again from a terminal, once it is mended",
    ),
    "retrain": _Words(
        headline="the retrain of {day} failed at {steps}",
        run="retrain of {day}",
        later="If nobody does, the next night decides anew.",
        command='retrain {pipeline} --day {day} --reason "…"',
        command_does="Retrain again from a terminal, once it is mended",
    ),
    "rollback": _Words(
        headline="the rollback failed at {steps}",
        run="rollback",
        later="Another version is another rollback: trigger it anew.",
        command='rollback {pipeline} --why "…"',
        command_does="Roll back from a terminal; --to names another version",
    ),
    "reconcile": _Words(
        headline="what was changed in MLflow is not settled",
        run="look at what somebody changed in MLflow",
        later="If nobody does, it is tried again every few minutes while the change stays; this mail comes once a day.",
        command="reconcile",
        command_does="Look again from a terminal, once it is mended",
    ),
    "housekeeping": _Words(
        headline="housekeeping failed",
        run="housekeeping",
        later="If nobody does, the next morning tries again; until then nothing is removed.",
        command="housekeeping {pipeline} --dry-run",
        command_does="See what it would remove",
    ),
}


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
    ``serving`` is the newest promotion, ``promoted`` says that it is this run's own; ``asked`` is what a person wanted
    of a rollback.
    """

    pipeline: str
    day: date
    line: str
    run_id: str
    broken: tuple[Broken, ...]
    undone: tuple[str, ...] = ()
    serving: Promotion | None = None
    promoted: bool = False
    asked: RollbackRequest | None = None

    @property
    def words(self) -> _Words:
        return _LINES[self.line]


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
    """One mail for a run and the steps that failed in it; for a day where runs start themselves again and again."""
    run_id = "" if failure.line == "reconcile" else failure.run_id
    steps = ",".join(broken.step for broken in failure.broken)
    run = sha256(f"{run_id}\n{steps}".encode()).hexdigest()[:16]
    return f"failure/{failure.line}/{run}"


def _headline(failure: Failure) -> str:
    steps = listed(tuple(broken.step for broken in failure.broken), 1)
    what = failure.words.headline.format(day=failure.day, steps=steps)
    return shortened(f"{failure.pipeline}: {what}", HEADLINE)


def _run(failure: Failure) -> str:
    named, asked = failure.words.run.format(day=failure.day), failure.asked
    if asked is None:
        return named
    to = f" to version {asked.to}" if asked.to is not None else ""
    return f"{named}{to} that {asked.by} asked for"


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
    return f"{mend} {failure.words.later}"


def _parts(failure: Failure) -> Sequence[Part]:
    told = tuple(f"{_tried(broken)}: {sentence(broken.error or UNKNOWN)}" for broken in failure.broken)
    failed = (Bullets("What failed", told),) if len(told) > 1 else ()
    undone = (Bullets("What was not done", (", ".join(failure.undone),)),) if failure.undone else ()
    return (*failed, *undone, _commands(failure))


def _commands(failure: Failure) -> Commands:
    command = failure.words.command.format(pipeline=failure.pipeline, day=failure.day)
    past = ("See every step of the newest nights", f"nightshift history {failure.pipeline}")
    return Commands("What you can do", (past, (failure.words.command_does, f"nightshift {command}")))
