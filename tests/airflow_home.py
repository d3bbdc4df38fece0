"""A throw-away Airflow: its environment must stand before Airflow is imported for the first time."""

import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def prepare() -> Path:
    """Point this process at an Airflow home of its own (once), and give its path."""
    if "NIGHTSHIFT_TEST_AIRFLOW_HOME" not in os.environ or os.environ.get("_NIGHTSHIFT_TEST_PID") != str(os.getpid()):
        home = Path(tempfile.mkdtemp(prefix="nightshift-airflow-"))
        for name in [n for n in os.environ if n.startswith(("AIRFLOW", "_AIRFLOW"))]:
            del os.environ[name]
        os.environ.update(_environment(home), NIGHTSHIFT_TEST_AIRFLOW_HOME=str(home))
        os.environ["_NIGHTSHIFT_TEST_PID"] = str(os.getpid())
    return Path(os.environ["NIGHTSHIFT_TEST_AIRFLOW_HOME"])


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
