"""What the prediction service takes of a pipeline's callers, and when it says no."""

from typing import Literal

from pydantic import Field

from ml.exposure import Exposure, Unseen
from ml.section import Section


class Serving(Section):
    """How requests for predictions are met; beyond a limit they are refused with a sentence, nothing grows."""

    rows: int = Field(default=10_000, ge=1, le=1_000_000, description="So many rows may one request carry.")
    body: int = Field(default=8_000_000, ge=1_000, le=1_000_000_000, description="So many bytes may one request have.")
    text: int = Field(default=1_000, ge=1, le=1_000_000, description="So many characters may one value have.")
    rate: float | None = Field(
        default=1_000,
        gt=0,
        description="So many requests a second may one caller make, twice as many at once; null: as many as it can.",
    )
    queue: int = Field(
        default=64, ge=1, le=10_000, description="So many requests may be under way; one more is answered 503."
    )
    timeout: float = Field(
        default=10, gt=0, le=600, description="Seconds that a body may take to arrive, and an answer to be computed."
    )
    key: Literal["required", "optional"] = Field(
        default="required",
        description="Whether a row must carry the source's key and event time: without them nobody can ever tell "
        "whether its prediction was right.",
    )
    candidate: Exposure = Field(
        default=Unseen(),
        description="What a version in Staging sees of the requests: none of them, a copy (shadow), a share (canary).",
    )
