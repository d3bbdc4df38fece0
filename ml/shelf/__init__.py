"""Models that serve in a process: loaded beside each other, checked, and swapped in one piece."""

from ml.golden import Example
from ml.shelf.copies import Copies, Copy, Damaged, Placed
from ml.shelf.keeper import Keeper
from ml.shelf.loading import check, opened
from ml.shelf.neighbours import watch
from ml.shelf.refusal import Refusal
from ml.shelf.served import Served
from ml.shelf.shelf import Shelf, Slots
from ml.shelf.traffic import Told, Traffic
from ml.shelf.watcher import Watcher

__all__ = [
    "Copies",
    "Copy",
    "Damaged",
    "Example",
    "Keeper",
    "Placed",
    "Refusal",
    "Served",
    "Shelf",
    "Slots",
    "Told",
    "Traffic",
    "Watcher",
    "check",
    "opened",
    "watch",
]
