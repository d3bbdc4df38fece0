"""How MLflow is reached: one client with explicit addresses, and what its outages are called.

Nothing goes through MLflow's global state, so that two threads cannot disturb each other and no run changes its
status behind our back.
"""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ml.errors import ConfigError, ServiceUnavailable

if TYPE_CHECKING:
    from mlflow import MlflowClient

_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    # MLflow's own patience is four minutes; ours is a retry of the step, which shows
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}


class Connection:
    """A part of the registry, over one client."""

    def __init__(self, uri: str, artifacts: Path | None = None) -> None:
        self.uri = uri
        self._served = urlsplit(uri).scheme in ("http", "https")
        if artifacts is None and uri.startswith("sqlite:///"):
            artifacts = Path(unquote(uri.removeprefix("sqlite:///"))).resolve().parent / "artifacts"
        if artifacts is None and not self._served:
            raise ConfigError(f"MLflow at {self.address} has no server: a folder for its artifacts is needed")
        self._artifacts = artifacts

    @property
    def address(self) -> str:
        """Where MLflow is, without credentials."""
        return address(self.uri)

    @cached_property
    def _client(self) -> "MlflowClient":
        from mlflow import MlflowClient

        self._knock()
        return MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)

    def _knock(self) -> None:
        """Nothing, if the database listens. MLflow would try for an hour before it says that it does not."""
        import socket

        parts = urlsplit(self.uri)
        if parts.scheme.startswith("postgresql"):
            try:
                socket.create_connection((parts.hostname or "localhost", parts.port or 5432), timeout=5).close()
            except OSError as error:
                raise self._unavailable(error) from error

    @contextmanager
    def _asking(self) -> "Iterator[MlflowClient]":
        """The client; that MLflow does not answer becomes a ServiceUnavailable, everything else stays as it is."""
        be_quiet()
        from mlflow.exceptions import MlflowException
        from requests.exceptions import RequestException

        try:
            yield self._client
        except (MlflowException, RequestException) as error:
            outage = _outage(error)
            if outage is None:
                raise
            # MLflow's own exception repeats the address with its credentials
            raise self._unavailable(outage) from outage

    def _unavailable(self, error: Exception) -> ServiceUnavailable:
        reason = str(getattr(error.args[0], "reason", error) if error.args else error).strip()
        line = reason.splitlines()[0] if reason else type(error).__name__
        return ServiceUnavailable(f"MLflow at {self.address} did not answer: {line.split('): ', 1)[-1][:300]}")

    @property
    def _pages(self) -> str:
        return f"{self.address.rstrip('/')}/#"


def address(uri: str) -> str:
    """Where MLflow is, without credentials."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def be_quiet() -> None:
    """No telemetry, no progress bars, no long waits; no warnings about what we do on purpose.

    What the owner set in the environment stays. The filters name the messages, and are set at each call because
    whoever changed the filters meanwhile has dropped them.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    stages = r".*transition_model_version_stage`` is deprecated since 2\.9\.0"
    warnings.filterwarnings("ignore", message=stages, category=FutureWarning)
    # MLflow's own types, when it imports its pyfunc room
    warnings.filterwarnings("ignore", message=r".*Any type hint is inferred as AnyType", category=UserWarning)
    warnings.filterwarnings("ignore", message=r"The ``noload`` loader strategy is deprecated")
    logging.getLogger("mlflow.utils.environment").setLevel(logging.ERROR)


def _outage(error: Exception) -> Exception | None:
    """The cause of an error if it is that MLflow, or its database, could not be reached; else None."""
    from requests.exceptions import ConnectionError, HTTPError, RetryError, Timeout

    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ConnectionError | RetryError | Timeout):
            return seen
        if isinstance(seen, HTTPError) and seen.response is not None and seen.response.status_code >= 500:
            return seen
        seen = seen.__cause__ or seen.__context__
    return error if getattr(error, "error_code", None) == "TEMPORARILY_UNAVAILABLE" else None
