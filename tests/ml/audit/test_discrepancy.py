"""How an audit is told."""

from ml.audit.discrepancy import Checked, Discrepancy

WRONG = Checked("files", "3 files", (Discrepancy("a \x1b[31mfile is gone", "restore it"),))


def test_a_check_that_found_nothing_is_one_line():
    assert Checked("files", "3 files").lines() == ["  files     ok     3 files"]


def test_what_is_wrong_stands_below_with_what_mends_it():
    assert WRONG.lines() == ["  files     WRONG  3 files", "    a  [31mfile is gone", "      mend: restore it"]


def test_as_json_it_has_everything():
    assert WRONG.as_json()["ok"] is False
    assert WRONG.as_json()["found"][0]["mend"] == "restore it"
