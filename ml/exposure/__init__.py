"""Whether a version in Staging sees requests before it enters Production."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ml.exposure.canary import Canary
from ml.exposure.exposure import BaseExposure, Watched
from ml.exposure.shadow import Shadow
from ml.exposure.unseen import Unseen
from ml.section import spelled_out

ROSTER: tuple[type[BaseExposure], ...] = (Unseen, Shadow, Canary)

_Kinds = Annotated[Unseen | Shadow | Canary, Field(discriminator="kind")]

Exposure = Annotated[
    _Kinds, BeforeValidator(spelled_out, json_schema_input_type=Literal["none", "shadow", "canary"] | _Kinds)
]

__all__ = ["ROSTER", "BaseExposure", "Canary", "Exposure", "Shadow", "Unseen", "Watched"]
