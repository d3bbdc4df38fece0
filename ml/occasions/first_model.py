"""The first one."""

from typing import Literal

from ml.occasions.occasion import BaseOccasion, Case


class FirstModel(BaseOccasion):
    """Nothing is in Production yet, so that the challenger was compared with no champion.

    >>> FirstModel()
    FirstModel(kind='first_model')
    """

    kind: Literal["first_model"] = "first_model"

    def reason(self, case: Case) -> str | None:
        if case.evaluation.champion_version is not None:
            return None
        return "it is the first model: nothing is in Production to compare it with"
