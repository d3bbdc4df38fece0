from datetime import UTC, date, datetime

import pytest

from ml.ledger import Ledger
from ml.records import Tryout, TryoutVerdict

pytestmark = pytest.mark.integration
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["postgres", "sqlite"])
def ledger(request, tmp_path):
    url = request.getfixturevalue("postgres") if request.param == "postgres" else f"sqlite:///{tmp_path}/ledger.db"
    found = Ledger.open(url)
    found.migrate()
    return found


def tryout(version=2, alpha=0.05):
    return Tryout(
        pipeline="tiny",
        day=date(2026, 1, 1),
        run_id="r",
        version=version,
        champion_version=1,
        kind="canary",
        share=0.1,
        metric="log_loss",
        alpha=alpha,
        undecided="pass",
        deadline=NOW,
        at=NOW,
    )


def verdict(version=2, why="worse"):
    return TryoutVerdict(
        pipeline="tiny",
        day=date(2026, 1, 1),
        run_id="r",
        version=version,
        passed=False,
        by="labels",
        why=why,
        worse_by=0.1,
        interval=(0.05, 0.15),
        rows=100,
        blocks=7,
        at=NOW,
    )


def test_a_version_is_tried_out_once_and_the_first_verdict_stands(ledger):
    assert ledger.tryout("tiny", 2) is ledger.tryout_verdict("tiny", 2) is None
    assert ledger.record_tryout(tryout()) == tryout()
    assert ledger.record_tryout(tryout(alpha=0.1)) == tryout()
    assert ledger.record_tryout_verdict(verdict()) == verdict()
    assert ledger.record_tryout_verdict(verdict(why="another")) == verdict()
    ledger.record_tryout(tryout(3))
    assert [found.version for found in ledger.tryouts("tiny")] == [2, 3]
    assert (ledger.tryout("tiny", 3), ledger.tryout_verdict("tiny", 3)) == (tryout(3), None)
