"""What steps hand to each other: frozen, named, small, and equal after a trip through JSON.

A record never holds data, only where the data lies and its fingerprint.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NaiveDatetime, model_validator

State = Literal["pulled", "accepted", "quarantined", "discarded"]
ActKind = Literal["release", "discard"]
Role = Literal["challenger", "champion", "baseline"]
MoveKind = Literal["promotion", "rollback", "outside", "revert"]
Scorer = Literal["production", "shadow", "canary", "batch"]
TRYOUT = "tryout"  # the gate that the traffic is
Answer = Literal["auto", "approved", "rejected", "expired", "withdrawn"]


class Record(BaseModel):
    """The base of all records."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=True, ser_json_inf_nan="strings")


class Violation(Record):
    """One broken rule of a contract: where, which rule, how many rows, and a sentence with value and limit.

    ``table`` is the upstream table whose rows break it; None means the pipeline's own rows. ``stops`` says that the
    rule is one of the whole day: it alone sets the day aside. ``why`` is what its owner wrote beside the rule.
    """

    column: str | None
    rule: str
    rows: int
    sentence: str
    table: str | None = None
    stops: bool = False
    why: str = ""

    @property
    def told(self) -> str:
        """The sentence with the owner's reason for the rule."""
        return f"{self.sentence} ({self.why})" if self.why else self.sentence

    @property
    def key(self) -> str:
        """What a release of the day lets pass: the rule and its place, whatever the values were."""
        return "/".join((self.table or "", self.column or "", self.rule))


class UpstreamPart(Record):
    """The rows of one upstream table on one data day, as they lie in the lake; refused ones with their reasons."""

    rows: int
    uri: str
    fingerprint: str
    refused: int = 0
    refused_uri: str | None = None


class Seen(Record):
    """The rows of a day as its drift check sees them: as the night of the data day ``night`` knew them first.

    Labels are those that came since.
    """

    night: date
    rows: int
    uri: str
    fingerprint: str


class Batch(Record):
    """The rows of one data day as they lie in the lake.

    ``uri`` is relative to the lake and content-addressed; ``fingerprint`` is the sha256 of the file.
    ``refused`` rows (with their reasons) lie in ``refused_uri``; they are not part of ``uri`` after ``validate``.
    ``upstream`` holds the rows of the tables that the day was joined from, by the table's name in the YAML;
    ``profile`` is the lake's place of the day's summary (see ``ml.profiles``), None until a contract has seen it.
    ``seen`` is what the drift check looks at (see ``ml.seen``), None for days that are not accepted.
    """

    pipeline: str
    day: date
    rows: int
    uri: str
    fingerprint: str
    state: State = "pulled"
    refused: int = 0
    refused_uri: str | None = None
    violations: tuple[Violation, ...] = ()
    upstream: dict[str, UpstreamPart] = {}
    profile: str | None = None
    seen: Seen | None = None

    @property
    def as_seen(self) -> "Batch":
        """The batch with the rows that the drift check looks at."""
        if self.seen is None:
            return self
        return self.model_copy(update=self.seen.model_dump(exclude={"night"}))

    @property
    def stops(self) -> tuple[Violation, ...]:
        """The broken rules for which the whole day was set aside."""
        return tuple(v for v in self.violations if v.stops)

    @property
    def stopped_by(self) -> str:
        """The sentences of the first three of them with their tables, and how many more there are."""
        told = [v.told if v.table is None else f"{v.table}: {v.told}" for v in self.stops[:3]]
        more = f"; and {len(self.stops) - 3} more rules" if len(self.stops) > 3 else ""
        return ("; ".join(told) or "its rows broke the contract") + more


class QuarantineAct(Record):
    """What a person decided about a quarantined day: who and why.

    A release lets the rules pass whose ``Violation.key`` is in ``rules``, on this day alone, also when the day is
    pulled once more; a broken rule that is not among them quarantines the day again.
    """

    pipeline: str
    day: date
    act: ActKind
    by: str
    why: str
    rules: tuple[str, ...] = ()
    at: datetime


class ColumnDrift(Record):
    """One column of a drift check, or one score of a detector beside the columns.

    ``score`` is None when it could not be compared; ``problem`` says why. ``threshold`` is None while neither its
    owner nor a calibration gave one. ``p_value`` is how often a quiet night goes as far, as calibrated. ``beside`` says
    that it is the score of a detector, and no column by itself.
    """

    column: str
    method: str
    threshold: float | None
    score: float | None
    drifted: bool
    problem: str | None = None
    p_value: float | None = None
    beside: bool = False

    @model_validator(mode="before")
    @classmethod
    def _of_an_older_night(cls, given: Any) -> Any:
        """What was stored before there was ``beside``: a detector's score has its kind before its name."""
        if not isinstance(given, dict) or "beside" in given:
            return given
        return given | {"beside": str(given.get("column")).startswith(f"{given.get('method')}: ")}

    @property
    def watched(self) -> str:
        """The column that it is about: its own name, without the detector that watches it."""
        return self.column.removeprefix(f"{self.method}: ") if self.beside else self.column


