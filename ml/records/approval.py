"""Whether a version may enter Production: what a person was asked, and what was answered."""

from datetime import date, datetime
from typing import Literal

from ml.records.record import Record

Answer = Literal["auto", "approved", "rejected", "expired", "withdrawn"]


class Question(Record):
    """Whether a version may enter Production, put to a person until ``deadline``; no ``reasons``: nobody is asked.

    ``reasons`` say why a person is asked, ``users`` who alone may answer (nobody named: anybody who may run the DAG),
    ``champion_version`` which version it was judged against.
    """

    pipeline: str
    day: date
    run_id: str
    version: int
    champion_version: int | None
    reasons: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    deadline: datetime
    at: datetime


class Approval(Record):
    """What was answered: by a person (approved, rejected), by the clock (expired), by what happened since (withdrawn).

    ``auto`` says that nobody had to be asked. ``why`` is the person's comment, or what withdrew it.
    """

    pipeline: str
    day: date
    run_id: str
    version: int
    answer: Answer
    by: str
    why: str = ""
    at: datetime

    @property
    def granted(self) -> bool:
        """Whether the version may enter Production."""
        return self.answer in ("auto", "approved")
