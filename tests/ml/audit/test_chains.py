"""The ledger by itself, tampered with on SQLite and on Postgres."""

from ml.audit.chains import chains, guards
from tests.ml.ledger.conftest import address, ledger, migrated_file, migrated_name, unguarded  # noqa: F401
from tests.ml.ledger.test_chain import fill


def test_a_ledger_that_was_only_written_to_is_right(ledger):  # noqa: F811
    fill(ledger)
    assert chains(ledger).found == guards(ledger).found == ()
    assert chains(ledger).said.startswith("3 rows of decisions, 3 rows of promotions")


def test_a_row_that_was_changed_is_a_discrepancy_with_both_values(ledger, unguarded, said):  # noqa: F811
    fill(ledger)
    unguarded(ledger, "promotions", "UPDATE promotions SET version = 7 WHERE id = 2")
    checked = chains(ledger)
    assert said(checked) == ["promotions 2 says version = 7, but was written with 2"]
    assert "backup" in checked.found[0].mend


def test_a_missing_guard_is_mended_by_the_command_it_names(ledger, unguarded, said):  # noqa: F811
    fill(ledger)
    unguarded(ledger, "decisions", "UPDATE decisions SET by = by WHERE id = 1", again=False)
    checked = guards(ledger)
    assert said(checked) == ["decisions can be changed: the triggers that keep it append-only are gone or switched off"]
    assert checked.found[0].mend == "nightshift migrate"
    ledger.migrate()
    assert guards(ledger).found == ()
