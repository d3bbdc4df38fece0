from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from ml.errors import ServiceUnavailable
from ml.ledger import Ledger
from ml.records import Promotion
from ml.settings import Settings
from ml.shelf import Refusal, watch
from ml.shelf.neighbours import entered, report
from tests.ml.shelf.conftest import NOW

pytestmark = pytest.mark.integration


@pytest.fixture
def promoted(workspace):
    workspace.ledger.record_promotion(
        Promotion(
            pipeline="tiny",
            day=date(2013, 6, 1),
            version=4,
            previous=3,
            run_id="r",
            snapshot="s",
            at=NOW,
            kind="outside",
        )
    )
    return workspace


def test_the_ledger_says_when_a_version_entered_production(promoted):
    assert entered(promoted, "tiny", 4) == NOW
    assert entered(promoted, "tiny", 3) is None


def test_a_ledger_that_is_away_knows_nothing(promoted):
    away = replace(promoted, ledger=Ledger.open("postgresql+psycopg2://u@127.0.0.1:9/none"))
    assert entered(away, "tiny", 4) is None
    with pytest.raises(ServiceUnavailable):
        report(away, Refusal("tiny", 4, "production", "it does not open", 3, NOW))


def test_a_refusal_is_mailed_once_for_each_version(promoted, tmp_path):
    for _ in range(2):
        report(promoted, Refusal("tiny", 4, "production", "its file is damaged", 3, datetime.now(UTC)))
    [mail] = (tmp_path / "apart" / "mails").glob("*.eml")
    assert "the service refuses v4" in mail.read_text()
    row = promoted.ledger.alert("tiny/2013-06-01/unserved/production/4")
    assert row is not None
    assert "its file is damaged" in row.alert.text
    assert "version 3 goes on answering" in row.alert.text


def test_a_watcher_has_a_shelf_for_each_pipeline(tmp_path, tiny):
    settings = Settings.apart(tmp_path / "apart", tiny)
    made = watch(settings, ["tiny"], tries={"tiny": True})
    [keeper] = made.keepers
    assert (keeper.shelf.pipeline, keeper.tries) == ("tiny", True)
    assert keeper.copies.folder == settings.shelf / "tiny"


def test_a_service_that_stops_a_candidate_ends_its_tryout(workspace):
    from tests.ml.tryouts.conftest import DAY, tryout

    workspace.ledger.record_tryout(tryout())
    report(workspace, Refusal("tiny", 2, "staging", "tiny version 2 is stopped: it failed on 2 of 9 rows", 1, NOW))
    verdict = workspace.ledger.tryout_verdict("tiny", 2)
    assert (verdict.passed, verdict.by) == (False, "service")
    assert "it failed on 2 of 9 rows" in verdict.why
    [row] = workspace.ledger.alerts_of("tiny", DAY)
    assert row.alert.subject == "tiny: the service stopped v2, v1 serves"
    assert "rollback" not in row.alert.text
    assert "tries it again" not in row.alert.text


def test_a_candidate_without_a_tryout_is_tried_again_when_the_service_is_restarted(workspace):
    report(workspace, Refusal("tiny", 2, "staging", "tiny version 2 is stopped: it failed on 2 of 9 rows", 1, NOW))
    [row] = workspace.ledger.alerts_of("tiny", NOW.date())
    assert "tries it again when it is restarted" in " ".join(row.alert.text.split())


@pytest.mark.parametrize("walked", [True, False])
def test_the_mail_leads_to_the_night_that_made_the_version_if_there_is_one(workspace, walked):
    from tests.ml.tryouts.conftest import DAY, tryout

    place = replace(workspace, airflow_url="http://airflow")
    place.ledger.record_tryout(tryout())
    if walked:
        with place.ledger.attempt("tiny", DAY, "refit"):
            pass
    report(place, Refusal("tiny", 2, "staging", "tiny version 2 is stopped: it failed on 2 of 9 rows", 1, NOW))
    [row] = place.ledger.alerts_of("tiny", DAY)
    assert (f"http://airflow/nightshift/nights/tiny_nightly/{DAY}" in row.alert.text) == walked
    assert "/nights/" in row.alert.text or not walked
