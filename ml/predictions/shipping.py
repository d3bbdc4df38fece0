"""The shipper in a process of its own, so that what it does takes no time from the service that fills the spool.

    python -m ml.predictions.shipping FOLDER

It ends, after a last try, when its standard input does: with the service, however that ends.
"""

from __future__ import annotations

import logging
import os
import select
import subprocess
import sys
import threading
from pathlib import Path

from ml.predictions.folder import Folder
from ml.predictions.shipper import LONGEST_PAUSE_SECONDS, PAUSE_SECONDS, Shipper
from ml.predictions.spool import Spool

ROOT = Path(__file__).parents[2]
LAST_SECONDS = 3.0
_NICE = 10
log = logging.getLogger(__name__)


class Shipping:
    """Keeps the process alive, and seals what it is to ship: every second, and at the end."""

    def __init__(self, spool: Spool, ledger_url: str, pause: float = PAUSE_SECONDS) -> None:
        self.spool, self.ledger_url, self.pause = spool, ledger_url, pause
        self._stop = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_sealing, name="shipping", daemon=True)

    @property
    def pid(self) -> int | None:
        """Of the process; None before the start."""
        return self._child.pid if self._child else None

    def start(self) -> Shipping:
        """Begin."""
        self._child = self._started()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Seal what is there and let the process try to ship it; what the ledger does not take waits for a restart."""
        self._stop.set()
        self._thread.join()
        self.spool.seal()
        if self._child is None:
            return
        _hang_up(self._child)
        try:
            self._child.wait(LAST_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _keep_sealing(self) -> None:
        while not self._stop.wait(self.pause):
            if not self.spool.sealed():  # else they would be many small ones while the ledger is away
                self.spool.seal()
            self.spool.recount()
            if self._child is not None and self._child.poll() is not None:
                log.error("the shipper ended with exit code %s; it is started again", self._child.returncode)
                _hang_up(self._child)
                self._child = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "ml.predictions.shipping", str(self.spool.folder)]
        env = {**os.environ, "PYTHONPATH": str(ROOT), "NIGHTSHIFT_LEDGER_URL": self.ledger_url}
        return subprocess.Popen(words, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


def _hang_up(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()


def main() -> None:
    """Ship until the standard input ends."""
    import signal

    from ml.ledger import Ledger

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for number in (signal.SIGTERM, signal.SIGINT):  # sent to the whole group: the service says when it is over
        signal.signal(number, signal.SIG_IGN)
    os.nice(_NICE)
    shipper = Shipper(Folder(Path(sys.argv[1])), Ledger.open(os.environ["NIGHTSHIFT_LEDGER_URL"]))
    pause = PAUSE_SECONDS
    while not select.select([sys.stdin], [], [], pause)[0]:
        pause = PAUSE_SECONDS if shipper.once() else min(2 * pause, LONGEST_PAUSE_SECONDS)
    shipper.once()


if __name__ == "__main__":
    main()
