"""What a gate may measure with, while the models of an evaluation are at hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml.metrics import Task
from ml.records import Role

if TYPE_CHECKING:
    import numpy
    import pandas as pd


@dataclass(frozen=True)
class Trial:
    """The held-out rows, who predicted what of them, and the ways to try the challenger further.

    ``older`` are the labelled rows that the challenger was fitted on, ``newest`` the held-out ones; ``y`` are their
    labels and ``predictions`` one number a row for each role that was judged, in the same order. ``days`` names the
    day of each row. ``refit`` fits the challenger's recipe on ``older`` with another seed.
    """

    task: Task
    label: str
    features: tuple[str, ...]
    event_time: str
    challenger: Any
    champion: Any | None
    older: "pd.DataFrame"
    newest: "pd.DataFrame"
    y: "numpy.ndarray[Any, Any]"
    predictions: Mapping[Role, "numpy.ndarray[Any, Any]"]
    days: "numpy.ndarray[Any, Any]"
    refit: Callable[[int], Any]
