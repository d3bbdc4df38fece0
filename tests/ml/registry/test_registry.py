from concurrent.futures import ThreadPoolExecutor

import pytest

from ml import training
from ml.registry import Registry

pytestmark = pytest.mark.integration


def test_from_a_fitted_estimator_to_production_and_back(both, name, fitted, probe, table):
    run = both.training_run(name, "key", {"seed": "0"}, {"who": "me"})
    uri = both.save_model(run, "model", fitted, probe, name)
    version = both.register(name, run, uri, {"nightshift.day": "2013-01-31"}, "# Why")
    assert both.production(name) is None
    both.stage(name, version)
    assert both.stages(name) == {version: "Staging"}
    both.settle(name, version, None)
    served = both.production(name)
    assert (served.version, served.run_id, served.tags["nightshift.day"]) == (1, run, "2013-01-31")
    one, two = (training.predict("classification", e, table()) for e in (fitted, both.load_model(served.model_uri)))
    assert (one == two).all()


def test_everything_twice_leaves_one_of_each(both, name, fitted, probe, state):
    def night():
        run = both.training_run(name, "key", {"seed": "0"}, {"who": "me"})
        both.log_dataset(run, "snapshots/a.parquet", "ab" * 32, 100)
        uri = both.save_model(run, "model", fitted, probe, name)
        both.log(run, metrics={"challenger/log_loss": 0.5}, tags={"nightshift.verdict": "passed"})
        version = both.register(name, run, uri, {})
        both.stage(name, version)
        both.settle(name, version, None)
        return run, uri, version

    once = night()
    assert night() == once
    run = both._client.get_run(once[0])
    assert len(run.outputs.model_outputs) == len(run.inputs.dataset_inputs) == 1
    assert state(both, name) == ({1: "Production"}, {"production": 1})


def test_threads_do_not_disturb_each_other(registry, name, fitted, probe):
    import mlflow

    runs = [registry.training_run(name, f"key {n}", {}, {}) for n in range(3)]
    with ThreadPoolExecutor(3) as pool:
        uris = list(pool.map(lambda run: registry.save_model(run, "model", fitted, probe, name), runs))
    assert len(set(uris)) == 3
    assert {registry._client.get_run(run).info.status for run in runs} == {"RUNNING"}
    assert mlflow.active_run() is None


def test_pages_of_a_server_can_be_linked(mlflow_server, name):
    registry = Registry(mlflow_server)
    run = registry.training_run(name, "k", {}, {})
    experiment = registry._client.get_run(run).info.experiment_id
    assert registry.run_url(run) == f"{mlflow_server}/#/experiments/{experiment}/runs/{run}"
    assert registry.version_url(name, 3) == f"{mlflow_server}/#/models/{name}/versions/3"


def test_without_a_server_there_is_no_page(registry, name, run):
    assert registry.run_url(run) is None
    assert registry.version_url(name, 3) is None


def test_a_database_needs_no_server(postgres, tmp_path, name, versions):
    registry = Registry(postgres, artifacts=tmp_path)
    versions(registry, name, 2)
    registry.settle(name, 2, 1)
    assert registry.production(name).version == 2
