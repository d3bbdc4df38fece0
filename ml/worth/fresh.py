"""Whether the version in Production does worse than the one that it replaced, on the days that it served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml.prices import Loss
from ml.worth.gain import gain
from ml.worth.served import move

if TYPE_CHECKING:
    from ml.workspace import Run


def worse(run: Run, by: float) -> str | None:
    """By how much it does worse, with all numbers, if by more than ``by`` even at the better end of the interval.

    In units of ``evaluation.metric``, or where that is no mean over rows, of the loss that stands for it. None when it
    does not, while less than three days have matured, and where that is not known.
    """
    ledger, metric = run.workspace.ledger, run.pipeline.evaluation.metric
    stands = move(ledger.promotions(run.name), run.day)
    if stands is None or stands.previous is None:
        return None
    days = [w for w in ledger.weighings(run.name) if w.against == "replaced" and stands.day < w.day <= run.day]
    own = [w for w in days if (w.version, w.other) == (stands.version, stands.previous)]
    found, unit = gain(own, Loss(), metric), Loss().unit(metric)
    if found.interval is None or not (least := -found.interval[1] / found.rows) > by:
        return None
    return (
        f"version {stands.version} has a {unit} that is {-found.total / found.rows:.4f} a row above that of version "
        f"{stands.previous}, which it replaced, on the same {found.rows} rows of {own[0].day} to {own[-1].day}: "
        f"worse by at least {least:.4f} (> {by:g})"
    )
