"""Training runs: what each was asked, measured and gave, found again by a key of ours."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ml.errors import TrainingError
from ml.registry.connection import Connection

if TYPE_CHECKING:
    from mlflow import MlflowClient

KEY = "nightshift.key"

# MLflow cuts longer ones with a warning, and Postgres refuses a longer description
_LONGEST_PARAM, LONGEST_TAG = 6000, 5000


class Runs(Connection):
    """The training runs of pipelines, an experiment each."""

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
            own = {name: value[:LONGEST_TAG] for name, value in tags.items()}
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
        batch(client, run.info.run_id, params={n: v for n, v in wanted.items() if n not in known}, tags=tags)

    def log(
        self, run_id: str, *, metrics: Mapping[str, float] | None = None, tags: Mapping[str, str] | None = None
    ) -> None:
        """Metrics and tags of a run; its status stays as it is."""
        with self._asking() as client:
            batch(client, run_id, metrics=metrics or {}, tags=tags or {})

    def tagged(self, pipeline: str, tag: str) -> dict[str, str]:
        """The value of a tag in each run of a pipeline that has it, by the run's id."""
        with self._asking() as client:
            experiment = client.get_experiment_by_name(pipeline)
            pages = _pages(client, experiment.experiment_id, f"tags.`{tag}` LIKE '%'") if experiment else ()
            return {str(run.info.run_id): str(run.data.tags[tag]) for page in pages for run in page}

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


def batch(
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
        tags=[RunTag(name, str(value)[:LONGEST_TAG]) for name, value in (tags or {}).items()],
    )


def _pages(client: "MlflowClient", experiment: str, query: str) -> Iterator[Any]:
    token: str | None = None
    while True:
        page = client.search_runs([experiment], query, max_results=1000, page_token=token)
        yield page
        token = page.token
        if not token:
            return
