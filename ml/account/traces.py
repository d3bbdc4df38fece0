"""Everything that the ledger holds about one data day, read once."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from ml import fates, tenures
from ml.days import Span
from ml.fates import Fate
from ml.records import Approval, Promotion, Question, Record, from_json
from ml.tenures import Tenure

if TYPE_CHECKING:
    from ml.ledger import AlertRow, DecisionRow, Ledger, StepRow

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Traces:
    """A data day of a pipeline, and the ledger that is asked about it. A step that was done anew counts as it was
    done last.
    """

    ledger: "Ledger"
    pipeline: str
    day: date

    @cached_property
    def attempts(self) -> "list[StepRow]":
        """Every attempt at every step, oldest first."""
        return self.ledger.step_rows(self.pipeline, self.day)

    @cached_property
    def newest(self) -> "dict[str, StepRow]":
        """The newest attempt at each step that came to an end of its own, by the step's name."""
        return {row.step: row for row in self.attempts if row.outcome in ("done", "skipped")}

    def record(self, step: str, kind: type[R]) -> R | None:
        """What a step gave back, if that is of this kind."""
        row = self.newest.get(step)
        found = from_json(row.output) if row is not None and row.output else None
        return found if isinstance(found, kind) else None

    @cached_property
    def fate(self) -> Fate | None:
        """What became of the day's rows, up to now."""
        found = fates.of(self.ledger, self.pipeline, Span(self.day, self.day))
        return found[0] if found else None

    @cached_property
    def decisions(self) -> "list[DecisionRow]":
        """Every decision about the day, oldest first: the nights' own, and those that people asked for."""
        return [row for row in self.ledger.decisions(self.pipeline) if row.decision.day == self.day]

    @cached_property
    def tenures(self) -> list[Tenure]:
        """The times in Production that began with this day."""
        return [tenure for tenure in tenures.of(self.ledger, self.pipeline) if tenure.promotion.day == self.day]

    @cached_property
    def champion(self) -> Promotion | None:
        """What was in Production before the day's night: the promotion of the newest day before it."""
        earlier = [p for p in self.ledger.promotions(self.pipeline) if p.day < self.day]
        return earlier[-1] if earlier else None

    @cached_property
    def answers(self) -> list[Approval]:
        """What was answered about versions of the day, oldest first."""
        return [answer for answer in self.ledger.answers(self.pipeline) if answer.day == self.day]

    @cached_property
    def questions(self) -> list[Question]:
        """What people were asked about versions of the day."""
        return [question for question in self.ledger.questions(self.pipeline) if question.day == self.day]

    @cached_property
    def alerts(self) -> "list[AlertRow]":
        """The mails about the day."""
        return self.ledger.alerts_of(self.pipeline, self.day)
