"""Who may ask, with and without the ledger."""

from datetime import UTC, datetime, timedelta

import pytest

from ml.errors import ServiceUnavailable
from ml.ledger import Ledger, migrate
from ml.records import Caller
from ml.serving.refusals import Refused
from ml.serving.register import OLDEST, Register
from ml.tokens import digest_of

START = datetime(2013, 6, 1, tzinfo=UTC)


class Clock:
    now = START

    def __call__(self):
        return self.now


@pytest.fixture
def ledger(tmp_path):
    migrate(f"sqlite:///{tmp_path}/ledger.db")
    opened = Ledger.open(f"sqlite:///{tmp_path}/ledger.db")
    opened.record_caller(Caller(name="website", scopes=("tiny",), digest=digest_of("nst_a"), by="ada", at=START))
    return opened


def away(ledger, monkeypatch):
    def silent(*_):
        raise ServiceUnavailable("the ledger did not answer")

    for name in ("callers", "record_seen"):
        monkeypatch.setattr(ledger, name, silent)


def test_a_caller_is_known_by_its_token_alone(ledger, tmp_path):
    register = Register(ledger, tmp_path / "callers.json")
    register.refresh()
    assert register.caller("Bearer nst_a").name == "website"
    assert register.caller("bearer  nst_a ").name == "website"
    for header in (None, "", "Bearer", "Bearer ", "Bearer nst_b", "nst_a", f"Bearer {digest_of('nst_a')}"):
        with pytest.raises(Refused) as refused:
            register.caller(header)
        assert refused.value.status == 401


def test_a_revoked_token_is_worthless_after_the_next_look(ledger, tmp_path):
    register = Register(ledger, tmp_path / "callers.json")
    register.refresh()
    ledger.revoke_caller("website", "ada", START)
    register.refresh()
    with pytest.raises(Refused, match="the token is not known, or was revoked"):
        register.caller("Bearer nst_a")


def test_callers_are_known_while_the_ledger_is_away_also_after_a_restart(ledger, tmp_path, monkeypatch):
    Register(ledger, tmp_path / "callers.json", Clock()).refresh()
    assert (tmp_path / "callers.json").stat().st_mode & 0o777 == 0o600
    assert "nst_a" not in (tmp_path / "callers.json").read_text()
    away(ledger, monkeypatch)
    register = Register(ledger, tmp_path / "callers.json", Clock())
    with pytest.raises(ServiceUnavailable):
        register.refresh()
    assert register.caller("Bearer nst_a").name == "website"


def test_what_is_too_old_is_believed_no_more(ledger, tmp_path):
    clock = Clock()
    register = Register(ledger, tmp_path / "callers.json", clock)
    register.refresh()
    clock.now = START + OLDEST + timedelta(minutes=1)
    with pytest.raises(Refused, match="the ledger has not said since 2013-06-01 00:00 UTC who may ask") as refused:
        register.caller("Bearer nst_a")
    assert refused.value.status == 503


def test_the_ledger_hears_who_asked_when(ledger, tmp_path):
    clock = Clock()
    register = Register(ledger, tmp_path / "callers.json", clock)
    register.refresh()
    register.caller("Bearer nst_a")
    register.tell()
    assert [caller.seen for caller in ledger.callers()] == [START]


def test_a_damaged_file_is_no_reason_to_fail(ledger, tmp_path):
    (tmp_path / "callers.json").write_bytes(b"\xff{")
    register = Register(ledger, tmp_path / "callers.json")
    with pytest.raises(Refused):
        register.caller("Bearer nst_a")
    register.refresh()
    assert register.caller("Bearer nst_a").name == "website"
