"""The two models of a training: the one that is judged, and the one that is refitted on all rows and may serve."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ml import holdout, refits, training
from ml.records import Candidate, Finding, Snapshot
from ml.workspace import Run

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Fit:
    """A fitted estimator, the few fixed rows whose predictions are digested, and the last day that it has seen."""

    estimator: Any
    probe: "pd.DataFrame"
    fitted_to: date


def judged(run: Run, snapshot: Snapshot) -> Fit:
    """The recipe, fitted on all but the newest labelled days."""
    parts = holdout.split(run, snapshot)
    return _fit(run, parts.older, parts.days.first - timedelta(days=1))


def refitted(run: Run, snapshot: Snapshot) -> Fit:
    """The recipe, fitted on all rows that have a label."""
    return _fit(run, holdout.labelled(run, snapshot), snapshot.last)


def check(run: Run, candidate: Candidate, refit: Fit) -> tuple[Finding, ...]:
    """What the held-out rows say of a refitted model beside the one that was judged on them; see ``ml.refits``."""
    model, limits = run.pipeline.model, run.pipeline.evaluation.refit
    judged = run.workspace.registry.load_model(candidate.model_uri)
    probe = holdout.split(run, candidate.snapshot).newest
    return tuple(refits.findings(model, limits, judged, refit.estimator, probe))


JUDGED, REFITTED = "judged", "model"
FITS: Mapping[str, Callable[[Run, Snapshot], Fit]] = {JUDGED: judged, REFITTED: refitted}


def _fit(run: Run, rows: "pd.DataFrame", fitted_to: date) -> Fit:
    model = run.pipeline.model
    return Fit(training.fit(model, rows), training.example(model, rows), fitted_to)
