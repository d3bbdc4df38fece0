"""What a gate may measure with, while the models of an evaluation are at hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ml.metrics import Task
from ml.records import Batch, Role

if TYPE_CHECKING:
    import numpy
    import pandas as pd

    Array = numpy.ndarray[Any, Any]


@dataclass(frozen=True)
class Served:
    """A saved model in a fresh process, as a service holds it: what it needs, what it answers, what it costs.

    ``refused`` says why it did not open or answer, else it is None. ``size`` is that of its files and ``memory`` what
    the process grew by when it loaded them, both in bytes. ``inputs`` are names and types as the model's file declares
    them, ``missing`` the requirements that are not met here. ``answers`` is one number for each row that was asked,
    ``milliseconds`` how long 95 of 100 requests take at most, by the rows of a request, in the quietest round, and
    ``busy`` the processor's time of that, whatever else the machine does.
    """

    size: int
    inputs: tuple[tuple[str, str], ...]
    refused: str | None = None
    memory: int = 0
    missing: tuple[str, ...] = ()
    answers: tuple[float, ...] = ()
    milliseconds: Mapping[int, float] = field(default_factory=dict)
    busy: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Surroundings:
    """What is known around the rows: the newest day whose labels are due, and the window's days as they were pulled.

    ``serve`` asks the saved models, each in a fresh process, the same requests.
    """

    due: date
    batches: tuple[Batch, ...]
    serve: Callable[["pd.DataFrame"], Mapping[Role, Served]]


@dataclass(frozen=True)
class Trial:
    """The held-out rows, who predicted what of them, and the ways to try the challenger further.

    ``older`` are the labelled rows that the challenger was fitted on, ``newest`` the held-out ones; ``y`` are their
    labels and ``predictions`` one number a row for each role that was judged, in the same order. ``days`` names the
    day of each row. ``refit`` fits the challenger's recipe on ``older`` with another seed; ``predict`` gives one number
    a row. ``slices`` are the columns that the evaluation is split by, ``requests`` a few rows as callers send them,
    with the features that are ``looked_up`` for them, which no caller sends.
    """

    task: Task
    label: str
    features: tuple[str, ...]
    event_time: str
    challenger: Any
    champion: Any | None
    older: "pd.DataFrame"
    newest: "pd.DataFrame"
    y: "Array"
    predictions: Mapping[Role, "Array"]
    days: "Array"
    refit: Callable[[int], Any]
    predict: Callable[[Any, "pd.DataFrame"], "Array"]
    slices: tuple[str, ...]
    requests: "pd.DataFrame"
    surroundings: Surroundings
    looked_up: frozenset[str] = frozenset()

    @cached_property
    def served(self) -> Mapping[Role, Served]:
        """The saved challenger, and champion, in fresh processes; started once, whoever asks."""
        return self.surroundings.serve(self.requests)
