"""Both lines, walked in this process on a throw-away workspace."""

from datetime import date

import pytest

from ml import lines, steps
from ml.walker import InProcess

DAY = date(2013, 6, 1)

pytestmark = pytest.mark.integration


def walk(run):
    do = InProcess(run)
    decision = lines.nightly(do)
    return decision, lines.retrain(do, decision) if decision.retrain else None


def test_the_first_night_puts_a_first_version_into_production(workspace):
    decision, promotion = walk(workspace.run("tiny", DAY))
    assert [r.kind for r in decision.reasons][:1] == ["first model"]
    assert promotion.version == 1
    assert workspace.registry.production("tiny").version == 1


def test_the_second_night_archives_the_first_version(nights):
    workspace = nights.after(2)
    promotion = workspace.ledger.in_production("tiny")
    assert (promotion.version, promotion.previous) == (2, 1)
    assert workspace.registry.stages("tiny") == {1: "Archived", 2: "Production"}


def test_the_same_night_twice_leaves_one_version_one_promotion_and_one_mail(nights):
    workspace = nights.after(1)
    again = walk(workspace.run("tiny", DAY))
    assert again[1].version == 1
    assert len(workspace.ledger.promotions("tiny")) == 1
    assert len(list((workspace.lake.root.parent / "mails").rglob("*.eml"))) == 1


def test_a_dry_run_promotes_nothing(workspace):
    do = InProcess(workspace.run("tiny", DAY))
    lines.nightly(do)
    decision = do(steps.request, None, "only to see", True, "ada")
    assert lines.retrain(do, decision) is None
    assert workspace.registry.production("tiny") is None
