"""A look from outside of the night: does MLflow show what the ledger says?"""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from ml import watching
from ml.ledger import Ledger
from ml.records import Approval, Promotion, Question
from ml.registry import Registry
from ml.settings import Settings

pytestmark = pytest.mark.integration

DAY, AT = date(2013, 6, 1), datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path, mlflow_server):
    from ml.ledger import migrate

    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    migrate(url)
    return Settings(config=tmp_path, lake=tmp_path, ledger_url=url, mlflow_url=mlflow_server, mail="file:///tmp")


def two_versions(registry, name):
    """Registers them, and gives the id of their run."""
    client, run = registry._client, registry.training_run(name, "key", {}, {})
    models = [client.create_logged_model(client.get_run(run).info.experiment_id, f"m{n}", run) for n in range(2)]
    for model in models:
        registry.register(name, run, f"models:/{model.model_id}", {})
    return run


def test_a_question_ends_with_an_answer_another_promotion_or_an_archived_version(settings):
    name, registry, ledger = f"p{uuid4().hex[:10]}", Registry(settings.mlflow_url), Ledger.open(settings.ledger_url)
    of = {"pipeline": name, "day": DAY, "run_id": two_versions(registry, name), "at": AT}
    for version in (1, 2, 3):
        asked = Question(**of, version=version, champion_version=None, reasons=("it is the first",), deadline=AT)
        ledger.record_question(asked)
    assert [watching.ended(name, version, settings) for version in (1, 2)] == [None, None]
    ledger.record_answer(Approval(**of, version=1, answer="rejected", by="ada", why="worse"))
    registry._client.transition_model_version_stage(name, "2", "Archived")
    assert [watching.ended(name, version, settings) for version in (1, 2, 3)] == ["rejected", "void", None]
    ledger.record_promotion(Promotion(**of, version=4, previous=None, snapshot="s"))
    assert watching.ended(name, 3, settings) == "void"


def test_a_click_is_seen_and_a_move_of_our_own_is_not(settings):
    name, registry, ledger = f"p{uuid4().hex[:10]}", Registry(settings.mlflow_url), Ledger.open(settings.ledger_url)
    assert watching.difference(name, settings) is None
    client, run = registry._client, two_versions(registry, name)
    row = Promotion(pipeline=name, day=DAY, version=1, previous=None, run_id=run, snapshot="s", at=AT)
    ledger.record_promotion(row)
    registry.settle(name, 1, None)
    ledger.record_settlement(name)
    assert watching.difference(name, settings) is None
    client.transition_model_version_stage(name, "2", "Production", archive_existing_versions=True)
    assert watching.difference(name, settings) == ("the stage Production holds version 2, where version 1 belongs")
    ledger.record_promotion(row.model_copy(update={"version": 2, "previous": 1}))
    assert watching.difference(name, settings) is None


def test_a_tryout_ends_with_a_verdict_by_the_clock_or_when_another_version_serves(settings):
    from ml.records import Tryout, TryoutVerdict

    name, ledger, later = f"p{uuid4().hex[:10]}", Ledger.open(settings.ledger_url), datetime.now(UTC) + timedelta(1)
    of = {"pipeline": name, "day": DAY, "run_id": "r", "at": AT}
    how = {"kind": "canary", "share": 0.1, "metric": "log_loss", "alpha": 0.05, "undecided": "pass", "deadline": later}
    for version in (2, 3):
        ledger.record_tryout(Tryout(**of, **how, version=version, champion_version=1))
    assert not watching.tried(name, 2, later, settings)
    assert watching.tried(name, 2, AT, settings)
    ledger.record_tryout_verdict(TryoutVerdict(**of, version=3, passed=False, by="service", why="it failed"))
    assert watching.tried(name, 3, later, settings)
    ledger.record_promotion(Promotion(**of, version=4, previous=1, snapshot="s"))
    assert watching.tried(name, 2, later, settings)
