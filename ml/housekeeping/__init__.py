"""Retention: what is old enough to go, what may never go, and its removal, each noted in the ledger."""

from ml.housekeeping.housekeeping import tidy
from ml.housekeeping.report import Housekeeping

__all__ = ["Housekeeping", "tidy"]
