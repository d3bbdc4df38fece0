"""What became of predictions: how versions really did, and what is expected of them."""

from datetime import date
from typing import Literal

from pydantic import Field

from ml.records.prediction import Scorer
from ml.records.record import Record


class Outcomes(Record):
    """What had become of a data day's predictions when the night of ``night`` looked at the accepted rows ``batch``.

    ``known`` have a label; ``waiting`` may still get one; ``never`` will get none, as far as labels came so far;
    ``unmatched`` are of no accepted row. ``uri`` is the lake's place of the join: one row for each prediction.
    """

    pipeline: str
    day: date
    night: date
    predictions: int
    known: int
    waiting: int
    never: int
    unmatched: int
    batch: str | None
    uri: str
    fingerprint: str


class Estimated(Record):
    """How well a version is expected to have done on a data day whose labels are still young.

    ``value`` is that of ``metric`` on ``rows`` rows; ``interval`` is to hold what the labels will say at two-sided
    ``level``. ``learned`` are the first and the last day whose labels taught it. ``state`` is unknown where nothing can
    be said, and ``why`` says what is missing; it is empty otherwise. ``guess`` is what was worked out, also where it is
    not shown for want of an interval: how far guesses lay off makes the intervals of later days.
    """

    pipeline: str
    day: date
    version: int
    role: Scorer = "batch"
    metric: str
    state: Literal["estimated", "unknown"]
    why: str = ""
    value: float | None = None
    interval: tuple[float, float] | None = None
    level: float
    rows: int
    learned: tuple[date, date] | None = None
    guess: float | None = None


SAID, CAME = "mean_prediction", "mean_label"


class Performance(Record):
    """How a version really did on the data days from ``first`` to ``day``, or on the part of their rows where
    ``column`` is ``value``.

    ``state`` is unknown while it cannot be said; ``why`` says what is missing, and is empty otherwise. ``metrics`` are
    all that these rows allow, and beside them the means SAID and CAME of predictions and labels; ``interval`` holds
    that of ``metric`` at two-sided ``level``, from whole ``blocks`` of days, or of the hours of a single day; None when
    there are too few of them.
    """

    pipeline: str
    day: date
    first: date
    version: int
    role: Scorer
    column: str | None = None
    value: str | None = None
    metric: str
    state: Literal["known", "unknown"]
    why: str = ""
    rows: int = 0
    metrics: dict[str, float] = Field(default_factory=dict)
    interval: tuple[float, float] | None = None
    level: float = 0.95
    blocks: int = 0

    @property
    def realised(self) -> float | None:
        """The value of the metric that counts; None while it is unknown."""
        return self.metrics.get(self.metric) if self.state == "known" else None

    @property
    def bias(self) -> tuple[float, float] | None:
        """What was said on average, and what came: of a model that is right they are equal, on each slice too.

        None while that is unknown, and of nights that did not keep it. D. Sculley et al., "Hidden Technical Debt in
        Machine Learning Systems" (2015), section 8, calls their difference the prediction bias.
        """
        if self.state != "known" or not self.metrics.keys() >= {SAID, CAME}:
            return None
        return self.metrics[SAID], self.metrics[CAME]


class Looked(Record):
    """How many of a data day's rows had a label when the night of so many days (``age``) later looked."""

    day: date
    age: int
    rows: int
    labelled: int


class Matured(Record):
    """What the night knows of outcomes: of how many days it joined anew, and what became of their predictions.

    ``looked`` are the days at which it counted labels. ``curve`` is the share of labels that are there after so many
    days, from all nights; ``due`` the days after which a row without a label never gets one, as learned from it, or
    ``label_delay`` while there is too little to learn from. ``realised`` is how the version in Production did on the
    newest days whose labels are due, ``estimated`` what is expected of the newest day that was predicted.
    """

    pipeline: str
    day: date
    looked: tuple[Looked, ...] = ()
    curve: tuple[tuple[int, float], ...] = ()
    label_delay: int
    due: int
    days: int = 0
    known: int = 0
    waiting: int = 0
    never: int = 0
    unmatched: int = 0
    realised: Performance | None = None
    estimated: Estimated | None = None


class Weighed(Record):
    """What a version gave on a matured day that it served, beside another version on the same rows.

    ``against`` says which the ``other`` was: the one that it ``replaced``, or the ``stale`` one that nobody would have
    retrained. ``rows`` have a label, ``weighed`` of them were scored by both. ``losses`` are the mean loss a row of the
    version and of the other, by metric. ``scores`` count the rows by what was said, in hundredths (101 of them), under
    "version 0", "version 1", "other 0" and "other 1", whose digit is the label; empty for a regression. ``state`` is
    unknown where one of them could not be asked; ``why`` says so, and is empty otherwise.
    """

    pipeline: str
    day: date
    version: int
    other: int
    against: Literal["replaced", "stale"]
    state: Literal["known", "unknown"]
    why: str = ""
    rows: int
    weighed: int = 0
    losses: dict[str, tuple[float, float]] = Field(default_factory=dict)
    scores: dict[str, tuple[int, ...]] = Field(default_factory=dict)
