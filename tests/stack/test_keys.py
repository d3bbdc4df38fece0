import json

import pytest

from stack import keys
from stack.errors import StackError


def test_secrets_are_made_once(tmp_path):
    first = keys.load_or_make(tmp_path / "secrets.env")
    assert keys.load_or_make(tmp_path / "secrets.env") == first
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_no_two_stacks_share_a_secret():
    one, other = keys.Keys.fresh(), keys.Keys.fresh()
    assert not set(vars(one).values()) & set(vars(other).values())
    assert len(one.jwt_secret) >= 64


def test_secrets_do_not_show_when_printed():
    fresh = keys.Keys.fresh()
    assert fresh.admin_password not in repr(fresh)


def test_a_file_that_lost_a_line_is_refused_by_name(tmp_path):
    keys.load_or_make(tmp_path / "secrets.env")
    lines = (tmp_path / "secrets.env").read_text().splitlines()
    (tmp_path / "secrets.env").write_text("\n".join(line for line in lines if not line.startswith("FERNET")))
    with pytest.raises(StackError, match="FERNET_KEY"):
        keys.load(tmp_path / "secrets.env")


def test_a_missing_file_says_what_makes_it(tmp_path):
    with pytest.raises(StackError, match="make up"):
        keys.load(tmp_path / "secrets.env")


def test_airflows_password_file_is_written_once_and_privately(tmp_path):
    fresh = keys.Keys.fresh()
    keys.write_passwords(tmp_path / "passwords.json", fresh)
    keys.write_passwords(tmp_path / "passwords.json", keys.Keys.fresh())
    assert json.loads((tmp_path / "passwords.json").read_text()) == {"admin": fresh.admin_password}
    assert (tmp_path / "passwords.json").stat().st_mode & 0o777 == 0o600


def test_the_masking_key_follows_from_the_secret_key_and_does_not_tell_it():
    fresh = keys.Keys.fresh()
    assert fresh.masking_key == keys.Keys(**vars(fresh)).masking_key != keys.Keys.fresh().masking_key
    assert fresh.secret_key not in fresh.masking_key
