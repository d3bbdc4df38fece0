import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import uuid4

import pytest

from ml import training
from ml.errors import ConfigError, PromotionConflict, ServiceUnavailable, TrainingError
from ml.registry import Registry

pytestmark = pytest.mark.integration


@pytest.fixture(scope="session")
def sqlite_registry(tmp_path_factory):
    return f"sqlite:///{tmp_path_factory.mktemp('registry')}/mlflow.db"


@pytest.fixture(params=["sqlite_registry", "mlflow_server"])
def both(request):
    """A registry without a server, and one with."""
    return Registry(request.getfixturevalue(request.param))


@pytest.fixture
def registry(sqlite_registry):
    return Registry(sqlite_registry)


@pytest.fixture
def name():
    """A pipeline that no other test knows."""
    return f"p{uuid4().hex[:10]}"


@pytest.fixture
def fitted(model, table):
    return training.fit(model(), table())


@pytest.fixture
def probe(model, table):
    return training.example(model(), table())


@pytest.fixture
def run(registry, name):
    return registry.training_run(name, "2013-01-31/abc", {"seed": "0"}, {"who": "me"})


def versions(registry, name, count):
    """Versions of empty models, the first one in Production."""
    run = registry.training_run(name, "key", {}, {})
    with registry._asking() as client:
        experiment = client.get_run(run).info.experiment_id
        models = [client.create_logged_model(experiment, f"m{n}", run).model_id for n in range(count)]
    assert [registry.register(name, run, f"models:/{m}", {}) for m in models] == list(range(1, count + 1))
    registry.promote(name, 1, None)


def state(registry, name):
    return registry.stages(name), registry.aliases(name)


def test_from_a_fitted_estimator_to_production_and_back(both, name, fitted, probe, table):
    run = both.training_run(name, "key", {"seed": "0"}, {"who": "me"})
    uri = both.save_model(run, "model", fitted, probe, name)
    version = both.register(name, run, uri, {"nightshift.day": "2013-01-31"}, "# Why")
    assert both.production(name) is None
    assert both.promote(name, version, None) is None
    served = both.production(name)
    assert (served.version, served.run_id, served.tags["nightshift.day"]) == (1, run, "2013-01-31")
    one, two = (training.predict("classification", e, table()) for e in (fitted, both.load_model(served.model_uri)))
    assert (one == two).all()


def test_everything_twice_leaves_one_of_each(both, name, fitted, probe):
    def night():
        run = both.training_run(name, "key", {"seed": "0"}, {"who": "me"})
        both.log_dataset(run, "snapshots/a.parquet", "ab" * 32, 100)
        uri = both.save_model(run, "model", fitted, probe, name)
        both.log(run, metrics={"challenger/log_loss": 0.5}, tags={"nightshift.verdict": "passed"})
        version = both.register(name, run, uri, {})
        return run, uri, version, both.promote(name, version, None)

    once = night()
    assert night() == once
    run = both._client.get_run(once[0])
    assert len(run.outputs.model_outputs) == len(run.inputs.dataset_inputs) == 1
    assert state(both, name) == ({1: "Production"}, {"production": 1, "staging": 1})


def test_a_run_is_found_by_its_key(registry, name, run):
    assert registry.training_run(name, "2013-01-31/abc", {"seed": "0"}, {"who": "me"}) == run
    assert registry.training_run(name, "2013-02-01/abc", {"seed": "0"}, {}) != run


def test_a_retry_with_another_parameter_is_refused(registry, name, run):
    with pytest.raises(TrainingError, match=f"run {run} was made with seed = '0', it cannot go on with '1'"):
        registry.training_run(name, "2013-01-31/abc", {"seed": "1"}, {})


def test_a_failed_run_goes_on_when_it_is_tried_again(registry, name, run):
    registry.finish(run, ok=False)
    assert registry._client.get_run(run).info.status == "FAILED"
    registry.training_run(name, "2013-01-31/abc", {"seed": "0"}, {})
    assert registry._client.get_run(run).info.status == "RUNNING"
    registry.finish(run, ok=True)
    assert registry._client.get_run(run).info.status == "FINISHED"


def test_values_longer_than_mlflow_keeps_pass_twice(registry, name):
    long = {"features": "x" * 9000}
    assert registry.training_run(name, "k", long, long) == registry.training_run(name, "k", long, long)


def test_an_experiment_that_somebody_deleted_comes_back(registry, name, run):
    registry._client.delete_experiment(registry._client.get_run(run).info.experiment_id)
    again = registry.training_run(name, "another", {}, {})
    assert registry._client.get_run(again).info.lifecycle_stage == "active"


def test_a_run_keeps_texts_figures_and_the_digest_of_its_snapshot(registry, run):
    from matplotlib.figure import Figure

    registry.log_text(run, "drift.html", "<p>all quiet</p>")
    registry.log_figure(run, "roc_pr.png", Figure())
    registry.log_dataset(run, "snapshots/a.parquet", "ab" * 32, 100)
    assert {f.path for f in registry._client.list_artifacts(run)} == {"drift.html", "roc_pr.png"}
    tags = registry._client.get_run(run).inputs.dataset_inputs[0].tags
    assert ("sha256", "ab" * 32) in [(t.key, t.value) for t in tags]


