"""The report in words."""

from datetime import timedelta

import pytest

from ml.prices import Loss
from ml.prices.plan import ComputePrice, PeoplePrice
from ml.worth import telling
from ml.worth.report import Report
from tests.ml.worth.test_entries import decided, promoted, weighed
from tests.ml.worth.test_report import ledger, report  # noqa: F401

PRICES = {"value": Loss(per_row=2), "compute": ComputePrice(per_hour=0), "people": PeoplePrice(per_hour=0)}


def test_nothing_was_retrained(workspace):
    report = Report.of(workspace.ledger, workspace.run("tiny", None).pipeline)  # noqa: F811
    assert list(telling.lines(report)) == ["tiny: nothing was retrained yet"]


def test_the_first_line_says_what_it_was_worth_and_that_it_is_not_shown(report):  # noqa: F811
    told = telling.sentence(report(**PRICES))
    assert told.startswith(
        "tiny: 3 retrains after the first version, 2 promoted, gave 100 EUR on 5 matured days and cost 0.00 EUR: "
        "worth 100 EUR, which is not shown: -"
    )
    assert told.endswith(" at 95%")


def test_without_prices_it_tells_the_loss_and_the_time(report):  # noqa: F811
    told = telling.sentence(report())
    assert "gave 50 log_loss on 5 matured days, which is not shown: " in told
    assert told.endswith("they took 0 s of compute and 0 minutes of people")


def test_a_line_for_each_policy_and_promotion(report):  # noqa: F811
    told = list(telling.lines(report(**PRICES)))
    (drift, schedule) = told[3:5]
    assert drift.startswith("  drift")
    assert "1 of 1 promoted  gave -20.00 EUR on 2 days of 200 rows, cost 0.00 EUR, worth -20.00 EUR" in drift
    assert "1 of 2 promoted  gave 120 EUR on 3 days of 300 rows" in schedule
    first, second, _, refused = told[7:11]
    assert "version 1 " in first
    assert "the first, compared with nothing, cost 0.00 EUR" in first
    assert "version 2 for 1" in second
    assert "not promoted" in refused
    assert refused.endswith("gave nothing, cost 0.00 EUR, worth 0.00 EUR")
    assert told[12] == (
        "beside a version that nobody retrained for 28 days: 40.00 EUR on 2 matured days, "
        "which is not shown: an interval needs 3 days"
    )
    assert told[13].startswith("nights, retrained or not, in no sum above: ")


def test_nothing_is_told_without_a_minus(report):  # noqa: F811
    priced = report(**PRICES | {"compute": ComputePrice(per_hour=0.0001)})
    assert "-0.00" not in "".join(telling.lines(priced))


def test_a_page_shows_each_retrain_up_to_its_night_newest_first(report):  # noqa: F811
    from tests.ml.worth.test_entries import DAY

    newest, *older = telling.rows(report(**PRICES), DAY + timedelta(days=6))
    assert newest[1:3] == ("3 for 2", "drift")
    assert newest[3:5] == ("-20.00 EUR", "2")
    assert newest[5] == "-20.00 EUR"
    assert [row[1] for row in older] == ["2 for 1", "1"]
    assert older[-1][3] == "the first, compared with nothing"
    assert next(telling.rows(report(), DAY))[5] == "took 0 s of compute and 0 minutes of people"


def test_a_first_version_alone_is_compared_with_nothing(workspace):
    decided(workspace.ledger, 0, "first model")
    promoted(workspace.ledger, 0, 1, None)
    found = Report.of(workspace.ledger, workspace.run("tiny", None).pipeline)
    assert telling.sentence(found) == "tiny: there was only a first version so far, which is compared with nothing"
    assert "by policy" not in list(telling.lines(found))


def test_retrains_that_were_all_refused_gave_nothing(workspace):
    decided(workspace.ledger, 0, "schedule")
    found = Report.of(workspace.ledger, workspace.run("tiny", None).pipeline)
    assert telling.sentence(found) == (
        "tiny: 1 retrain after the first version, 0 promoted; they gave nothing and took 0 s of compute and "
        "0 minutes of people"
    )


@pytest.mark.parametrize(
    ("gone", "said"),
    [(False, "no day that they served has matured"), (True, "unknown on 1 day: version 1 is gone")],
)
def test_what_is_not_known_says_why(workspace, gone, said):
    decided(workspace.ledger, 0, "schedule")
    promoted(workspace.ledger, 0, 2, 1)
    if gone:
        weighed(workspace.ledger, 1, 2, 1, state="unknown", why="version 1 is gone", losses={})
    found = Report.of(workspace.ledger, workspace.run("tiny", None).pipeline)
    assert telling.sentence(found).endswith(f"what they gave is not known: {said}")
    assert said in list(telling.lines(found))[3]
