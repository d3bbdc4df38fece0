"""The rows that a model is fitted on, and what they know of the past."""

from datetime import date, datetime

from pydantic import Field

from ml.records.record import Record


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
    features: dict[str, str] = Field(default_factory=dict)
    left_out: tuple[date, ...] = ()

    @property
    def without(self) -> str:
        """The days that were left out, in words; empty without any."""
        return f"without {', '.join(map(str, self.left_out))}, in doubt" if self.left_out else ""
