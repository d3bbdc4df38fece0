"""From the spool into the ledger: a thread that moves whole segments, and waits while the ledger is away."""

import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from ml.errors import DataError, NightshiftError
from ml.predictions.folder import Folder
from ml.predictions.segment import decode
from ml.records import Prediction

PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
AT_ONCE = 5_000


class Book(Protocol):
    """Where predictions end up, each once however often it is sent: the ledger."""

    def record_predictions(self, made: Sequence[Prediction]) -> int: ...


class Shipper:
    """Moves what a spool holds into a ledger every ``pause`` seconds.

    A segment goes only after the ledger has committed all of it; killed in between, it is sent once more, and the
    ledger keeps each prediction once by its name. ``trouble`` says in a sentence why nothing moves, None while it does.
    """

    def __init__(self, spool: Folder, ledger: Book, pause: float = PAUSE_SECONDS) -> None:
        self.spool, self.ledger, self.pause = spool, ledger, pause
        self.trouble: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_shipping, name="shipper", daemon=True)

    def start(self) -> "Shipper":
        """Begin to ship, in a thread of its own."""
        self._thread.start()
        return self

    @property
    def alive(self) -> bool:
        """Whether the thread runs; when it does not, a bug ended it and the log has its traceback."""
        return self._thread.is_alive()

    def ship(self) -> int:
        """Move everything that is there; gives how many predictions were new to the ledger.

        Raises
        ------
        ServiceUnavailable
            The ledger is away; what is not moved yet stays where it is.
        """
        return sum(self._move(path) for path in self._segments())

    def stop(self) -> None:
        """End the thread, and move what is there if the ledger answers; what it does not take waits for a restart."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self.once()

    def _segments(self) -> Iterator[Path]:
        """The sealed ones, then what was written until now: while the ledger is away, segments grow to full size."""
        yield from self.spool.sealed()
        self.spool.seal()
        yield from self.spool.sealed()

    def _move(self, path: Path) -> int:
        made, damage = _readable(path)
        parts = (made[start : start + AT_ONCE] for start in range(0, len(made), AT_ONCE))
        new = sum(self.ledger.record_predictions(part) for part in parts)
        if damage is None:
            self.spool.remove(path)
        else:
            aside = self.spool.set_aside(path)
            logging.getLogger(__name__).error("%s; its other lines are in the ledger, the file is %s", damage, aside)
        return new

    def _keep_shipping(self) -> None:
        pause = self.pause
        while not self._stop.wait(pause):
            pause = self.pause if self.once() else min(2 * pause, LONGEST_PAUSE_SECONDS)

    def once(self) -> bool:
        """Ship, and say so when the ledger does not take it; gives whether it did."""
        try:
            self.ship()
        except NightshiftError as error:
            self._say(f"{error}; {self.spool.held:,} bytes of predictions wait in {self.spool.folder}")
            return False
        if self.trouble:
            logging.getLogger(__name__).warning("the ledger takes predictions again")
        self.trouble = None
        return True

    def _say(self, trouble: str) -> None:
        if self.trouble is None:
            logging.getLogger(__name__).warning(trouble)
        self.trouble = trouble


def _readable(path: Path) -> tuple[list[Prediction], DataError | None]:
    """The predictions of a segment, and what is wrong with a line of it."""
    made: list[Prediction] = []
    try:
        for prediction in decode(path):
            made.append(prediction)
    except DataError as error:
        return made, error
    return made, None
