"""One at a time, and free again when the holder dies."""

import subprocess
import sys
import threading

import pytest

from ml.errors import ServiceUnavailable
from ml.ledger import Ledger
from ml.ledger.locks import here, lock_key

HOLDS = """
import sys, time
from ml.ledger import Ledger
with Ledger.open(sys.argv[1]).lock("promote:flights"):
    print("holds", flush=True)
    time.sleep(600)
"""


def test_the_key_of_a_name_never_changes():
    assert lock_key("promote:flights") == -3459977985549053071
    assert all(-(2**63) <= lock_key(str(n)) < 2**63 for n in range(1000))


def test_who_is_here_fits_into_what_postgres_keeps(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "hö" * 100)
    assert len(here().encode()) <= 63


def test_a_second_holder_hears_who_has_it(ledger):
    with (
        ledger.lock("promote:flights"),
        pytest.raises(ServiceUnavailable, match=r"promote:flights is in the hands of pid \d+ on .* since 20.* UTC"),
        ledger.lock("promote:flights", wait=0.05),
    ):
        pass


def test_a_waiting_holder_gets_it_when_the_first_lets_go(ledger):
    order = []

    def second():
        with ledger.lock("promote:flights", wait=30):
            order.append("second")

    thread = threading.Thread(target=second)
    with ledger.lock("promote:flights"):
        thread.start()
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_other_names_are_free(ledger):
    with ledger.lock("promote:flights"), ledger.lock("promote:weather", wait=0.05):
        pass


def test_it_is_free_again_after_an_error(ledger):
    with pytest.raises(KeyError), ledger.lock("promote:flights"):
        raise KeyError
    with ledger.lock("promote:flights", wait=0.05) as lock:
        lock.confirm()


def test_kill_9_of_the_holder_frees_it(address, ledger):
    with subprocess.Popen([sys.executable, "-c", HOLDS, address], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "holds\n"
        with pytest.raises(ServiceUnavailable, match=f"pid {holder.pid}"), ledger.lock("promote:flights", wait=0.05):
            pass
        holder.kill()
        holder.wait()
        with ledger.lock("promote:flights", wait=30):
            pass


@pytest.mark.integration
def test_a_lock_whose_session_ended_does_not_confirm(postgres, cut_lock_sessions):
    ledger = Ledger.open(postgres)
    with ledger.lock("promote:flights") as lock:
        cut_lock_sessions(postgres)
        with pytest.raises(ServiceUnavailable, match="did not answer"):
            lock.confirm()
