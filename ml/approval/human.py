"""A person is always asked."""

from typing import Literal

from ml.approval.approval import Asking
from ml.occasions import Case


class Human(Asking):
    """A person answers for every version that passes the gates.

    >>> Human(deadline="12h", assigned_users=["ada"])
    Human(kind='human', deadline=datetime.timedelta(seconds=43200), assigned_users=('ada',))
    """

    kind: Literal["human"] = "human"

    def reasons(self, case: Case) -> tuple[str, ...]:
        return ("every promotion of this pipeline is approved by a person",)
