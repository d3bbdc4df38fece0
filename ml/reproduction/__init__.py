"""A training done again from what it left: does the same model come out, and if not, what differs?"""

from ml.reproduction.environment import reproduce_locked
from ml.reproduction.report import Reproduction
from ml.reproduction.reproduce import reproduce

__all__ = ["Reproduction", "reproduce", "reproduce_locked"]