def test_a_model_says_what_it_eats_and_what_it_needs(registry, name, run, fitted, probe, tmp_path):
    import yaml
    from mlflow.artifacts import download_artifacts

    uri = registry.save_model(run, "model", fitted, probe.assign(size=range(len(probe))), name)
    place = registry._client.get_logged_model(uri.removeprefix("models:/")).artifact_location
    folder = tmp_path / "model"
    download_artifacts(artifact_uri=place, dst_path=str(folder), tracking_uri=registry.uri)
    (about,) = folder.rglob("MLmodel")
    signature = yaml.safe_load(about.read_text())["signature"]["inputs"]
    assert '{"type": "double", "name": "size", "required": true}' in signature
    needed = (about.parent / "requirements.txt").read_text().splitlines()
    assert [line.split("==")[0] for line in needed] == ["mlflow", "scikit-learn", "skops", "numpy", "pandas", "scipy"]


def test_digests_of_model_and_predictions_are_tags_of_the_run(registry, name, run, fitted, probe):
    from ml import model_file

    registry.save_model(run, "model", fitted, probe, name)
    tags = registry._client.get_run(run).data.tags
    assert tags["nightshift.model_sha256.model"] == model_file.digest(fitted)
    assert tags["nightshift.probe_sha256.model"] == model_file.probe_digest(fitted, probe)


def test_a_model_that_a_killed_attempt_began_is_finished(registry, name, run, fitted, probe, table):
    experiment = registry._client.get_run(run).info.experiment_id
    begun = registry._client.create_logged_model(experiment, "model", run)
    uri = registry.save_model(run, "model", fitted, probe, name)
    assert uri == f"models:/{begun.model_id}"
    assert training.predict("classification", registry.load_model(uri), table()).shape == (600,)


def test_two_models_of_a_run_are_two(registry, name, run, fitted, probe):
    judged, refitted = (registry.save_model(run, n, fitted, probe, name) for n in ("judged", "model"))
    assert judged != refitted
    assert registry.register(name, run, judged, {}) != registry.register(name, run, refitted, {})


def test_threads_do_not_disturb_each_other(registry, name, fitted, probe):
    import mlflow

    runs = [registry.training_run(name, f"key {n}", {}, {}) for n in range(3)]
    with ThreadPoolExecutor(3) as pool:
        uris = list(pool.map(lambda run: registry.save_model(run, "model", fitted, probe, name), runs))
    assert len(set(uris)) == 3
    assert {registry._client.get_run(run).info.status for run in runs} == {"RUNNING"}
    assert mlflow.active_run() is None


