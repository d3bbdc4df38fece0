"""Rows chained by hash: every change behind the ledger's back is found."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from ml import seals
from ml.ledger.chain import CHAINED, Head
from ml.records import Approval, Batch, Decision, Promotion, QuarantineAct

DAY = date(2013, 1, 31)
NOW = datetime(2013, 2, 1, 2, 30, 0, 123456, tzinfo=UTC)
BATCH = Batch(pipeline="flights", day=DAY, rows=1, uri="u", fingerprint="f", state="accepted")

WRITES = """
import sys
from datetime import date
from ml.ledger import Ledger
from ml.records import Decision
ledger = Ledger.open(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for n in range(25):
    ledger.record_decision(Decision(pipeline=sys.argv[2], day=date(2013, 1, 1), retrain=False, against=(str(n),)))
"""


def fill(ledger, rows=3):
    for n in range(1, rows + 1):
        ledger.record_decision(Decision(pipeline="flights", day=DAY, retrain=True, against=(f"no {n}",)))
        ledger.record_promotion(
            Promotion(pipeline="flights", day=DAY, version=n, previous=None, run_id="r", snapshot="s", at=NOW)
        )
        ledger.record_act(
            QuarantineAct(pipeline="flights", day=DAY, act="release", by="ada", why=f"why {n} \0 ☃", at=NOW), BATCH
        )
        ledger.record_answer(
            Approval(pipeline="flights", day=DAY, run_id="r", version=n, answer="approved", by="ada", at=NOW)
        )


def test_a_book_that_was_only_written_to_is_whole(ledger):
    fill(ledger)
    assert {book: ledger.broken(book) for book in CHAINED} == {book: [] for book in CHAINED}


def test_the_head_stands_for_all_rows(ledger):
    assert ledger.heads() == {}
    fill(ledger)
    hashes = ledger.hashes("promotions")
    assert ledger.heads()["promotions"] == Head("promotions", 3, hashes[3])
    assert sorted(hashes) == [1, 2, 3]


TAMPERED = {
    "a column": ("UPDATE promotions SET version = 7 WHERE id = 2", "promotions 2 says version = 7, but was written"),
    "a moment": ("UPDATE promotions SET at = '2012-01-01 00:00:00' WHERE id = 1", "promotions 1 says at = '2012"),
    "a reason": ("UPDATE promotions SET snapshot = 'ß' WHERE id = 3", "promotions 3 says snapshot = 'ß'"),
    "a row that is gone": ("DELETE FROM promotions WHERE id = 2", "promotions 3 does not follow from the row before"),
    "the first row": ("DELETE FROM promotions WHERE id = 1", "promotions 2 does not follow.* rows before it are gone"),
    "column and seal": (
        "UPDATE promotions SET version = 7, sealed = replace(sealed, '\"version\":2', '\"version\":7') WHERE id = 2",
        "promotions 2 does not follow",
    ),
    "a row of a stranger": (
        "INSERT INTO promotions (id, pipeline, day, version, run_id, snapshot, by, at, sealed, hash) "
        "VALUES (9, 'flights', '2013-01-31', 9, 'r', 's', 'eve', '2013-02-01 00:00:00', '', 'x')",
        "promotions 9 has no seal",
    ),
    "another number": ("UPDATE promotions SET id = 9 WHERE id = 3", "promotions 9 says id = 9, but was written with 3"),
    "no seal at all": ("UPDATE promotions SET sealed = 'x' WHERE id = 3", "promotions 3 does not follow"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_change_behind_the_ledgers_back_is_found(what, ledger, unguarded):
    fill(ledger)
    statement, sentence = TAMPERED[what]
    unguarded(ledger, "promotions", statement)
    (found,) = ledger.broken("promotions")
    assert re.match(sentence, found.sentence), found.sentence


def test_a_text_inside_a_decision_is_covered(ledger, unguarded):
    fill(ledger)
    unguarded(ledger, "decisions", "UPDATE decisions SET against = '[\"no 9\"]' WHERE id = 1")
    (found,) = ledger.broken("decisions")
    assert found.sentence == "decisions 1 says against = ['no 9'], but was written with ['no 1']"


def test_a_seal_with_its_hash_made_anew_breaks_the_row_after_it(ledger, unguarded):
    fill(ledger)
    with ledger.database.reading() as connection:
        sealed = connection.scalar(sa.text("SELECT sealed FROM promotions WHERE id = 2"))
    forged = sealed.replace('"version":2', '"version":7')
    made = seals.chained(ledger.hashes("promotions")[1], forged)
    unguarded(
        ledger, "promotions", f"UPDATE promotions SET version = 7, sealed = '{forged}', hash = '{made}' WHERE id = 2"
    )
    assert [b.number for b in ledger.broken("promotions")] == [3]


def test_a_column_that_came_later_has_its_default_in_older_rows(ledger, unguarded):
    fill(ledger)
    forged = "UPDATE decisions SET sealed = replace(sealed, ',\"window\":null', '') WHERE id = 3"
    unguarded(ledger, "decisions", forged)
    with ledger.database.writing() as connection:
        sealed = connection.scalar(sa.text("SELECT sealed FROM decisions WHERE id = 3"))
    assert "window" not in sealed
    made = seals.chained(ledger.hashes("decisions")[2], sealed)
    unguarded(ledger, "decisions", f"UPDATE decisions SET hash = '{made}' WHERE id = 3")
    assert ledger.broken("decisions") == []
    unguarded(ledger, "decisions", 'UPDATE decisions SET "window" = 9 WHERE id = 3')
    assert "says window = 9, but was written with None" in ledger.broken("decisions")[0].sentence


def test_writers_at_once_make_one_chain(address, ledger):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    writers = [subprocess.Popen([sys.executable, "-c", WRITES, address, f"p{n}"], **pipes) for n in range(4)]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0, 0]
    for writer in writers:
        writer.communicate()
    assert sorted(ledger.hashes("decisions")) == list(range(1, 101))
    assert ledger.broken("decisions") == []


def test_the_database_itself_refuses_a_fork(ledger):
    from ml.ledger.book import columns
    from ml.ledger.tables import decisions

    fill(ledger, rows=1)
    twin = columns(Decision(pipeline="flights", day=DAY, retrain=False)) | {"id": 1, "at": NOW}
    with pytest.raises(sa.exc.IntegrityError), ledger.database.writing() as connection:
        connection.execute(sa.insert(decisions).values(**twin, sealed="{}", hash="y"))


def test_rows_from_before_the_chain_are_chained(address):
    from alembic import command

    from ml import migrations
    from ml.ledger import Ledger

    ledger = Ledger.open(address)
    old = (
        "INSERT INTO {} (pipeline, day, {}, by, at) VALUES ('flights', '2013-01-31', {}, 'ada', '2013-02-01 02:30:00')"
    )
    with ledger.database.writing() as connection:
        walking = migrations.config()
        walking.attributes["connection"] = connection
        command.upgrade(walking, "0003")
        for n in (1, 2):
            version = old.format("promotions", "version, run_id, snapshot", f"{n}, 'r', 's'")
            decided = old.format("decisions", "retrain, reasons, against, dry_run", "true, '[]', '[\"no\"]', false")
            acted = old.format("quarantine_acts", "act, why, rules", "'release', 'why', '[]'")
            for statement in (version, decided, acted):
                connection.exec_driver_sql(statement)
    ledger.migrate()
    fill(ledger, rows=3)
    assert {book: ledger.broken(book) for book in CHAINED} == {book: [] for book in CHAINED}
    assert [p.version for p in ledger.promotions("flights")] == [1, 2, 1, 2, 3]
