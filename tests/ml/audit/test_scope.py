"""What an audit looks at."""

import pytest

pytestmark = pytest.mark.integration


def test_the_newest_promotion_is_what_the_ledger_says_is_in_production(scope):
    assert scope.promoted.version == scope.served.version == scope.aliases["production"] == 2
    assert scope.stages == {1: "Archived", 2: "Production"}


def test_snapshots_are_found_by_the_sha256_that_a_promotion_names(scope):
    assert scope.snapshots[scope.promoted.snapshot].day == scope.promoted.day
