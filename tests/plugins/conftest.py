"""Airflow is set up before any test of this room imports it."""

from typing import Any

import pytest

from tests.airflow_home import prepare

prepare()


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The config folder of the tiny pipeline."""
    from tests import tiny

    return tiny.write(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def pipeline(config: Any) -> Any:
    """The tiny pipeline."""
    from ml.config import load_pipeline

    return load_pipeline(config / "pipelines" / "tiny.yaml")
