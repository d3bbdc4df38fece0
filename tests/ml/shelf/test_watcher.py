import logging
import time

import pytest

from ml.shelf import Watcher
from ml.shelf.watcher import AT_MOST

pytestmark = pytest.mark.integration


def wait_until(said, seconds=30):
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_promotion_is_noticed_by_itself(keeper, point):
    watched = keeper()
    point(production=1)
    watcher = Watcher([watched], every=0.05)
    watcher.start()
    try:
        wait_until(lambda: watched.shelf.current is not None)
        point(production=2, previous=1)
        wait_until(lambda: watched.shelf.current.version == 2)
    finally:
        watcher.close()


def test_a_start_without_mlflow_serves_at_once_and_says_so_once(keeper, point, mlflow, caplog):
    first = keeper()
    point(production=1)
    first.look()
    mlflow.away = True
    watched = keeper()
    watcher = Watcher([watched], every=0.01)
    caplog.set_level(logging.INFO)
    watcher.start()
    try:
        assert watched.shelf.current.version == 1
        wait_until(lambda: watcher.pause > 0.04)
        assert "MLflow did not answer" in watched.shelf.away
        mlflow.away = False
        point(production=2)
        wait_until(lambda: watched.shelf.current.version == 2)
        wait_until(lambda: watched.shelf.away is None)
    finally:
        watcher.close()
    assert caplog.text.count("MLflow did not answer") == 1
    assert caplog.text.count("MLflow answers again") == 1


def test_looks_become_rarer_while_mlflow_is_away(keeper, mlflow):
    watcher = Watcher([keeper()], every=1.5)
    pauses = [watcher.pause]
    mlflow.away = True
    for _ in range(8):
        watcher.look()
        pauses.append(watcher.pause)
    assert pauses[:4] == [1.5, 3.0, 6.0, 12.0]
    assert pauses[-1] == AT_MOST


def test_what_nobody_foresaw_is_logged_once_and_keeps_nobody_else_from_being_looked_after(keeper, point, caplog):
    def broken():
        raise ZeroDivisionError("by chance")

    ill, well = keeper(aliases=broken), keeper()
    point(production=1)
    watcher = Watcher([ill, well])
    watcher.look()
    watcher.look()
    assert well.shelf.current.version == 1
    assert caplog.text.count("a look at the aliases failed: tiny: ZeroDivisionError: by chance") == 1
