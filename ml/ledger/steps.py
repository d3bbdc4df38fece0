"""The book of steps: one row per pipeline, data day, step and attempt."""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ml.errors import NightshiftError, ServiceUnavailable
from ml.ledger.book import Book, append
from ml.ledger.code import code_version
from ml.ledger.database import Database, without_secrets
from ml.ledger.locks import held
from ml.ledger.rows import Outcome, StepRow
from ml.ledger.tables import steps
from ml.ledger.types import utc_now


@dataclass
class Attempt:
    """A step that runs now. What it says at its end is written when its block ends."""

    id: int
    number: int
    database: Database
    outcome: Outcome = "done"
    output: Mapping[str, Any] | None = None
    note: str | None = None

    def done(self, output: Mapping[str, Any] | None) -> None:
        """It ended well, with this output: references, never data."""
        self.outcome, self.output, self.note = "done", output, None

    def skipped(self, why: str) -> None:
        """There was nothing to do."""
        self.outcome, self.output, self.note = "skipped", None, why

    def link(self, **external: str) -> None:
        """Note where else this attempt can be seen (``mlflow="<run id>"``); written at once, so a crash keeps it."""
        with self.database.writing() as connection:
            known = connection.execute(sa.select(steps.c.external).filter_by(id=self.id)).scalar_one()
            connection.execute(sa.update(steps).filter_by(id=self.id).values(external=known | external))


class Steps(Book):
    """Who did what for which data day, from when to when, from what, with which result."""

    @contextmanager
    def attempt(
        self,
        pipeline: str,
        day: date,
        step: str,
        *,
        inputs: Sequence[Mapping[str, Any]] = (),
        external: Mapping[str, str] | None = None,
        wait: float = 2.0,
    ) -> Iterator[Attempt]:
        """Do a step for a data day, alone in the world, and keep a row of it.

        The row says ``running`` from the start; then ``done``, ``skipped`` or, when the block raises, ``failed``. Rows
        that still say ``running`` then belong to processes that died, and become ``lost``.

        Raises
        ------
        ServiceUnavailable
            Another process is at this step of this day, and still was after ``wait`` seconds; or the ledger is down;
            or it was away so long that another attempt took over.
        """
        of = {"pipeline": pipeline, "day": day, "step": step}
        with held(self.database, f"{step} of {pipeline} {day}", wait):
            attempt = self._begin(of, inputs, external or {})
            try:
                yield attempt
            except BaseException as error:
                self._fail(attempt, error)
                raise
            self._end(attempt)

    def _begin(
        self, of: Mapping[str, Any], inputs: Sequence[Mapping[str, Any]], external: Mapping[str, str]
    ) -> Attempt:
        now = utc_now()
        with self.database.writing() as connection:
            running = sa.update(steps).filter_by(**of, outcome="running")
            connection.execute(running.values(outcome="lost", ended=now))
            last = connection.scalar(sa.select(sa.func.max(steps.c.attempt)).filter_by(**of)) or 0
            row = {"attempt": last + 1, "at": now, "outcome": "running", "inputs": list(inputs), "external": external}
            ran = {"code_version": code_version(), "host": socket.gethostname(), "pid": os.getpid()}
            return Attempt(append(connection, steps, {**of, **row, **ran}), last + 1, self.database)

    def _end(self, attempt: Attempt) -> None:
        values = {"outcome": attempt.outcome, "output": attempt.output, "error": attempt.note, "ended": utc_now()}
        with self.database.writing() as connection:
            # a server that restarted has let go of our lock: whoever took it called this row lost
            mine = sa.update(steps).filter_by(id=attempt.id, outcome="running")
            if connection.execute(mine.values(**values)).rowcount == 0:
                raise ServiceUnavailable(
                    f"attempt {attempt.number} lost its lock while the ledger at {self.database.place} was away, "
                    "and another attempt took over"
                )

    def _fail(self, attempt: Attempt, error: BaseException) -> None:
        attempt.outcome, attempt.output, attempt.note = "failed", None, failure(error)
        try:
            self._end(attempt)
        except NightshiftError as second:
            error.add_note(f"This failure is not in the ledger: {second}")

    def step_rows(self, pipeline: str, day: date | None = None) -> list[StepRow]:
        """All attempts, oldest first: of one data day, or of all."""
        query = sa.select(steps).filter_by(pipeline=pipeline).order_by(steps.c.id)
        return [_row(row) for row in self._rows(query if day is None else query.filter_by(day=day))]

    def output(self, pipeline: str, day: date, step: str) -> dict[str, Any] | None:
        """What the newest attempt that was done gave back; None when none was."""
        of = {"pipeline": pipeline, "day": day, "step": step, "outcome": "done"}
        query = sa.select(steps.c.output).filter_by(**of).order_by(steps.c.id.desc()).limit(1)
        return next((row["output"] for row in self._rows(query)), None)

    def outputs(self, pipeline: str, step: str) -> dict[date, dict[str, Any]]:
        """What the newest attempt that was done gave back, for each day that has one."""
        of = {"pipeline": pipeline, "step": step, "outcome": "done"}
        query = sa.select(steps.c.day, steps.c.output).filter_by(**of).order_by(steps.c.id)
        return {row["day"]: row["output"] for row in self._rows(query) if row["output"]}


def failure(error: BaseException) -> str:
    """The sentence to keep of an error: its own when it is ours, else with its type; its notes; no secrets."""
    said = str(error) if isinstance(error, NightshiftError) else f"{type(error).__name__}: {error}"
    return without_secrets("; ".join([said, *getattr(error, "__notes__", [])]))[:4000]


def _row(row: sa.RowMapping) -> StepRow:
    return StepRow(started=row["at"], **{name: value for name, value in row.items() if name != "at"})
