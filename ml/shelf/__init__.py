"""Models that serve in a process: loaded beside each other, checked, and swapped in one piece."""

from ml.golden import Example
from ml.shelf.loading import fetched, opened
from ml.shelf.served import Served
from ml.shelf.shelf import Shelf, Slots

__all__ = ["Example", "Served", "Shelf", "Slots", "fetched", "opened"]
