"""The account of a night, from the ledger alone."""

import json
from datetime import date

import pytest

from ml import account
from ml.account.account import NAMES
from ml.errors import NoData

pytestmark = pytest.mark.integration


def test_its_first_line_says_what_was_decided_and_what_came_of_it(ledger):
    first = next(account.of(ledger, "tiny", date(2013, 6, 2)).lines())
    assert first.startswith("tiny 2013-06-02: retrain, because ")
    assert first.endswith("version 2 is in Production, version 1 archived")


def test_it_reads_in_sections_in_the_order_of_the_night(ledger):
    told = account.of(ledger, "tiny")
    assert told.day == date(2013, 6, 2)
    assert [s.name for s in told.sections] == [
        *("data", "drift", "decision", "training", "evaluation", "gates", "production", "mails", "attempts")
    ]
    titles = [line for line in told.lines() if line and not line.startswith(" ")]
    assert titles[1:] == [s.title for s in told.sections]


def test_as_json_every_section_has_its_name_and_its_records(ledger):
    document = json.loads(json.dumps(account.of(ledger, "tiny").as_json()))
    assert set(document) == {"pipeline", "day", "said", *NAMES}
    assert document["diagnosis"] is None
    assert document["evaluation"]["evaluation"]["metric"] == "log_loss"
    assert document["production"]["tenures"][0]["version"] == 2


def test_a_page_takes_the_sections_that_it_wants(ledger):
    html = account.of(ledger, "tiny").html("gates")
    assert html.startswith("<h2>Gates</h2>")
    assert "<h2>Data" not in html


@pytest.mark.parametrize(
    ("pipeline", "day", "sentence"),
    [
        ("tiny", date(2013, 1, 1), "no night has seen 2013-01-01; its nights are of 2013-06-01 to 2013-06-02"),
        ("other", None, "no night has seen any day; it has had no night yet"),
    ],
)
def test_a_day_without_a_night_is_said(ledger, pipeline, day, sentence):
    with pytest.raises(NoData, match=sentence):
        account.of(ledger, pipeline, day)


def test_a_quarantined_night_is_told_as_far_as_it_came(workspace, tiny):
    from ml import lines
    from ml.walker import InProcess
    from tests.tiny import write_day

    run = workspace.run("tiny", date(2013, 6, 1))
    write_day(tiny.parent / "data", run.day, rows=5)
    lines.nightly(InProcess(run))
    told = account.of(workspace.ledger, "tiny")
    assert told.said.startswith("no retrain: ")
    text = "\n".join(told.lines())
    assert "quarantined: 5 rows" in text
    assert "fewer than min_rows 20" in text
    assert [s.name for s in told.sections] == ["data", "decision", "mails", "attempts"]
