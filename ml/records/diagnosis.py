"""Why a day's rows drifted."""

from datetime import date

from ml.records.record import Record


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
