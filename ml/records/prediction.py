"""What a version said of rows, of which rows, and who asked."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, NaiveDatetime

from ml.records.batch import Violation
from ml.records.record import Record

Scorer = Literal["production", "shadow", "canary", "batch"]


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