def test_nothing_is_written_where_the_process_happens_to_be(registry, name, run, fitted, probe, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    registry.register(name, run, registry.save_model(run, "model", fitted, probe, name), {})
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_not_there_is_a_sentence(both):
    with pytest.raises(TrainingError, match="there is no model models:/m-0000 in MLflow at"):
        both.load_model("models:/m-0000")


def test_a_pickled_model_is_refused(registry, name, run):
    import mlflow.sklearn
    from sklearn.dummy import DummyClassifier

    client, estimator = registry._client, DummyClassifier().fit([[0], [1]], [0, 1])
    model = client.create_logged_model(client.get_run(run).info.experiment_id, "model", run)
    folder = f"{registry._artifacts}/{name}-pickled"
    mlflow.sklearn.save_model(estimator, folder, serialization_format="cloudpickle", pip_requirements=["scikit-learn"])
    client.log_model_artifacts(model.model_id, folder)
    with pytest.raises(TrainingError, match="its format is cloudpickle, and only skops is safe to open"):
        registry.load_model(f"models:/{model.model_id}")


def test_the_next_version_archives_the_one_before(registry, name):
    versions(registry, name, 3)
    assert registry.promote(name, 2, 1) == 1
    assert registry.promote(name, 3, 2) == 2
    assert registry.promote(name, 3, 2) == 2
    stages, aliases = state(registry, name)
    assert stages == {1: "Archived", 2: "Archived", 3: "Production"}
    assert aliases == {"production": 3, "previous": 2, "staging": 3}


def test_a_version_judged_against_another_champion_is_not_promoted(registry, name):
    versions(registry, name, 3)
    registry.promote(name, 2, 1)
    before = state(registry, name)
    with pytest.raises(
        PromotionConflict, match="version 3 was judged against version 1, but Production is now version 2"
    ):
        registry.promote(name, 3, 1)
    with pytest.raises(PromotionConflict, match="judged against empty, but"):
        registry.promote(name, 3, None)
    assert state(registry, name) == before


KILLED = """
import os, signal, sys
from ml import registry as room
from mlflow import MlflowClient

uri, *names = sys.argv[1:]
room._be_quiet()

def deadly(call, left):
    def wrapped(*args, **kwargs):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return call(*args, **kwargs)
    return wrapped

for calls, name in enumerate(names):
    if (child := os.fork()) == 0:
        left = [calls]
        for verb in ("transition_model_version_stage", "set_registered_model_alias", "delete_registered_model_alias"):
            setattr(MlflowClient, verb, deadly(getattr(MlflowClient, verb), left))
        room.Registry(uri).promote(name, 2, 1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_killed_between_any_two_calls_a_promotion_can_be_repeated(registry, name):
    names = [f"{name}_{n}" for n in range(6)]
    for each in names:
        versions(registry, each, 2)
    ended = subprocess.run([sys.executable, "-c", KILLED, registry.uri, *names], capture_output=True, text=True)
    assert ended.stdout.split() == ["-9", "-9", "-9", "-9", "-9", "0"], ended.stderr
    for each in names:
        assert registry.production(each).version in (1, 2)
        assert registry.promote(each, 2, 1) == 1
        aliases = {"production": 2, "previous": 1, "staging": 2}
        assert state(registry, each) == ({1: "Archived", 2: "Production"}, aliases)


RACER = """
import sys
from ml.errors import PromotionConflict
from ml.ledger import Ledger
from ml.registry import Registry

mlflow, ledger, version = sys.argv[1:]
registry, ledger = Registry(mlflow), Ledger.open(ledger)
registry.production("nothing")
print("ready", flush=True)
for name in map(str.strip, sys.stdin):
    try:
        with ledger.lock(f"promote/{name}"):
            registry.promote(name, int(version), 1)
        print("promoted", flush=True)
    except PromotionConflict:
        print("conflict", flush=True)
"""


def racer(*arguments):
    return subprocess.Popen(
        [sys.executable, "-c", RACER, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_of_two_processes_that_promote_at_once_one_wins(mlflow_server, postgres, name):
    registry = Registry(mlflow_server)
    names = [f"{name}_{n}" for n in range(10)]
    for each in names:
        versions(registry, each, 3)
    with racer(mlflow_server, postgres, "2") as two, racer(mlflow_server, postgres, "3") as three:
        assert [r.stdout.readline().strip() for r in (two, three)] == ["ready", "ready"]
        for each in names:
            for process in (two, three):
                print(each, file=process.stdin, flush=True)
            results = [process.stdout.readline().strip() for process in (two, three)]
            winner = 2 if results[0] == "promoted" else 3
            assert sorted(results) == ["conflict", "promoted"]
            stages, aliases = state(registry, each)
            assert stages == {1: "Archived", 5 - winner: "None", winner: "Production"}
            assert aliases == {"production": winner, "previous": 1, "staging": winner}
        two.stdin.close()
        three.stdin.close()


def test_pages_of_a_server_can_be_linked(mlflow_server, name):
    registry = Registry(mlflow_server)
    run = registry.training_run(name, "k", {}, {})
    experiment = registry._client.get_run(run).info.experiment_id
    assert registry.run_url(run) == f"{mlflow_server}/#/experiments/{experiment}/runs/{run}"
    assert registry.version_url(name, 3) == f"{mlflow_server}/#/models/{name}/versions/3"


def test_without_a_server_there_is_no_page(registry, name, run):
    assert registry.run_url(run) is None
    assert registry.version_url(name, 3) is None


def nobody():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize("scheme", ["http", "postgresql+psycopg2"])
def test_a_server_that_is_down_is_named_without_its_password(scheme, tmp_path):
    place = nobody()
    registry = Registry(f"{scheme}://someone:secret@{place}", artifacts=tmp_path)
    with pytest.raises(
        ServiceUnavailable, match=rf"MLflow at {scheme[:4]}.*{place} did not answer: .*refused"
    ) as caught:
        registry.production("p")
    chain = [caught.value]
    while chain[-1].__cause__:
        chain.append(chain[-1].__cause__)
    assert "secret" not in "".join(map(str, chain))


def test_a_server_without_its_database_is_unavailable():
    class Broken(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(503)
            self.end_headers()
            self.wfile.write(b'{"error_code": "TEMPORARILY_UNAVAILABLE", "message": "the database is down"}')

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Broken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(ServiceUnavailable, match="503"):
            Registry(f"http://127.0.0.1:{server.server_port}").production("p")
        server.shutdown()


def test_what_mlflow_refuses_is_not_mistaken_for_an_outage(registry, name):
    from mlflow.exceptions import MlflowException

    with pytest.raises(MlflowException, match="not found"):
        registry.promote(name, 1, None)


def test_without_server_and_folder_there_is_no_place_for_models():
    with pytest.raises(ConfigError, match=r"MLflow at postgresql\+psycopg2://host/db has no server: a folder"):
        Registry("postgresql+psycopg2://me:secret@host/db")


def test_a_database_needs_no_server(postgres, tmp_path, name):
    registry = Registry(postgres, artifacts=tmp_path)
    versions(registry, name, 2)
    assert registry.promote(name, 2, 1) == 1
    assert registry.production(name).version == 2
