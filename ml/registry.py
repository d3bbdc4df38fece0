"""MLflow: training runs, model files and the stages of versions. The only room that imports it.

Everything goes through one MlflowClient with explicit addresses, never through MLflow's global state, so that two
threads cannot disturb each other and no run changes its status behind our back.
"""

import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from ml import model_file
from ml.errors import ConfigError, PromotionConflict, ServiceUnavailable, TrainingError

if TYPE_CHECKING:
    import pandas as pd
    from mlflow import MlflowClient

KEY, MODEL = "nightshift.key", "nightshift.model_uri"
PRODUCTION, PREVIOUS, STAGING = "production", "previous", "staging"

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
_REQUIREMENTS = ("scikit-learn", "skops", "numpy", "pandas", "scipy")
# MLflow cuts longer ones with a warning, and Postgres refuses a longer description
_LONGEST_PARAM, _LONGEST_TAG = 6000, 5000


@dataclass(frozen=True)
class Served:
    """The version that serves: where its model lies, which run made it, and its tags."""

    version: int
    run_id: str
    model_uri: str
    tags: Mapping[str, str]


class Registry:
    """An MLflow server (``http://…``), or its database without a server (``sqlite:///…``, ``postgresql+psycopg2://…``).

    Without a server ``artifacts`` is the folder of files; for SQLite it is beside the database by default.
    """

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
        parts = urlsplit(self.uri)
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{parts.path}"

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
        _be_quiet()
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

    # runs

    def training_run(self, pipeline: str, key: str, params: Mapping[str, str], tags: Mapping[str, str]) -> str:
        """The id of the run that carries ``key``; made at the first call, found again at the next one.

        The caller holds a lock, since MLflow has no unique tag. A run that failed is running again.

        Raises
        ------
        TrainingError
            The run was made with other parameters, which MLflow does not let change.
        """
        with self._asking() as client:
            experiment = self._experiment(client, pipeline)
            found = client.search_runs(
                [experiment], f"tags.`{KEY}` = '{key}'", order_by=["attributes.start_time ASC"], max_results=1
            )
            own = {name: value[:_LONGEST_TAG] for name, value in tags.items()}
            run = (
                found[0]
                if found
                else client.create_run(experiment, run_name=key[:23].replace("/", " "), tags={**own, KEY: key})
            )
            if run.info.status == "FAILED":
                client.update_run(run.info.run_id, status="RUNNING")
            self._complete(client, run, params, own if found else {})
            return str(run.info.run_id)

    def _complete(self, client: "MlflowClient", run: Any, params: Mapping[str, str], tags: Mapping[str, str]) -> None:
        known, wanted = run.data.params, {name: value[:_LONGEST_PARAM] for name, value in params.items()}
        for name in known.keys() & wanted.keys():
            if known[name] != wanted[name]:
                raise TrainingError(
                    f"MLflow run {run.info.run_id} was made with {name} = {known[name]!r}, "
                    f"it cannot go on with {wanted[name]!r}"
                )
        self._batch(client, run.info.run_id, params={n: v for n, v in wanted.items() if n not in known}, tags=tags)

    def log(
        self, run_id: str, *, metrics: Mapping[str, float] | None = None, tags: Mapping[str, str] | None = None
    ) -> None:
        """Metrics and tags of a run; its status stays as it is."""
        with self._asking() as client:
            self._batch(client, run_id, metrics=metrics or {}, tags=tags or {})

    def _batch(
        self,
        client: "MlflowClient",
        run_id: str,
        params: Mapping[str, str] | None = None,
        metrics: Mapping[str, float] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        import time

        from mlflow.entities import Metric, Param, RunTag

        now = int(time.time() * 1000)
        client.log_batch(
            run_id,
            metrics=[Metric(name, float(value), now, 0) for name, value in (metrics or {}).items()],
            params=[Param(name, value) for name, value in (params or {}).items()],
            tags=[RunTag(name, str(value)[:_LONGEST_TAG]) for name, value in (tags or {}).items()],
        )

    def log_text(self, run_id: str, name: str, text: str) -> None:
        """A text as a file of the run, ``name`` with its suffix."""
        with self._asking() as client:
            client.log_text(run_id, text, name)

    def log_figure(self, run_id: str, name: str, figure: Any) -> None:
        """A matplotlib figure as a file of the run, ``name`` with its suffix."""
        with self._asking() as client:
            client.log_figure(run_id, figure, name)

    def log_dataset(self, run_id: str, uri: str, sha256: str, rows: int) -> None:
        """What the run is trained on: the snapshot's place in the lake and the digest of its own bytes.

        MLflow's own dataset digest sees the first 10,000 rows only.
        """
        import json

        from mlflow.entities import Dataset, DatasetInput, InputTag

        data = Dataset(uri[-500:], sha256[:36], "local", json.dumps({"uri": uri}), None, json.dumps({"num_rows": rows}))
        tags = [InputTag("mlflow.data.context", "training"), InputTag("sha256", sha256)]
        with self._asking() as client:
            client.log_inputs(run_id, datasets=[DatasetInput(data, tags)])

    def finish(self, run_id: str, ok: bool) -> None:
        """The run is over: FINISHED, or FAILED."""
        with self._asking() as client:
            client.set_terminated(run_id, "FINISHED" if ok else "FAILED")

    def run_url(self, run_id: str) -> str | None:
        """The page of a run; None when there is no server to show one."""
        if not self._served:
            return None
        with self._asking() as client:
            return f"{self._pages}/experiments/{client.get_run(run_id).info.experiment_id}/runs/{run_id}"

    def version_url(self, pipeline: str, version: int) -> str | None:
        """The page of a version; None when there is no server to show one."""
        return f"{self._pages}/models/{pipeline}/versions/{version}" if self._served else None

    @property
    def _pages(self) -> str:
        return f"{self.address.rstrip('/')}/#"

    def _experiment(self, client: "MlflowClient", pipeline: str) -> str:
        """The id of the pipeline's experiment; one that somebody deleted in the UI is brought back."""
        from mlflow.exceptions import MlflowException

        experiment = client.get_experiment_by_name(pipeline)
        if experiment is None:
            place = (self._artifacts / pipeline).as_uri() if self._artifacts else None
            try:
                return str(client.create_experiment(pipeline, artifact_location=place))
            except MlflowException as error:
                if error.error_code != "RESOURCE_ALREADY_EXISTS":
                    raise
                return self._experiment(client, pipeline)
        if experiment.lifecycle_stage == "deleted":
            client.restore_experiment(experiment.experiment_id)
        return str(experiment.experiment_id)

    # models

    def save_model(self, run_id: str, name: str, estimator: Any, example: "pd.DataFrame", pipeline: str) -> str:
        """The address ``models:/m-…`` of a fitted estimator, kept as the run's model ``name``; saved only once.

        ``example`` gives the input signature and is the probe whose predictions are digested; it is not kept.

        Raises
        ------
        TrainingError
            The estimator holds a type that is not trusted.
        """
        with self._asking() as client:
            model = self._saved(client, run_id, name)
            if model is None or model.status != "READY":
                model = self._save(client, model, run_id, name, estimator, example, pipeline)
            uri = f"models:/{model.model_id}"
            self._attach(client, run_id, name, model)
            return uri

    def _saved(self, client: "MlflowClient", run_id: str, name: str) -> Any:
        """The run's model of that name: a ready one first, else one that a killed attempt left, else None."""
        experiment = client.get_run(run_id).info.experiment_id
        found = client.search_logged_models([experiment], f"source_run_id = '{run_id}' AND name = '{name}'")
        return min(found, key=lambda m: (m.status != "READY", m.creation_timestamp), default=None)

    def _save(
        self,
        client: "MlflowClient",
        begun: Any,
        run_id: str,
        name: str,
        estimator: Any,
        example: "pd.DataFrame",
        pipeline: str,
    ) -> Any:
        types = model_file.types_in(estimator)
        run = client.get_run(run_id)
        model = begun or client.create_logged_model(
            run.info.experiment_id, name, run_id, params=run.data.params, model_type="sklearn"
        )
        digests = {
            "nightshift.pipeline": pipeline,
            "nightshift.model_sha256": model_file.digest(estimator),
            "nightshift.probe_sha256": model_file.probe_digest(estimator, example),
        }
        client.set_logged_model_tags(model.model_id, digests)
        with TemporaryDirectory() as folder:
            _write(Path(folder), estimator, example, types, model, run_id)
            client.log_model_artifacts(model.model_id, str(Path(folder) / "model"))
        return client.finalize_logged_model(model.model_id, "READY")

    def _attach(self, client: "MlflowClient", run_id: str, name: str, model: Any) -> None:
        """Bind the model to its run: as an output, and with its digests in tags that can be searched."""
        from mlflow.entities import LoggedModelOutput

        outputs = client.get_run(run_id).outputs
        if model.model_id not in [output.model_id for output in (outputs.model_outputs if outputs else [])]:
            client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=0)])
        digests = {k: v for k, v in client.get_logged_model(model.model_id).tags.items() if k.endswith("_sha256")}
        self._batch(client, run_id, tags={f"{key}.{name}": value for key, value in digests.items()})

    def load_model(self, model_uri: str) -> Any:
        """The estimator at ``models:/m-…``.

        Raises
        ------
        TrainingError
            There is no such model, it is no skops file, or it holds a type that is not trusted.
        """
        from mlflow.artifacts import download_artifacts
        from mlflow.exceptions import MlflowException

        with self._asking() as client, TemporaryDirectory() as folder:
            try:
                # a models:/ address would be looked up where MLflow's global state points to
                place = _logged_model(client, model_uri).artifact_location
                local = download_artifacts(artifact_uri=place, dst_path=folder, tracking_uri=self.uri)
            except MlflowException as error:
                if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                    raise
                raise TrainingError(f"there is no model {model_uri} in MLflow at {self.address}") from error
            return model_file.load(Path(local), model_uri)

    # versions

    def register(
        self, pipeline: str, run_id: str, model_uri: str, tags: Mapping[str, str], description: str = ""
    ) -> int:
        """The version of a saved model; registering it again gives the same one."""
        with self._asking() as client:
            self._registered_model(client, pipeline)
            found = client.search_model_versions(f"name = '{pipeline}' and run_id = '{run_id}'")
            versions = [int(v.version) for v in found if v.tags.get(MODEL) == model_uri]
            if versions:
                return min(versions)
            cut = {name: value[:_LONGEST_TAG] for name, value in tags.items()} | {MODEL: model_uri}
            made = client.create_model_version(
                pipeline,
                self._source(client, model_uri),
                run_id,
                tags=cut,
                description=description[:_LONGEST_TAG],
                model_id=model_uri.removeprefix("models:/"),  # a server refuses a model whose id is not said again
            )
            return int(made.version)

    def _source(self, client: "MlflowClient", model_uri: str) -> str:
        """What MLflow notes as a version's source. Without a server it would look a models:/ address up elsewhere."""
        return model_uri if self._served else str(_logged_model(client, model_uri).artifact_location)

    def _registered_model(self, client: "MlflowClient", pipeline: str) -> None:
        from mlflow.exceptions import MlflowException

        try:
            client.create_registered_model(pipeline)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise

    def production(self, pipeline: str) -> Served | None:
        """The version that the alias ``production`` points to; None when nothing serves yet."""
        with self._asking() as client:
            version = self._aliases(client, pipeline).get(PRODUCTION)
            if version is None:
                return None
            found = client.get_model_version(pipeline, str(version))
            return Served(version, str(found.run_id), found.tags.get(MODEL, str(found.source)), dict(found.tags))

    def aliases(self, pipeline: str) -> dict[str, int]:
        """The version that each alias points to."""
        with self._asking() as client:
            return self._aliases(client, pipeline)

    def stages(self, pipeline: str) -> dict[int, str]:
        """The native stage of each version: None, Staging, Production or Archived."""
        with self._asking() as client:
            found = client.search_model_versions(f"name = '{pipeline}'")
            return {int(v.version): str(v.current_stage) for v in found}

    def _aliases(self, client: "MlflowClient", pipeline: str) -> dict[str, int]:
        from mlflow.exceptions import MlflowException

        try:
            return {name: int(version) for name, version in client.get_registered_model(pipeline).aliases.items()}
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            return {}

    def promote(self, pipeline: str, version: int, expected: int | None) -> int | None:
        """Move a version through Staging into Production, and archive the one that was there; gives that one.

        The alias ``production`` is the truth and is set last but for nothing: killed anywhere before it, the old
        version serves and a second call does it all again; after it, a second call changes nothing. The caller holds
        the ledger's lock, since MLflow has no compare-and-set.

        Raises
        ------
        PromotionConflict
            Production is not ``expected``, the version that the challenger was judged against.
        """
        with self._asking() as client:
            aliases = self._aliases(client, pipeline)
            current = aliases.get(PRODUCTION)
            if current == version:
                return aliases.get(PREVIOUS)
            if current != expected:
                raise PromotionConflict(
                    f"{pipeline} version {version} was judged against {_name(expected)}, "
                    f"but Production is now {_name(current)}; it stays there"
                )
            self._stage(client, pipeline, version, "Staging")
            client.set_registered_model_alias(pipeline, STAGING, str(version))
            self._stage(client, pipeline, version, "Production")
            self._remember(client, pipeline, current, aliases)
            client.set_registered_model_alias(pipeline, PRODUCTION, str(version))
            return current

    def _stage(self, client: "MlflowClient", pipeline: str, version: int, stage: str) -> None:
        client.transition_model_version_stage(pipeline, str(version), stage, archive_existing_versions=True)

    def _remember(self, client: "MlflowClient", pipeline: str, current: int | None, aliases: Mapping[str, int]) -> None:
        if current is not None:
            client.set_registered_model_alias(pipeline, PREVIOUS, str(current))
        elif PREVIOUS in aliases:
            client.delete_registered_model_alias(pipeline, PREVIOUS)


