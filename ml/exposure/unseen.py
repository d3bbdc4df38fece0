"""The candidate sees nothing."""

from typing import Literal

from ml.exposure.exposure import BaseExposure


class Unseen(BaseExposure):
    """A version in Staging sees no requests; the gates alone judge it.

    >>> Unseen()
    Unseen(kind='none')
    """

    kind: Literal["none"] = "none"
