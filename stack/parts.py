"""The roster: which parts make the stack, in which order, and how each is known to work."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from stack import environment, files, health, postgres
from stack.home import Home
from stack.keys import Keys
from stack.part import Part

PRELOAD = """\
from stack.preload import begin

begin()
"""


def roster(home: Home, keys: Keys) -> list[Part]:
    """All parts, those that others need first. With a database of the owner's there is no Postgres among them."""
    env = environment.services(home, keys)
    own_database = [] if home.database_url else [_postgres(home, env)]
    return [*own_database, *_ground(home, keys, env), _prediction(home, env), *_airflow(home, env)]


def _python(*words: str | int | Path) -> tuple[str, ...]:
    return (sys.executable, "-m", *(str(word) for word in words))


def _postgres(home: Home, env: dict[str, str]) -> Part:
    port = home.port("postgres")
    return Part(
        "postgres",
        tuple(postgres.serve(home.pgdata, port)),
        env,
        ports=(port,),
        health=health.postgres(port),
        stop=signal.SIGINT,
    )


def _ground(home: Home, keys: Keys, env: dict[str, str]) -> Sequence[Part]:
    page, smtp, mlflow = (home.port(name) for name in ("mail_page", "smtp", "mlflow"))
    store = ("--serve-artifacts", "--artifacts-destination", str(home.artifacts), "--uvicorn-opts", "--no-access-log")
    server = {**env, **environment.mlflow_server(home, keys)}
    maintenance = {**env, "NIGHTSHIFT_DATABASE_URL": environment.database(home, keys, "postgres")}
    return [
        Part(
            "mail",
            _python("stack.mail_sink", home.mail, page, smtp),
            env,
            ports=(page, smtp),
            health=health.all_of(health.web(page, "/health"), health.smtp(smtp)),
        ),
        Part(
            "databases",
            _python("stack.postgres"),
            maintenance if not home.database_url else {**env, "NIGHTSHIFT_DATABASE_URL": home.database_url},
            needs=() if home.database_url else ("postgres",),
            once=True,
        ),
        Part("airflow-migrate", _python("airflow", "db", "migrate"), env, needs=("databases",), once=True),
        Part("ledger-migrate", _python("ml", "migrate"), env, needs=("databases",), once=True),
        Part(
            "mlflow",
            _python("stack.mlflow_server", "--host", "127.0.0.1", "--port", mlflow, "--workers", 1, *store),
            server,
            needs=("databases",),
            ports=(mlflow,),
            health=health.web(mlflow, "/health"),
        ),
    ]


def _prediction(home: Home, env: dict[str, str]) -> Part:
    """It waits for no model and not for MLflow: a version is served once there is one."""
    port = home.port("prediction")
    folders = ("--state", home.serving, "--owner-token", home.owner_token)
    return Part(
        "prediction",
        _python("ml.serving", "--host", "127.0.0.1", "--port", port, *folders),
        env,
        needs=("ledger-migrate",),
        ports=(port,),
        health=health.web(port, "/healthz"),
    )


def _airflow(home: Home, env: dict[str, str]) -> Sequence[Part]:
    api = home.port("airflow")
    return [
        Part(
            "api-server",
            _python("airflow", "api-server"),
            env,
            needs=("airflow-migrate",),
            ports=(api,),
            health=health.web(api, "/api/v2/monitor/health"),
        ),
        Part(
            "scheduler",
            _python("airflow", "scheduler", "--skip-serve-logs"),
            env,
            needs=("airflow-migrate", "ledger-migrate"),
            health=health.heartbeat(api, "scheduler"),
            spare_group=True,
        ),
        Part(
            "dag-processor",
            _python("airflow", "dag-processor"),
            env,
            needs=("airflow-migrate",),
            health=health.heartbeat(api, "dag_processor"),
        ),
        Part(
            "triggerer",
            _python("airflow", "triggerer", "--skip-serve-logs"),
            env,
            needs=("airflow-migrate",),
            health=health.heartbeat(api, "triggerer"),
        ),
    ]


def prepare(home: Home) -> None:
    """Write what the parts read at their start."""
    folder = home.airflow / "config"
    folder.mkdir(mode=0o700, exist_ok=True)
    files.replace(folder / "airflow_local_settings.py", PRELOAD)
