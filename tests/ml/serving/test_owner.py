"""The owner's own caller."""

import pytest

from ml.ledger import Ledger, migrate
from ml.serving.owner import owner
from ml.tokens import digest_of


@pytest.fixture
def ledger(tmp_path):
    migrate(f"sqlite:///{tmp_path}/ledger.db")
    return Ledger.open(f"sqlite:///{tmp_path}/ledger.db")


def test_the_first_start_makes_it_and_the_next_leaves_it(ledger, tmp_path):
    owner(ledger, tmp_path / "token")
    token = (tmp_path / "token").read_text()
    owner(ledger, tmp_path / "token")
    [caller] = ledger.callers()
    assert (tmp_path / "token").read_text() == token
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600
    assert (caller.name, caller.scopes, caller.digest) == ("owner", ("*",), digest_of(token.strip()))


@pytest.mark.parametrize("left", [None, "nst_another\n", ""])
def test_a_lost_token_is_replaced_and_worthless(ledger, tmp_path, left):
    owner(ledger, tmp_path / "token")
    (tmp_path / "token").unlink()
    if left is not None:
        (tmp_path / "token").write_text(left)
    owner(ledger, tmp_path / "token")
    first, second = ledger.callers()
    assert (first.revoked is None, second.revoked is None) == (False, True)
    assert second.digest == digest_of((tmp_path / "token").read_text().strip())