def drifted_of(columns: Sequence[ColumnDrift]) -> str:
    """How many of the columns drifted, and of the detectors' scores beside them, in words."""
    sides = {"columns": [c for c in columns if not c.beside], "detector scores": [c for c in columns if c.beside]}
    told = (f"{sum(c.drifted for c in side)} of {len(side)} {name}" for name, side in sides.items() if side)
    return f"{' and '.join(told)} drifted"


class DriftReport(Record):
    """Current days against reference days, column by column. ``html`` is the report's place in the lake.

    ``alarm`` is the answer of the whole check: enough columns passed, on enough nights in a row. ``calibration`` is
    the place of the calibration that gave the thresholds; ``notes`` say what else a reader must know. ``columns`` are
    the columns as the YAML has them, then the scores of the detectors.
    """

    pipeline: str
    day: date
    reference: tuple[date, date]
    current: tuple[date, date]
    reference_rows: int
    current_rows: int
    columns: tuple[ColumnDrift, ...]
    html: str | None = None
    alarm: bool = False
    calibration: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def drifted(self) -> tuple[str, ...]:
        return tuple(c.column for c in self.columns if c.drifted)

    @property
    def share(self) -> float:
        """The share of the compared columns that drifted; 0.0 when none was compared."""
        return len(self.drifted) / len(self.columns) if self.columns else 0.0


class Calibration(Record):
    """Thresholds at which a pipeline's whole drift check alarms as often as its owner asked, and what they rest on.

    ``day`` is the data day that it was made for, from accepted days before it: ``first`` to ``last``, which gave
    ``nights`` scored nights in ``blocks`` fortnights. ``alarms`` is how many of them the check calls when each block
    is judged by the others, ``interval`` the exact binomial 95 % interval of that rate. ``settings`` and ``calendar``
    say what it belongs to, ``data`` which rows it saw; ``uri`` is its place in the lake, with the fitted tails.
    With too few nights there are no ``thresholds`` and no ``uri``. ``sentence`` says what it can promise.
    """

    pipeline: str
    day: date
    asked: int
    sentence: str
    settings: str
    calendar: str
    data: str
    first: date | None
    last: date | None
    nights: int
    blocks: int
    alarms: int = 0
    interval: tuple[float, float] = (0.0, 1.0)
    level: float | None = None
    thresholds: dict[str, float] = {}
    uri: str | None = None
    expires: date
    code_version: str

    @property
    def ready(self) -> bool:
        """Whether there were nights enough for thresholds."""
        return self.uri is not None


class Sign(Record):
    """What speaks for a kind of shift. ``weight`` from 0 to 1 says how much it alone proves."""

    kind: str
    sign: str
    weight: float
    sentence: str
    column: str | None = None


class Diagnosis(Record):
    """Why a day's rows drifted, as far as can be told: its kind, what is done about it, and all signs.

    The signs of the kind come first, the strongest before the others. ``profile`` is the lake's place of the day's
    summary as it was when the diagnosis was made. ``doubts`` say why a retrain waits that the kind alone would ask for,
    and ``hangs_on`` are the days that they hang on: one may be earlier than the day of the alarm, as labels come later.
    """

    pipeline: str
    day: date
    kind: str
    action: str
    evidence: tuple[Sign, ...] = ()
    profile: str | None = None
    doubts: tuple[str, ...] = ()
    hangs_on: tuple[date, ...] = ()

    @property
    def sentence(self) -> str:
        """The kind and the strongest sign for it."""
        own = next((sign.sentence for sign in self.evidence if sign.kind == self.kind), None)
        return f"{self.kind}: {own}" if own else self.kind


class Reason(Record):
    """Why a retrain is (or would be) right: ``kind`` is the trigger, ``sentence`` carries the numbers."""

    kind: Literal["first model", "schedule", "new data", "drift", "performance", "on demand"]
    sentence: str


class Decision(Record):
    """Whether to retrain after a data day, with every reason for it, and every reason that held it back."""

    pipeline: str
    day: date
    retrain: bool
    reasons: tuple[Reason, ...] = ()
    against: tuple[str, ...] = ()
    window: int | None = None
    dry_run: bool = False
    by: str = "nightshift"

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(reason.kind for reason in self.reasons)


