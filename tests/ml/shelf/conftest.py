"""Three versions of ``tiny`` in a real MLflow store, and a fourth and a fifth that must not serve."""

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from ml.errors import ServiceUnavailable
from ml.shelf import Copies, Keeper, Shelf
from ml.shelf.fetching import here

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WRONG, BROKEN = 4, 5


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    """The registry: versions 1 to 3 serve, 4 answers its golden requests wrongly, and 5 does not open."""
    import numpy
    import pandas
    from sklearn.linear_model import LogisticRegression

    from ml.registry import Registry

    registry = Registry(f"sqlite:///{tmp_path_factory.mktemp('shelf')}/mlflow.db")
    rng = numpy.random.default_rng(0)
    frame = pandas.DataFrame({"size": rng.normal(size=200), "weight": rng.normal(size=200)})
    run_id = registry.training_run("tiny", "key", {}, {})
    for version in range(1, 6):
        y = (version * frame["size"] + frame["weight"] + rng.normal(size=200) > 0).astype(int)
        uri = registry.save_model(run_id, f"m{version}", LogisticRegression().fit(frame, y), frame, "tiny")
        assert registry.register("tiny", run_id, uri, {}) == version
    damage(folder_of(registry, WRONG) / "golden.json", wrong)
    damage(folder_of(registry, BROKEN) / "model.skops", lambda content: content[: len(content) // 2])
    return registry


def folder_of(registry, version):
    found = registry._client.get_logged_model(registry.version("tiny", version).model_uri.removeprefix("models:/"))
    return Path(found.artifact_location.removeprefix("file://"))


def damage(path, how):
    path.write_bytes(how(path.read_bytes()))


def wrong(content):
    kept = json.loads(content)
    kept[0]["answer"] += 0.25
    return json.dumps(kept).encode()


@pytest.fixture
def point(store):
    """Points the aliases: production, and perhaps previous and staging."""

    def to(production=None, previous=None, staging=None):
        for alias, version in {"production": production, "previous": previous, "staging": staging}.items():
            store._client.delete_registered_model_alias("tiny", alias)
            if version is not None:
                store._client.set_registered_model_alias("tiny", alias, str(version))

    return to


class Mlflow:
    """The way to MLflow, which a test may cut."""

    def __init__(self, store):
        self.store, self.away, self.fetched = store, False, []

    def aliases(self):
        if self.away:
            raise ServiceUnavailable("MLflow did not answer")
        return self.store.aliases("tiny")

    def fetch(self, version, folder):
        if self.away:
            raise ServiceUnavailable("MLflow did not answer")
        self.fetched.append(version)
        return here(self.store, "tiny", version, folder)


@pytest.fixture
def mlflow(store):
    return Mlflow(store)


@pytest.fixture
def keeper(mlflow, tmp_path):
    """Makes a keeper as a fresh process would, over one folder of copies."""

    def made(**changes):
        words = {
            "shelf": Shelf("tiny"),
            "copies": Copies("tiny", tmp_path / "shelf"),
            "aliases": mlflow.aliases,
            "fetch": mlflow.fetch,
        }
        return Keeper(**words | changes)

    return made


@pytest.fixture
def fetch(store):
    return partial(here, store, "tiny")
