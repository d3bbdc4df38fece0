"""One pipeline's versions in memory."""

from dataclasses import dataclass

from ml.shelf.served import Served


@dataclass(frozen=True)
class Slots:
    """What stands on a shelf at one moment: what serves, what served before it, and what waits in Staging."""

    current: Served | None = None
    previous: Served | None = None
    candidate: Served | None = None


class Shelf:
    """One pipeline's slots, changed all at once.

    A request reads ``slots`` (or ``current``) once and keeps what it got: a swap is one assignment, which Python does
    in one piece, so a request finishes with the version that it began with, and none sees half of a change.
    """

    def __init__(self, pipeline: str, slots: Slots = Slots()) -> None:
        self.pipeline = pipeline
        self.slots = slots

    @property
    def current(self) -> Served | None:
        """The version that answers; None before the first is loaded."""
        return self.slots.current

    @property
    def previous(self) -> Served | None:
        """The version that answered before it, kept so that a rollback loads nothing."""
        return self.slots.previous

    @property
    def candidate(self) -> Served | None:
        """The version in Staging, where the pipeline tries candidates."""
        return self.slots.candidate