class FeatureTable(Record):
    """What the night of a data day knew of the past, by feature and key: a file in the lake, and the sha256 of it.

    ``at`` is when the night started. ``features`` gives the definition of each aggregate, in digits; those that no
    earlier night had are in the file for the nights from that of ``first`` on, the others for this night alone.
    """

    pipeline: str
    day: date
    at: datetime
    first: date
    features: dict[str, str]
    rows: int
    uri: str
    fingerprint: str


class Snapshot(Record):
    """The immutable rows that a model is fitted on: one Parquet file, its window, and the sha256 of its bytes.

    ``features`` gives the definition of each aggregate over the past that the rows carry, in digits.
    ``left_out`` are accepted days of the window that were in doubt.
    """

    pipeline: str
    day: date
    first: date
    last: date
    rows: int
    uri: str
    fingerprint: str
    features: dict[str, str] = {}
    left_out: tuple[date, ...] = ()

    @property
    def without(self) -> str:
        """The days that were left out, in words; empty without any."""
        return f"without {', '.join(map(str, self.left_out))}, in doubt" if self.left_out else ""


class Finding(Record):
    """What one gate found: whether the challenger may pass, in a sentence with the numbers and their limit."""

    gate: str
    passed: bool
    sentence: str


class Candidate(Record):
    """A trained model: its MLflow run, the model in it, and, once refitted on all rows, its registered version.

    ``findings`` are those of the refit's check; a refitted model that one of them refuses gets no version.
    """

    pipeline: str
    day: date
    snapshot: Snapshot
    run_id: str
    model_uri: str
    fitted_to: date
    recipe: str
    version: int | None = None
    findings: tuple[Finding, ...] = ()


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


class Verdict(Record):
    """What the gates say of a challenger: the finding of each; an objection is the sentence of one that refuses it."""

    pipeline: str
    day: date
    run_id: str
    passed: bool
    objections: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    champion_version: int | None = None
    findings: tuple[Finding, ...] = ()

    def after(self, refitted: Candidate | None) -> "Verdict":
        """With what the check of the refitted model found: its objections refuse the challenger too."""
        found = refitted.findings if refitted is not None else ()
        against = tuple(finding.sentence for finding in found if not finding.passed)
        more = {"passed": self.passed and not against, "objections": (*self.objections, *against)}
        return self.model_copy(update=more | {"findings": (*self.findings, *found)})

    @property
    def tryout(self) -> Finding | None:
        """What the traffic said of the version, where it saw any before Production."""
        return next((finding for finding in self.findings if finding.gate == TRYOUT), None)


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


class Tryout(Record):
    """A version in Staging that sees traffic, and may enter Production only after it; no ``champion_version``: none.

    ``kind`` says how it sees it, ``share`` which share of the keys it answers. What it and ``champion_version`` said of
    the same rows since ``at`` is compared by ``metric`` when their labels are there, until ``deadline``. ``alpha`` is
    the chance that it is stopped though it is no worse; ``undecided`` says what becomes of it when nothing was shown.
    """

    pipeline: str
    day: date
    run_id: str
    version: int
    champion_version: int
    kind: str
    share: float
    metric: str
    alpha: float
    undecided: Literal["pass", "stop"]
    deadline: datetime
    at: datetime


class TryoutVerdict(Record):
    """How a tryout ended: by what the labels say, by the service, by the clock, by a person, or by what happened since
    (withdrawn).

    ``worse_by`` is how much worse the version is than the champion, in units of the tryout's metric, on ``rows`` rows
    of ``blocks`` days; ``interval`` holds however often one looked.
    """

    pipeline: str
    day: date
    run_id: str
    version: int
    passed: bool
    by: Literal["labels", "service", "clock", "person", "withdrawn"]
    why: str
    worse_by: float | None = None
    interval: tuple[float, float] | None = None
    rows: int = 0
    blocks: int = 0
    at: datetime


class RollbackRequest(Record):
    """What a person asked for: which version back (``to``, None for the one before), why, and who.

    ``force`` also allows a version that was never in Production.
    """

    pipeline: str
    day: date
    to: int | None
    why: str
    by: str
    force: bool = False


class Promotion(Record):
    """A version that entered Production, and the one that left it (``previous``, None for the first).

    ``kind`` says how: by a promotion, a ``rollback``, an act ``outside`` of Nightshift, or the ``revert`` of one.
    ``recipe`` is that of the model, with ``snapshot`` it says what a rollback undid.
    """

    pipeline: str
    day: date
    version: int
    previous: int | None
    run_id: str
    snapshot: str
    at: datetime
    by: str = "nightshift"
    kind: MoveKind = "promotion"
    why: str = ""
    recipe: str | None = None


