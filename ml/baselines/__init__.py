"""What a challenger must beat before it is worth anything: the average, a rule of the trade, a simple model."""

from typing import Annotated

from pydantic import Field

from ml.baselines.baseline import BaseBaseline, Guess
from ml.baselines.constant import Constant
from ml.baselines.rule import Rule
from ml.baselines.simple import Simple

ROSTER: tuple[type[BaseBaseline], ...] = (Constant, Rule, Simple)

Baseline = Annotated[Constant | Rule | Simple, Field(discriminator="kind")]

__all__ = ["ROSTER", "BaseBaseline", "Baseline", "Constant", "Guess", "Rule", "Simple"]
