"""What makes a person be asked before a version enters Production."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ml.occasions.after_rollback import AfterRollback
from ml.occasions.drift import Drifted
from ml.occasions.features_changed import FeaturesChanged
from ml.occasions.first_model import FirstModel
from ml.occasions.occasion import BaseOccasion, Case
from ml.occasions.slices import WorseSlices
from ml.occasions.window_changed import WindowChanged
from ml.occasions.worse import Worse
from ml.section import spelled_out

ROSTER: tuple[type[BaseOccasion], ...] = (
    FirstModel,
    Worse,
    WorseSlices,
    Drifted,
    WindowChanged,
    FeaturesChanged,
    AfterRollback,
)


_Kinds = Annotated[
    FirstModel | Worse | WorseSlices | Drifted | WindowChanged | FeaturesChanged | AfterRollback,
    Field(discriminator="kind"),
]
_Names = Literal["first_model", "worse", "slices", "drift", "window_changed", "features_changed", "after_rollback"]

Occasion = Annotated[_Kinds, BeforeValidator(spelled_out, json_schema_input_type=_Names | _Kinds)]

__all__ = [
    "ROSTER",
    "AfterRollback",
    "BaseOccasion",
    "Case",
    "Drifted",
    "FeaturesChanged",
    "FirstModel",
    "Occasion",
    "WindowChanged",
    "Worse",
    "WorseSlices",
]
