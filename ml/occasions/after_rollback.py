"""After something went wrong."""

from typing import Literal

from ml.occasions.occasion import BaseOccasion, Case


class AfterRollback(BaseOccasion):
    """What is in Production came there by a rollback: the next promotion is looked at by a person.

    >>> AfterRollback()
    AfterRollback(kind='after_rollback')
    """

    kind: Literal["after_rollback"] = "after_rollback"

    def reason(self, case: Case) -> str | None:
        newest = case.newest
        if newest is None or newest.kind != "rollback":
            return None
        return (
            f"version {newest.version} came back into Production by a rollback on {newest.at:%Y-%m-%d}, "
            f"by {newest.by}, because: {newest.why}"
        )
