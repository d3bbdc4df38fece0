"""Looks again and again where the aliases point, in a thread of its own."""

import logging
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from ml.errors import ServiceUnavailable
from ml.shelf.keeper import Keeper

EVERY, AT_MOST = 1.5, 30.0  # seconds between two looks, and while MLflow does not answer
log = logging.getLogger(__name__)


class Watcher:
    """Has every keeper look, one after the other; while MLflow does not answer, at longer and longer intervals.

    The thread has the priority of the others: one of a lower priority would keep the interpreter's lock from them
    while it waits for the processor itself.
    """

    def __init__(self, keepers: Sequence[Keeper], every: float = EVERY) -> None:
        self.keepers = tuple(keepers)
        self.every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._walk, name="shelf", daemon=True)
        self._away: tuple[datetime, str] | None = None
        self._puzzles: set[str] = set()
        self._silences = 0

    def start(self) -> None:
        """Put back what this machine has copies of, so that answers can be given at once; then begin to look."""
        for keeper in self.keepers:
            keeper.restore()
        self._thread.start()

    def close(self) -> None:
        """Look no more. A version that is being fetched now is not waited for."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def _walk(self) -> None:
        while True:
            self.look()
            if self._stop.wait(self.pause):
                return

    @property
    def pause(self) -> float:
        """Seconds until the next look."""
        return min(AT_MOST, self.every * 2.0**self._silences)

    def look(self) -> None:
        """One look at everything; what keeps it from looking is logged when it begins and when it ends."""
        for keeper in self.keepers:
            if self._stop.is_set():
                return
            try:
                keeper.look()
            except ServiceUnavailable as error:
                self._silent(str(error))
                return
            except Exception as error:  # the others must be looked after, whatever happens to this one
                self._puzzled(keeper, error)
        self._answered()

    def _silent(self, why: str) -> None:
        self._silences = min(self._silences + 1, 10)
        if self._away is None:
            self._away = datetime.now(UTC), why
            log.warning("%s; what is in memory serves on", why)
        since, first = self._away
        for keeper in self.keepers:
            keeper.shelf.away = f"since {since:%Y-%m-%d %H:%M:%S} UTC: {first}"

    def _answered(self) -> None:
        self._silences = 0
        if self._away is not None:
            log.info("MLflow answers again, after %.0f s", (datetime.now(UTC) - self._away[0]).total_seconds())
            self._away = None
            for keeper in self.keepers:
                keeper.shelf.away = None

    def _puzzled(self, keeper: Keeper, error: Exception) -> None:
        """Log what nobody foresaw, each kind of it once."""
        puzzle = f"{keeper.shelf.pipeline}: {type(error).__name__}: {error}"
        if puzzle not in self._puzzles and len(self._puzzles) < 100:
            self._puzzles.add(puzzle)
            log.exception("a look at the aliases failed: %s", puzzle)
