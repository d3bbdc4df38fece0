"""Model files: saved once as skops with a signature, bound to their run, loaded again."""

from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ml import golden, model_file
from ml.errors import TrainingError
from ml.features import Definitions, definitions
from ml.registry.connection import Connection
from ml.registry.runs import LONGEST_TAG, batch

if TYPE_CHECKING:
    import pandas as pd
    from mlflow import MlflowClient

CONDITIONS, DIGEST, PAST = "nightshift.conditions", "nightshift.model_sha256", "nightshift.past"
_REQUIREMENTS = ("scikit-learn", "skops", "numpy", "pandas", "scipy")


class Models(Connection):
    """The fitted estimators that runs saved."""

    def save_model(
        self,
        run_id: str,
        name: str,
        estimator: Any,
        example: "pd.DataFrame",
        pipeline: str,
        conditions: str = "",
        hidden: Collection[str] = (),
        past: Definitions | None = None,
    ) -> str:
        """The address ``models:/m-…`` of a fitted estimator, kept as the run's model ``name``; saved only once.

        ``example`` gives the input signature and is the probe whose predictions are digested; a few of its rows are
        kept with their answers as the model's golden requests, without what their ``hidden`` columns hold.
        ``conditions`` is the lake's place of what the fit depended on besides its rows, ``past`` the definitions of
        the aggregates over the past among its features.

        Raises
        ------
        TrainingError
            The estimator holds a type that is not trusted, or the definitions are too long for MLflow.
        """
        if past is not None:
            past = {name: aggregate for name, aggregate in past.items() if name in example.columns}
        with self._asking() as client:
            model = self._saved(client, run_id, name)
            if model is None or model.status != "READY":
                of = {"nightshift.pipeline": pipeline, CONDITIONS: conditions} | _defined(past)
                model = self._save(client, model, run_id, name, estimator, example, of, hidden, past)
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
        tags: Mapping[str, str],
        hidden: Collection[str],
        past: Definitions | None,
    ) -> Any:
        types = model_file.types_in(estimator)
        run = client.get_run(run_id)
        model = begun or client.create_logged_model(
            run.info.experiment_id, name, run_id, params=run.data.params, model_type="sklearn"
        )
        digests = {
            DIGEST: model_file.digest(estimator),
            "nightshift.probe_sha256": model_file.probe_digest(estimator, example),
        }
        client.set_logged_model_tags(model.model_id, {**tags, **digests})
        with TemporaryDirectory() as folder:
            _write(Path(folder), estimator, example, types, model, run_id)
            golden.write(Path(folder) / "model", golden.recorded(estimator, example, hidden))
            if past is not None:
                definitions.write(Path(folder) / "model", past)
            client.log_model_artifacts(model.model_id, str(Path(folder) / "model"))
        return client.finalize_logged_model(model.model_id, "READY")

    def _attach(self, client: "MlflowClient", run_id: str, name: str, model: Any) -> None:
        """Bind the model to its run: as an output, and with its digests and conditions in tags that can be searched."""
        from mlflow.entities import LoggedModelOutput

        outputs = client.get_run(run_id).outputs
        if model.model_id not in [output.model_id for output in (outputs.model_outputs if outputs else [])]:
            client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=0)])
        known = client.get_logged_model(model.model_id).tags
        searched = {f"{k}.{name}": v for k, v in known.items() if k.endswith("_sha256") or k == CONDITIONS}
        batch(client, run_id, tags=searched)

    def model_digest(self, model_uri: str) -> str | None:
        """The digest that a saved model had (see ``ml.model_file.digest``); None for one that was saved without."""
        with self._asking() as client:
            known = logged_model(client, model_uri).tags.get(DIGEST)
            return str(known) if known is not None else None

    def past_of(self, model_uri: str) -> Definitions | None:
        """The aggregates over the past that a saved model takes, as they were defined when it was fitted.

        None for a model that was saved without.
        """
        with self._asking() as client:
            known = logged_model(client, model_uri).tags.get(PAST)
            return definitions.of_text(str(known)) if known is not None else None

    def load_model(self, model_uri: str) -> Any:
        """The estimator at ``models:/m-…``.

        Raises
        ------
        TrainingError
            There is no such model, it is no skops file, or it holds a type that is not trusted.
        """
        with TemporaryDirectory() as folder:
            return model_file.load(self.fetch_model(model_uri, Path(folder)), model_uri)

    def fetch_model(self, model_uri: str, folder: Path) -> Path:
        """Where a copy of the model's folder lies below ``folder``, as the registry keeps it; nothing in it is opened.

        Raises
        ------
        TrainingError
            There is no such model.
        """
        from mlflow.artifacts import download_artifacts
        from mlflow.exceptions import MlflowException

        folder.mkdir(parents=True, exist_ok=True)
        with self._asking() as client:
            try:
                # a models:/ address would be looked up where MLflow's global state points to
                place = logged_model(client, model_uri).artifact_location
                return Path(download_artifacts(artifact_uri=place, dst_path=str(folder), tracking_uri=self.uri))
            except MlflowException as error:
                if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                    raise
                raise TrainingError(f"there is no model {model_uri} in MLflow at {self.address}") from error


def logged_model(client: "MlflowClient", model_uri: str) -> Any:
    return client.get_logged_model(model_uri.removeprefix("models:/"))


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


def _defined(past: Definitions | None) -> dict[str, str]:
    """The tag that a model's definitions are read from."""
    if past is None:
        return {}
    text = definitions.as_text(past)
    if len(text) > LONGEST_TAG:
        raise TrainingError(
            f"the definitions of {len(past)} aggregates over the past take {len(text):,} characters, and MLflow keeps "
            f"at most {LONGEST_TAG:,} with a model; define fewer, or with shorter names and expressions"
        )
    return {PAST: text}


def _signature(estimator: Any, example: "pd.DataFrame") -> Any:
    """Column names and types; whole numbers as floats, because a column that has none missing today may tomorrow."""
    from mlflow.models import infer_signature
    from pandas.api.types import is_integer_dtype

    plain = example.astype({c: "float64" for c in example.columns if is_integer_dtype(example[c].dtype)})
    return infer_signature(plain, estimator.predict(example))


def _requirements() -> list[str]:
    from importlib.metadata import version

    return [f"{name}=={version(name)}" for name in _REQUIREMENTS]
