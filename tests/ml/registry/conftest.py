"""Registries without a server and with one, and what is put into them."""

from uuid import uuid4

import pytest

from ml import training
from ml.registry import Registry


@pytest.fixture(scope="session")
def sqlite_registry(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('registry')}/mlflow.db"


@pytest.fixture(params=["sqlite_registry", "mlflow_server"])
def both(request):
    """A registry without a server, and one with."""
    return Registry(request.getfixturevalue(request.param))


@pytest.fixture
def registry(sqlite_registry):
    return Registry(sqlite_registry)


@pytest.fixture
def name():
    """A pipeline that no other test knows."""
    return f"p{uuid4().hex[:10]}"


@pytest.fixture
def fitted(model, table):
    return training.fit(model(), table())


@pytest.fixture
def probe(model, table):
    return training.example(model(), table())


@pytest.fixture
def run(registry, name):
    return registry.training_run(name, "2013-01-31/abc", {"seed": "0"}, {"who": "me"})


@pytest.fixture
def versions():
    """Versions of empty models, the first one in Production."""

    def made(registry, name, count):
        run = registry.training_run(name, "key", {}, {})
        with registry._asking() as client:
            experiment = client.get_run(run).info.experiment_id
            models = [client.create_logged_model(experiment, f"m{n}", run).model_id for n in range(count)]
        assert [registry.register(name, run, f"models:/{m}", {}) for m in models] == list(range(1, count + 1))
        registry.settle(name, 1, None)

    return made


@pytest.fixture
def state():
    """Stages and aliases of a pipeline."""
    return lambda registry, name: (registry.stages(name), registry.aliases(name))
