"""What became of each data day."""

from datetime import UTC, date, datetime

import pytest

from ml import fates
from ml.ledger import Ledger
from ml.records import Batch, QuarantineAct, UpstreamPart, Violation

DAY = date(2013, 1, 31)


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    opened.migrate()
    return opened


def batch(state, content="a"):
    return Batch(pipeline="p", day=DAY, rows=9, uri=content, fingerprint=content * 64, state=state)


def act(kind):
    return QuarantineAct(pipeline="p", day=DAY, act=kind, by="ada", why="sure", at=datetime.now(UTC))


@pytest.mark.parametrize(
    ("states", "state", "fell"),
    [
        (["accepted"], "accepted", False),
        (["quarantined"], "quarantined", False),
        (["accepted", "quarantined"], "quarantined", True),
        (["quarantined", "accepted"], "mended", False),
        (["quarantined", "discarded"], "discarded", False),
    ],
)
def test_a_day_is_what_was_said_of_it_last_and_before(ledger, states, state, fell):
    for n, it in enumerate(states):
        ledger.record_batches([batch(it, "abc"[n])])
    [fate] = fates.of(ledger, "p")
    assert (fate.state, fate.fell, fate.day) == (state, fell, DAY)


def test_a_day_that_a_person_let_in_is_released(ledger):
    ledger.record_batches([batch("quarantined")])
    ledger.record_act(act("release"), batch("accepted"))
    [fate] = fates.of(ledger, "p")
    assert (fate.state, fate.acts[0].by, fate.set_aside) == ("released", "ada", batch("quarantined"))


def test_since_is_when_it_became_so_not_when_it_was_said_last(ledger):
    for it in (batch("accepted"), batch("quarantined", "b"), batch("quarantined", "c")):
        ledger.record_batches([it])
    [fate] = fates.of(ledger, "p")
    assert fate.since == ledger.verdicts("p")[DAY][1].at


def test_days_that_no_contract_has_seen_have_no_fate_yet(ledger):
    ledger.record_batches([batch("pulled")])
    assert fates.of(ledger, "p") == []


def test_an_accepted_day_with_a_refused_row_of_another_table_is_worth_telling(ledger):
    weather = UpstreamPart(rows=72, uri="w", fingerprint="f", refused=1)
    ledger.record_batches([batch("accepted").model_copy(update={"upstream": {"weather": weather}})])
    [fate] = fates.worth_telling(ledger, "p")
    assert (fate.refused, "1 of 72 rows of weather refused" in fate.line()) == (1, True)


def test_of_many_rules_a_line_names_some(ledger):
    many = tuple(Violation(column=f"c{n}", rule="nulls", rows=9, sentence="x", stops=True) for n in range(9))
    ledger.record_batches([batch("quarantined").model_copy(update={"violations": many})])
    assert fates.of(ledger, "p")[0].line().endswith("c0 nulls, c1 nulls, c2 nulls, c3 nulls and 5 more")
