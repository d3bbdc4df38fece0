"""Trained while the rows moved."""

from typing import Literal

from ml.occasions.occasion import BaseOccasion, Case


class Drifted(BaseOccasion):
    """The drift check of the same data day alarmed.

    >>> Drifted()
    Drifted(kind='drift')
    """

    kind: Literal["drift"] = "drift"

    def reason(self, case: Case) -> str | None:
        if case.report is None or not case.report.alarm:
            return None
        drifted = case.report.drifted
        return f"the drift check of {case.report.day} alarmed: {', '.join(drifted)}"