class Prediction(Record):
    """What a version said of one row, before anybody knew what happened.

    ``id`` is 32 hexadecimal digits that grow with time (see ``ml.predictions.ids``); ``role`` is what the version
    was there for, ``caller`` who asked (None for a batch), ``at`` when it was answered. ``key`` holds the source's key
    columns, ``event_time`` the row's own local time, ``day`` its data day. ``probability`` is that of the positive
    class, for a regression the predicted value. ``features`` is what the model saw, as the YAML's ``predictions``
    keeps it.
    """

    id: str
    pipeline: str
    version: int
    role: Scorer
    caller: str | None = None
    at: AwareDatetime
    key: dict[str, Any]
    event_time: NaiveDatetime | None = None
    day: date
    probability: Annotated[float, Field(allow_inf_nan=False)]
    features: dict[str, Any] | None = None


class Caller(Record):
    """Who may ask the prediction service: its name, and the pipelines it may ask, ``*`` for all.

    ``digest`` is the sha256 of its token, which is kept nowhere. ``seen`` is when it was last known to ask.
    """

    name: str
    scopes: tuple[str, ...]
    digest: str
    by: str
    at: datetime
    revoked: datetime | None = None
    revoked_by: str | None = None
    seen: datetime | None = None

    def may(self, pipeline: str) -> bool:
        """Whether it may ask this pipeline."""
        return "*" in self.scopes or pipeline in self.scopes


class Ahead(Record):
    """The rows of the day ``ahead`` as they were known at ``as_of``, before what they are about has happened.

    ``refused`` broke a rule of rows, ``passed`` were over already and are left out.
    """

    pipeline: str
    day: date
    ahead: date
    as_of: AwareDatetime
    rows: int
    refused: int
    passed: int
    violations: tuple[Violation, ...] = ()
    uri: str
    fingerprint: str
    refused_uri: str | None = None


class Scored(Record):
    """What a version said of the rows of the day ``ahead``: ``uri`` is a table of them, ``mean`` their mean."""

    pipeline: str
    day: date
    ahead: date
    version: int
    rows: int
    mean: float
    uri: str
    fingerprint: str


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


class Performance(Record):
    """How a version really did on the data days from ``first`` to ``day``, or on the part of their rows where
    ``column`` is ``value``.

    ``state`` is unknown while it cannot be said; ``why`` says what is missing, and is empty otherwise. ``metrics`` are
    all that these rows allow; ``interval`` holds that of ``metric`` at two-sided ``level``, from whole ``blocks`` of
    days, or of the hours of a single day; None when there are too few of them.
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
    metrics: dict[str, float] = {}
    interval: tuple[float, float] | None = None
    level: float = 0.95
    blocks: int = 0

    @property
    def realised(self) -> float | None:
        """The value of the metric that counts; None while it is unknown."""
        return self.metrics.get(self.metric) if self.state == "known" else None


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
    losses: dict[str, tuple[float, float]] = {}
    scores: dict[str, tuple[int, ...]] = {}


class Removal(Record):
    """What retention took away: a file of the lake by its place, a model, a version or a page of MLflow.

    ``since`` is when it was written; ``kind`` noticed says that it was only found without an owner.
    """

    pipeline: str
    kind: str
    what: str
    bytes: int
    why: str
    since: datetime
    by: str
    at: datetime


class Alert(Record):
    """A message for the owner. ``key`` makes it one: the same key is never sent twice.

    ``images`` are (content id, path in the lake) pairs, shown in ``html`` as ``cid:<content id>``.
    """

    key: str
    pipeline: str
    day: date
    kind: Literal["drift", "quarantine", "result", "failure", "approval", "stages"]
    subject: str
    text: str
    html: str
    images: tuple[tuple[str, str], ...] = ()


_KINDS = (
    *(Batch, FeatureTable, Calibration, DriftReport, Diagnosis, Decision),
    *(Snapshot, Candidate, Evaluation, Verdict, Question, Approval, Promotion, RollbackRequest, Alert),
    *(Ahead, Scored, Matured),
)


def to_json(record: Record) -> dict[str, object]:
    """The record as plain JSON values, with its kind, so that ``from_json`` gives the same record back."""
    return {"record": type(record).__name__, **record.model_dump(mode="json")}


def from_json(value: dict[str, object]) -> Record:
    """The record that ``to_json`` wrote.

    Raises
    ------
    KeyError
        The value names no known kind of record.
    """
    kinds = {kind.__name__: kind for kind in _KINDS}
    return kinds[str(value["record"])].model_validate({k: v for k, v in value.items() if k != "record"})