def _logged_model(client: "MlflowClient", model_uri: str) -> Any:
    return client.get_logged_model(model_uri.removeprefix("models:/"))


def _name(version: int | None) -> str:
    return f"version {version}" if version is not None else "empty"


def _be_quiet() -> None:
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


def _write(folder: Path, estimator: Any, example: "pd.DataFrame", types: list[str], model: Any, run_id: str) -> None:
    """The model's folder as MLflow's sklearn flavour has it."""
    from mlflow import sklearn
    from mlflow.models import Model

    about = Model(
        artifact_path=model.artifact_location, model_uuid=model.model_id, run_id=run_id, model_id=model.model_id
    )
    sklearn.save_model(
        estimator,
        str(folder / "model"),
        mlflow_model=about,
        serialization_format="skops",
        skops_trusted_types=types,
        signature=_signature(estimator, example),
        pip_requirements=_requirements(),
    )


def _signature(estimator: Any, example: "pd.DataFrame") -> Any:
    """Column names and types; whole numbers as floats, because a column that has none missing today may tomorrow."""
    from mlflow.models import infer_signature
    from pandas.api.types import is_integer_dtype

    plain = example.astype({c: "float64" for c in example.columns if is_integer_dtype(example[c].dtype)})
    return infer_signature(plain, estimator.predict(example))


def _requirements() -> list[str]:
    from importlib.metadata import version

    return [f"{name}=={version(name)}" for name in _REQUIREMENTS]
