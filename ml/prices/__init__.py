"""What a retrain is worth to its owner: prices of predictions, of machines and of people."""

from typing import Annotated

from pydantic import Field

from ml.prices.decisions import Decisions
from ml.prices.loss import Loss
from ml.prices.value import BaseValue

ROSTER: tuple[type[BaseValue], ...] = (Loss, Decisions)

Value = Annotated[Loss | Decisions, Field(discriminator="kind")]

__all__ = ["ROSTER", "BaseValue", "Decisions", "Loss", "Value"]
