"""A look from outside of the night: does MLflow show what the ledger says?"""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from ml import watching
from ml.ledger import Ledger
from ml.records import Promotion
from ml.registry import Registry
from ml.settings import Settings

pytestmark = pytest.mark.integration


@pytest.fixture
def settings(tmp_path, mlflow_server):
    from ml.ledger import migrate

    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    migrate(url)
    return Settings(config=tmp_path, lake=tmp_path, ledger_url=url, mlflow_url=mlflow_server, mail="file:///tmp")


def test_a_click_is_seen_and_a_move_of_our_own_is_not(settings):
    name, registry, ledger = f"p{uuid4().hex[:10]}", Registry(settings.mlflow_url), Ledger.open(settings.ledger_url)
    assert watching.difference(name, settings) is None
    client = registry._client
    run = registry.training_run(name, "key", {}, {})
    models = [client.create_logged_model(client.get_run(run).info.experiment_id, f"m{n}", run) for n in range(2)]
    for model in models:
        registry.register(name, run, f"models:/{model.model_id}", {})
    day, at = date(2013, 6, 1), datetime(2026, 1, 1, tzinfo=UTC)
    row = Promotion(pipeline=name, day=day, version=1, previous=None, run_id=run, snapshot="s", at=at)
    ledger.record_promotion(row)
    registry.settle(name, 1, None)
    ledger.record_settlement(name)
    assert watching.difference(name, settings) is None
    client.transition_model_version_stage(name, "2", "Production", archive_existing_versions=True)
    assert watching.difference(name, settings) == ("the stage Production holds version 2, where version 1 belongs")
    ledger.record_promotion(row.model_copy(update={"version": 2, "previous": 1}))
    assert watching.difference(name, settings) is None
