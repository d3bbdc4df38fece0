"""Whether a person is asked before a version that passed the gates enters Production."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ml.approval.approval import BaseApproval
from ml.approval.auto import Auto
from ml.approval.human import Human
from ml.approval.human_if import HumanIf
from ml.section import spelled_out

ROSTER: tuple[type[BaseApproval], ...] = (Auto, Human, HumanIf)

_Kinds = Annotated[Auto | Human | HumanIf, Field(discriminator="kind")]

ApprovalPlan = Annotated[_Kinds, BeforeValidator(spelled_out, json_schema_input_type=Literal["auto", "human"] | _Kinds)]

__all__ = ["ROSTER", "ApprovalPlan", "Auto", "BaseApproval", "Human", "HumanIf"]
