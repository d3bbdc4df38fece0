"""What is kept of what was predicted, and for how long."""

from typing import Literal

from pydantic import Field, model_validator

from ml.retention import Kept
from ml.section import Section


class PredictionLog(Section):
    """What is kept of each prediction. Names in `masked` and `dropped` may be features or columns of the key; what is
    kept never has them in the clear, on the service's own disk neither.
    """

    features: Literal["value", "reference", "none"] = Field(
        default="value",
        description="value: what the model saw; reference: a fingerprint of it, by which features that are computed "
        "again are compared; none: nothing.",
    )
    masked: tuple[str, ...] = Field(
        default=(),
        description="Columns kept as a keyed hash (key: `NIGHTSHIFT_MASKING_KEY`): equal values stay equal, so labels "
        "still join, and nobody without the key can guess them.",
        examples=[["tailnum"]],
    )
    dropped: tuple[str, ...] = Field(default=(), description="Features that are not kept at all.")
    keep: Kept = Field(default=90, description="How long predictions are kept, counted from their data day.")

    @property
    def hidden(self) -> frozenset[str]:
        """The columns that are kept nowhere in the clear."""
        return frozenset({*self.masked, *self.dropped})

    @model_validator(mode="after")
    def _once(self) -> "PredictionLog":
        if both := sorted(set(self.masked) & set(self.dropped)):
            raise ValueError(f"{', '.join(both)} cannot be masked and dropped")
        return self
