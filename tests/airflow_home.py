"""A throw-away Airflow: its environment must stand before Airflow is imported for the first time."""

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


@cache
def prepare() -> Path:
    """Point this process at an Airflow home of its own, once, and give its path."""
    home = Path(tempfile.mkdtemp(prefix="nightshift-airflow-"))
    for name in [n for n in os.environ if n.startswith(("AIRFLOW", "_AIRFLOW"))]:
        del os.environ[name]
    os.environ.update(_environment(home))
    import skops.io  # noqa: F401 - it asks every loaded module for all its names, and Airflow's old ones warn

    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


def _environment(home: Path) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__API_AUTH__JWT_SECRET": "x" * 64,
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    }


@cache
def database() -> None:
    """Make the tables of that Airflow, once."""
    prepare()
    from airflow.utils.db import initdb

    initdb()
