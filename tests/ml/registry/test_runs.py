import pytest

from ml.errors import TrainingError

pytestmark = pytest.mark.integration


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


def test_a_tag_is_found_in_the_runs_that_have_it(both, name):
    runs = [both.training_run(name, str(n), {}, {"who": f"me {n}"} if n else {}) for n in range(3)]
    assert both.tagged(name, "who") == {runs[1]: "me 1", runs[2]: "me 2"}
    assert both.tagged("nobody", "who") == {}
