"""What a training of the pipeline ``tiny`` left of itself."""

import pytest


@pytest.fixture
def run_id(walked):
    """The MLflow run of the walked night, whose version is in Production."""
    return walked.registry.production("tiny").run_id


@pytest.fixture
def origin(walked, run_id):
    from ml.reproduction.origin import find

    return find(walked, run_id)
