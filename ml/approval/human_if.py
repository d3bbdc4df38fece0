"""A person is asked when there is something to look at."""

from typing import Literal

from pydantic import Field

from ml.approval.approval import Asking
from ml.occasions import Case, Occasion


class HumanIf(Asking):
    """A person answers for a version if one of the occasions holds; the others enter Production by themselves.

    >>> HumanIf(occasions=["first_model"], deadline="2d")
    HumanIf(kind='human_if', deadline=datetime.timedelta(days=2), assigned_users=(), occasions=(FirstModel(kind='first_model'),))
    """  # noqa: E501

    kind: Literal["human_if"] = "human_if"
    occasions: tuple[Occasion, ...] = Field(min_length=1, description="Any of them is enough.")

    def reasons(self, case: Case) -> tuple[str, ...]:
        found = (occasion.reason(case) for occasion in self.occasions)
        return tuple(reason for reason in found if reason)
