"""Who calls a step: with its ledger row, its lock, and the one rule of skipping."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from time import monotonic
from typing import Any

from ml import lines
from ml.errors import ConfigError, NoData
from ml.records import Record, from_json, to_json
from ml.steps import Step
from ml.workspace import Run

Told = Callable[[str, Record | None, float], None]


def perform(run: Run, step: Step, *inputs: Any) -> Any:
    """Do one step: give its record, or None when it had nothing to do or its input was skipped.

    The ledger holds one row for the attempt, and a lock while it lasts: two processes never do the same step of the
    same data day at once.

    Raises
    ------
    ServiceUnavailable
        Another process is doing this step of this data day.
    """
    ledger = run.workspace.ledger
    with ledger.attempt(
        run.name, run.day, step.__name__, inputs=[_noted(i) for i in inputs], external=run.external
    ) as attempt:
        ready = has_inputs(step, inputs)
        result = step(run, *inputs) if ready else None
        if result is None:
            attempt.skipped("there was nothing to do" if ready else "a step before it gave nothing")
        else:
            attempt.done(to_json(result))
    return result


def _noted(value: Any) -> dict[str, Any]:
    return to_json(value) if isinstance(value, Record) else {"value": value}


def has_inputs(step: Step, inputs: tuple[Any, ...]) -> bool:
    """Whether no input is None that the step needs; those annotated ``X | None`` may be."""
    needed = list(inspect.signature(step).parameters.values())[1:]
    return all(value is not None or _optional(parameter) for parameter, value in zip(needed, inputs, strict=True))


def _optional(parameter: inspect.Parameter) -> bool:
    return type(None) in getattr(parameter.annotation, "__args__", ())


@dataclass(frozen=True)
class InProcess:
    """The ``do`` of the CLI, of notebooks and of tests: every step at once, in this process.

    ``told`` hears each step's name, record and seconds when it ends; ``starting`` its name when it begins.
    """

    run: Run
    told: Told = lambda name, record, seconds: None
    starting: Callable[[str], None] = lambda name: None

    def __call__(self, step: Step, *inputs: Any) -> Any:
        started = monotonic()
        self.starting(step.__name__)
        result = perform(self.run, step, *inputs)
        self.told(step.__name__, result, monotonic() - started)
        return result


@dataclass(frozen=True)
class Drawn:
    """A step of a line as it is drawn, before anybody walks it: its name, and the names of the steps it hears from."""

    step: Step
    inputs: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.step.__name__


def drawing(line: Callable[..., Any], *starts: str) -> list[Drawn]:
    """The steps of a line in order. ``starts`` name the inputs that the line is given from outside."""
    drawn: list[Drawn] = []

    def do(step: Step, *inputs: str) -> str:
        drawn.append(Drawn(step, inputs))
        return step.__name__

    line(do, *starts)
    return drawn


def all_steps() -> dict[str, Drawn]:
    """Every step of a night's lines by name; ``deliver`` as the nightly line draws it."""
    drawings = (drawing(lines.score), drawing(lines.retrain, "decide"), drawing(lines.nightly))
    return {drawn.name: drawn for each in drawings for drawn in each}


def stored_inputs(run: Run, name: str) -> tuple[Drawn, tuple[Record | None, ...]]:
    """A step by its name, and its inputs as the steps before it left them in the ledger.

    Raises
    ------
    ConfigError
        There is no such step.
    NoData
        A step whose result it needs was not done for this data day.
    """
    known = all_steps()
    if name not in known:
        raise ConfigError(f"{name!r} is not a step{_nearest(name, known)}; the steps are {', '.join(known)}")
    drawn = known[name]
    return drawn, tuple(_stored(run, drawn, source) for source in drawn.inputs)


def resume(do: InProcess, name: str) -> None:
    """Walk the retrain line on from a step of that name, with what the steps before it left in the ledger."""
    drawn = drawing(lines.retrain, "decide")
    at = [step.name for step in drawn].index(name)
    for step in drawn[at:]:
        do(step.step, *(_stored(do.run, step, source) for source in step.inputs))


def _stored(run: Run, drawn: Drawn, source: str) -> Record | None:
    names = ("decide", "request") if source == "decide" else (source,)
    rows = [r for r in run.workspace.ledger.step_rows(run.name, run.day) if r.step in names]
    stored = next((r for r in reversed(rows) if r.outcome in ("done", "skipped")), None)
    if stored is None:
        raise NoData(f"{run}: {drawn.name} needs the result of {source}, which was not done for this day; do it first")
    return from_json(stored.output) if stored.output is not None else None


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f", did you mean {close[0]!r}?" if close else ""
