"""All of it from a ledger."""

import json

import pytest

from ml.prices import Decisions, Loss
from ml.prices.plan import WorthPlan
from ml.worth.report import Report
from tests.ml.worth.test_entries import decided, promoted, weighed


@pytest.fixture
def ledger(workspace):
    """A first version, two more for two reasons, a refusal, and days of both."""
    ledger = workspace.ledger
    for n, (kind, version) in enumerate([("first model", 1), ("schedule", 2), ("drift", 3)]):
        decided(ledger, n * 3, kind)
        promoted(ledger, n * 3, version, version - 1 or None)
    decided(ledger, 7, "schedule")
    for n, version, gained in ((4, 2, 0.1), (5, 2, 0.3), (6, 2, 0.2), (7, 3, -0.1), (8, 3, 0.0)):
        counts = {"losses": {"log_loss": (0.5 - gained, 0.5)}, "rows": 100}
        weighed(ledger, n, version, version - 1, **counts)
        if version == 3:
            weighed(ledger, n, 3, 1, "stale", losses={"log_loss": (0.5, 0.6)}, rows=100)
    return ledger


@pytest.fixture
def report(ledger, workspace):
    def of(**plan):
        pipeline = workspace.run("tiny", None).pipeline
        return Report.of(ledger, pipeline.model_copy(update={"worth": WorthPlan(**plan)}))

    return of


def test_policies_and_promotions_add_up_and_the_first_is_in_no_sum(report):
    found = report()
    assert {name: round(b.gain.total, 9) for name, b in found.policies.items()} == {"schedule": 60, "drift": -10}
    assert (found.all.gain.total, found.all.retrains, found.all.promoted) == (pytest.approx(50), 3, 2)
    assert len(found.single) == 4
    assert found.single[0].net is None
    assert found.stale.total == pytest.approx(20)


def test_a_new_price_holds_for_the_past(report):
    assert report(value=Loss(per_row=3)).all.gain.total == pytest.approx(150)
    assert (report().unit, report(value=Loss(per_row=3), currency="USD").unit) == ("log_loss", "USD")


def test_what_was_not_counted_is_unknown_and_never_nothing(report):
    found = report(value=Loss(metric="brier"))
    assert (found.all.gain.days, found.all.gain.unknown, found.all.waits) == (0, 5, False)
    unpriced = Decisions(false_positive=1, false_negative=1)
    assert report(value=unpriced).unit == "EUR"


def test_it_is_json_through_and_through(report):
    document = json.loads(json.dumps(report().as_json()))
    assert set(document) == {"pipeline", "unit", "level", "all", "policies", "promotions", "stale", "nights"}
    assert [p["what"] for p in document["promotions"]] == ["promoted", "promoted", "promoted", "not promoted"]
    assert document["policies"]["schedule"]["gain"]["days"] == 3
