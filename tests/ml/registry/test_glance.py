import sys

import pytest

from ml.errors import ServiceUnavailable
from ml.registry import Registry, Standing, aliases, glance, run_of

pytestmark = pytest.mark.integration


def test_a_glance_sees_what_the_client_sees(mlflow_server, name, versions):
    registry = Registry(mlflow_server)
    assert glance(mlflow_server, name) == Standing({}, {})
    versions(registry, name, 3)
    registry.settle(name, 2, 1)
    registry.stage(name, 3)
    assert glance(mlflow_server, name) == registry.standing(name)


def test_the_named_versions_are_seen_among_many(mlflow_server, name, versions, monkeypatch):
    monkeypatch.setattr(sys.modules["ml.registry.glance"], "_NEWEST", 1)
    registry = Registry(mlflow_server)
    versions(registry, name, 3)
    registry._client.transition_model_version_stage(name, "3", "Production", archive_existing_versions=False)
    assert glance(mlflow_server, name, 1, 9).stages == {1: "Production", 3: "Production"}


def test_a_server_that_is_down_is_named_without_its_password():
    with pytest.raises(ServiceUnavailable, match=r"MLflow at http://127.0.0.1:1 did not answer: .*refused"):
        glance("http://127.0.0.1:1", "p")


def test_a_server_that_is_no_mlflow_is_unavailable(mlflow_server):
    with pytest.raises(ServiceUnavailable, match="did not answer"):
        glance(f"{mlflow_server}/#", "p")


def test_one_call_tells_where_the_aliases_point_with_a_server_and_without(both, name, versions):
    assert aliases(both.uri, name) == {}
    versions(both, name, 2)
    both.settle(name, 2, 1)
    assert aliases(both.uri, name) == {"production": 2, "previous": 1}


def test_one_call_tells_which_run_made_a_version_with_a_server_and_without(both, name, versions):
    assert run_of(both.uri, name, 1) is None
    versions(both, name, 1)
    assert run_of(both.uri, name, 1) == both.version(name, 1).run_id
    assert run_of(both.uri, name, 2) is None
