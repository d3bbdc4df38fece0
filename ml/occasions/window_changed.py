"""Fitted on another stretch of the past."""

from typing import Literal

from ml.occasions.occasion import BaseOccasion, Case


class WindowChanged(BaseOccasion):
    """The version is fitted on another number of days than the one in Production.

    >>> WindowChanged()
    WindowChanged(kind='window_changed')
    """

    kind: Literal["window_changed"] = "window_changed"

    def reason(self, case: Case) -> str | None:
        before = case.champion_tags.get("nightshift.window")
        if before is None or before == str(case.window):
            return None
        return f"it is fitted on a window of {case.window} days, the champion on one of {before}"
