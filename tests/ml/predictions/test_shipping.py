"""The shipper in a process of its own."""

import os
import signal
import time

import pytest

from ml.ledger import Ledger, migrate
from ml.predictions.shipping import Shipping
from ml.predictions.spool import Spool


@pytest.fixture
def ledger(tmp_path):
    migrate(f"sqlite:///{tmp_path}/ledger.db")
    return Ledger.open(f"sqlite:///{tmp_path}/ledger.db")


def until(found, seconds=60):
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.integration
def test_predictions_reach_the_ledger_also_after_the_process_was_killed(tmp_path, ledger, predicted):
    with Spool(tmp_path / "spool") as spool:
        shipping = Shipping(spool, str(ledger.database.engine.url), pause=0.1).start()
        first, second, third = predicted(3)
        spool.append([first])
        until(lambda: ledger.prediction(first.id))
        killed = shipping.pid
        os.kill(killed, signal.SIGKILL)
        spool.append([second])
        until(lambda: ledger.prediction(second.id))
        assert shipping.pid != killed
        spool.append([third])
        shipping.stop()
        assert ledger.prediction(third.id) == third
        assert spool.sealed() == []


@pytest.mark.integration
def test_while_the_ledger_is_away_segments_do_not_pile_up(tmp_path, predicted):
    with Spool(tmp_path / "spool") as spool:
        shipping = Shipping(spool, f"sqlite:///{tmp_path}/nowhere/ledger.db", pause=0.02).start()
        for _ in range(20):
            spool.append(predicted())
            time.sleep(0.03)
        assert len(spool.sealed()) == 1
        shipping.stop()
        assert len(spool.sealed()) <= 2
