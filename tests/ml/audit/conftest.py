"""A workspace in which two nights were walked, to be damaged."""

import pytest

from ml.audit.scope import Scope


@pytest.fixture
def place(restored):
    return restored


@pytest.fixture
def scope(place):
    return Scope(place, "tiny")


@pytest.fixture
def mlflow(place):
    """MLflow as somebody else has it."""
    from mlflow import MlflowClient

    place.registry.aliases("tiny")  # our way in, before MLflow's own: it keeps its warnings quiet
    return MlflowClient(tracking_uri=place.registry.uri, registry_uri=place.registry.uri)


@pytest.fixture
def said():
    """What a check found, as sentences."""

    def of(checked):
        return [one.sentence for one in checked.found]

    return of
