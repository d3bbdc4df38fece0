"""The environment of the services: four words of the caller's, and what the stack sets. Nothing else gets in."""

import json
import os
from collections.abc import Mapping

from stack import postgres, preload
from stack.home import Home
from stack.keys import Keys
from stack.processes import MARK

KEPT = ("PATH", "HOME", "LANG", "TZ")
TASKS_AT_ONCE = 4


def database(home: Home, keys: Keys, name: str) -> str:
    """The address of one of the databases: in the embedded server, or in the owner's (NIGHTSHIFT_DATABASE_URL)."""
    if home.database_url:
        return postgres.with_database(home.database_url, name)
    return postgres.url(keys.postgres_password, home.port("postgres"), name)


def shared(home: Home, keys: Keys) -> dict[str, str]:
    """What every user of the stack needs to find its parts; also written to ``run/stack.env`` for the CLI."""
    return {
        "NIGHTSHIFT_HOME": str(home.root),
        "NIGHTSHIFT_CONFIG": str(home.config),
        "NIGHTSHIFT_LAKE": str(home.lake),
        "NIGHTSHIFT_LEDGER_URL": database(home, keys, "nightshift"),
        "NIGHTSHIFT_CONNECTION_WAREHOUSE": database(home, keys, "warehouse"),
        "NIGHTSHIFT_MLFLOW_URL": home.address("mlflow"),
        "NIGHTSHIFT_SMTP_URL": f"smtp://127.0.0.1:{home.port('smtp')}",
        "NIGHTSHIFT_MAIL_FROM": "nightshift@localhost",
        "NIGHTSHIFT_AIRFLOW_URL": home.address("airflow"),
        "NIGHTSHIFT_MAIL_URL": home.address("mail_page"),
        "NIGHTSHIFT_MASKING_KEY": keys.masking_key,
        "NIGHTSHIFT_SHELF": str(home.serving / "shelf"),
    }


def services(home: Home, keys: Keys, caller: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The whole environment of every part, except for what only one of them needs."""
    kept = {name: caller[name] for name in KEPT if caller.get(name)}
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        **kept,
        MARK: str(home.run),
        "PYTHONPATH": str(home.repository),
        "PYTHONUNBUFFERED": "1",
        "SPT_NOENV": "1",  # setproctitle would overwrite the environment that shows the mark
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "DO_NOT_TRACK": "true",
        **_mlflow(),
        **_airflow(home, keys),
        **shared(home, keys),
    }


def _mlflow() -> dict[str, str]:
    return {
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
        "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    }


def mlflow_server(home: Home, keys: Keys) -> dict[str, str]:
    """What the MLflow server alone needs: its database, which must not stand on a command line, and less memory."""
    address = database(home, keys, "mlflow")
    return {"MLFLOW_BACKEND_STORE_URI": address, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}


def _airflow(home: Home, keys: Keys) -> dict[str, str]:
    settings = {
        "CORE__AUTH_MANAGER": "airflow.api_fastapi.auth.managers.simple.simple_auth_manager.SimpleAuthManager",
        # for DAGs that leave it open: a line that a later version brings to an installation that lives runs by itself
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": not home.first_night.exists(),
        "CORE__DAGS_FOLDER": home.repository / "dags",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__FERNET_KEY": keys.fernet_key,
        "CORE__LOAD_EXAMPLES": False,
        "CORE__MP_FORKSERVER_PRELOAD": ",".join(preload.MODULES),
        "CORE__PARALLELISM": TASKS_AT_ONCE,
        "CORE__PLUGINS_FOLDER": home.repository / "plugins",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": home.passwords,
        "CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "API__BASE_URL": home.address("airflow"),
        "API__ENABLE_SWAGGER_UI": False,
        "API__HOST": "127.0.0.1",
        "API__PORT": home.port("airflow"),
        "API__SECRET_KEY": keys.secret_key,
        "API__WORKERS": 1,
        "API_AUTH__JWT_SECRET": keys.jwt_secret,
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": 30,
        "DAG_PROCESSOR__PARSING_PROCESSES": 1,
        "DAG_PROCESSOR__REFRESH_INTERVAL": 15,
        "DATABASE__SQL_ALCHEMY_CONN": database(home, keys, "airflow"),
        "SCHEDULER__MP_START_METHOD": "forkserver",
        "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": 30,
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": 0.25,
        # a restart of the API server must not end the tasks that run meanwhile
        "WORKERS__EXECUTION_API_RETRIES": 20,
        "WORKERS__EXECUTION_API_RETRY_WAIT_MAX": 10,
        "WORKERS__MAX_FAILED_HEARTBEATS": 30,
    }
    mail = {
        "conn_type": "smtp",
        "host": "127.0.0.1",
        "port": home.port("smtp"),
        "extra": {"disable_ssl": True, "disable_tls": True, "from_email": "nightshift@localhost", "timeout": 10},
    }
    return {
        "AIRFLOW_HOME": str(home.airflow),
        "AIRFLOW_CONN_SMTP_DEFAULT": json.dumps(mail),
        **{f"AIRFLOW__{name}": str(value) for name, value in settings.items()},
    }
