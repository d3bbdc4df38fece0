"""The candidate sees a copy of the traffic."""

from typing import Literal

from ml.exposure.exposure import Watched, Watching


class Shadow(Watched):
    """The candidate scores a copy of the rows that the version in Production answers; nobody hears what it says.

    What both said is compared when the labels come. The retrain line waits for that only when it is given ``wait``.

    >>> Shadow(wait="3d").days
    3
    """

    kind: Literal["shadow"] = "shadow"
    wait: Watching = 0

    @property
    def days(self) -> int:
        return self.wait
