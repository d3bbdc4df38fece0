"""How a challenger did beside champion and baseline."""

from datetime import date
from typing import Literal

from ml.records.record import Record

Role = Literal["challenger", "champion", "baseline"]


class Score(Record):
    """How one role did on the held-out rows. ``how`` says which model it was, for example "refitted without them".

    ``basis`` tells models of one role apart: as a Comparison's does.
    """

    role: Role
    how: str
    metrics: dict[str, float]
    version: int | None = None
    basis: str | None = None


class SliceScore(Record):
    """How one role did on the held-out rows with ``value`` in ``column``."""

    column: str
    value: str
    rows: int
    role: Role
    metrics: dict[str, float]


class DayGap(Record):
    """How much worse the challenger was on one held-out day; for a metric that is no mean over rows, what the day
    brings to the whole (its jackknife pseudo-value).
    """

    day: date
    worse_by: float
    rows: int


class Looks(Record):
    """What all nights that asked the same question have seen together, each held-out day once.

    ``question`` counts the questions of a year, ``nights`` the nights that asked this one. ``interval`` holds at
    ``level`` for all its looks at once, however often one looks; None while there are too few blocks.
    """

    worse_by: float
    interval: tuple[float, float] | None
    level: float
    blocks: int
    block_days: int
    first: date
    last: date
    nights: int
    question: int


class Comparison(Record):
    """How the challenger did beside another model on the same held-out rows: row by row, and by whole blocks of time.

    ``worse_by`` is how much worse the challenger is than ``role``, in units of ``metric``; negative when it is better.
    ``interval`` holds it at two-sided ``level``, from whole ``blocks`` of days, because rows of one day are not
    independent; None when there are too few blocks. ``basis`` says which model the other was: the champion "as
    served", its recipe on its "own rows" or on the "same rows" as the challenger's, or the name of a baseline; ``how``
    says it in words. ``days`` are what the interval rests on, ``looks`` what earlier nights have to say.
    """

    role: Role
    how: str
    metric: str
    worse_by: float
    interval: tuple[float, float] | None
    level: float
    blocks: int
    block_days: int
    rows: int
    version: int | None = None
    basis: str | None = None
    days: tuple[DayGap, ...] = ()
    looks: Looks | None = None


class Measurement(Record):
    """What a gate had measured of a challenger beyond its scores: one number with its unit.

    ``gate`` is the kind of the gate, ``name`` what was measured, ``of`` which part of the rows or which model where
    the name alone does not say it; ``interval`` is given where the number is an estimate.
    """

    gate: str
    name: str
    value: float
    unit: str = ""
    of: str | None = None
    rows: int | None = None
    interval: tuple[float, float] | None = None
    note: str | None = None


class Importance(Record):
    """How much worse a role gets, in units of ``metric``, when the values of one feature are shuffled among the rows.

    ``worse_by`` is the mean over some shuffles, ``spread`` the least and the most of them.
    """

    feature: str
    role: Role
    metric: str
    worse_by: float
    spread: tuple[float, float]


class Evaluation(Record):
    """Challenger, champion and baseline on the same newest held-out rows.

    ``comparisons`` pair the challenger with each of the others, ``measurements`` are what gates asked for beyond
    that, ``importances`` what challenger and champion lean on. ``pictures`` are (name, place in the lake) pairs.
    ``procedure`` names the challenger's recipe, with its window where that is shorter than the champion's;
    ``champion_procedure`` the champion's.
    """

    pipeline: str
    day: date
    run_id: str
    metric: str
    first: date
    last: date
    rows: int
    scores: tuple[Score, ...]
    slices: tuple[SliceScore, ...] = ()
    champion_version: int | None = None
    pictures: tuple[tuple[str, str], ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    importances: tuple[Importance, ...] = ()
    procedure: str | None = None
    champion_procedure: str | None = None

    def score(self, role: Role, basis: str | None = None) -> Score | None:
        """The score of a role; of a role of which there are several, the first, or that of ``basis``."""
        return next((s for s in self.scores if s.role == role and (basis == s.basis or None in (basis, s.basis))), None)

    def compared(self, metric: str, *bases: str) -> Comparison | None:
        """The comparison by a metric with the first model there is that goes by one of ``bases``."""
        return next((c for c in self.comparisons if c.metric == metric and c.basis in bases), None)

    @property
    def same_procedure(self) -> bool:
        """Whether challenger and champion differ in nothing but the rows they were fitted on."""
        return self.procedure is not None and self.procedure == self.champion_procedure

    def measured(self, gate: str) -> tuple[Measurement, ...]:
        """What was measured for the gates of a kind."""
        return tuple(m for m in self.measurements if m.gate == gate)
