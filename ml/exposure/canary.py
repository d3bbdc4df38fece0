"""The candidate answers a share of the requests."""

from typing import Annotated, Literal

from pydantic import Field

from ml.exposure.exposure import Watched, Watching


class Canary(Watched):
    """The candidate answers the rows of a stable share of the keys; of the others, it scores a copy.

    Who is in the share is told by a hash of the row's key, salted with the version: the same key is answered by the
    same version as long as the canary lasts, and the next canary begins with other keys. The version in Production
    scores a copy of what the candidate answers, so that both have said something of every row. The retrain line waits
    until the candidate is stopped, is surely better, or its days are over.

    >>> Canary(share=0.2, key=["tailnum"]).by
    ('tailnum',)
    """

    kind: Literal["canary"] = "canary"
    share: float = Field(default=0.1, gt=0, le=0.5, description="The share of the keys that the candidate answers.")
    key: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(), description="The columns by whose values rows are shared out; the source's key when left out."
    )
    wait: Watching = 7

    @property
    def answers(self) -> float:
        return self.share

    @property
    def by(self) -> tuple[str, ...]:
        return self.key

    @property
    def days(self) -> int:
        return self.wait
