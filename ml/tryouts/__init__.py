"""A version in Staging sees traffic before it may enter Production, until that speaks for or against it."""

from ml.tryouts.pairs import Pairs, pairs
from ml.tryouts.rule import judge
from ml.tryouts.tryouts import closed, opened, standing, stopped, under_way

__all__ = ["Pairs", "closed", "judge", "opened", "pairs", "standing", "stopped", "under_way"]
