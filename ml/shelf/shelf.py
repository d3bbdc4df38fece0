"""One pipeline's versions in memory."""

from collections.abc import Mapping
from dataclasses import dataclass

from ml.shelf.refusal import Refusal
from ml.shelf.served import Served


@dataclass(frozen=True)
class Slots:
    """What stands on a shelf at one moment: what serves, what served before it, and what waits in Staging."""

    current: Served | None = None
    previous: Served | None = None
    candidate: Served | None = None

    def held(self, version: int) -> Served | None:
        """The version, if it stands in any slot."""
        return next(
            (one for one in (self.current, self.previous, self.candidate) if one and one.version == version), None
        )

    @property
    def versions(self) -> frozenset[int]:
        return frozenset(one.version for one in (self.current, self.previous, self.candidate) if one)


class Shelf:
    """One pipeline's slots, changed all at once.

    A request reads ``slots`` (or ``current``) once and keeps what it got: a swap is one assignment, which Python does
    in one piece, so a request finishes with the version that it began with, and none sees half of a change.
    ``refused`` are the versions that an alias points to and that may not serve, ``swaps`` counts the versions that
    began to serve, ``away`` says since when MLflow does not answer (None: it does). ``stopped`` is a candidate that is
    asked no more, and why.
    """

    def __init__(self, pipeline: str, slots: Slots = Slots()) -> None:
        self.pipeline = pipeline
        self.slots = slots
        self.refused: Mapping[int, Refusal] = {}
        self.swaps = 0
        self.away: str | None = None
        self.stopped: tuple[int, str] | None = None

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
