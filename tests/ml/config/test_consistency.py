import pytest

from ml.config import load_pipeline
from ml.errors import ConfigError


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[weight, town]", "[weight, late]", "model.features[1]: 'late' is the label; a model that is shown its label"),
        ("[weight, town]", "[weight, weight]", "model.features[1]: 'weight' stands here twice (line 23)"),
        (
            "event_time: at",
            "event_time: att",
            "source.event_time: 'att' is not among the contract's columns; did you mean 'at'",
        ),
        (
            "key: [parcel]",
            "key: [parcl]",
            "source.key[0]: 'parcl' is not among the contract's columns; did you mean 'parcel'",
        ),
        (
            "unique: [parcel]",
            "unique: [at, x]",
            "contract.unique[1]: 'x' is not among the contract's columns (line 14)",
        ),
        ("slices: [town]", "slices: [twon]", "evaluation.slices[0]: 'twon' is not among the contract's columns or the"),
        (
            "town: {method",
            "twon: {method",
            "drift.columns.twon: 'twon' is not among the contract's columns or the model's",
        ),
        (
            "town: {type: string}",
            "town: {type: float}",
            "jensenshannon compares categorical columns; the contract says that",
        ),
        (
            "weight: {type: float}",
            "weight: {type: string}",
            "drift.columns.weight: wasserstein compares numerical columns;",
        ),
        (
            "slices:",
            "metric: rmse, slices:",
            "evaluation.metric: 'rmse' is no metric of a classification (known: log_loss",
        ),
        ("slices:", "metric: logloss, slices:", "no metric of a classification; did you mean 'log_loss'?"),
        (
            "  label: late",
            "  task: regression\n  label: late",
            "gates[0].metric: 'log_loss' is no metric of a regression",
        ),
        (
            "slices:",
            "holdout: 52w, slices:",
            "evaluation.holdout: 364 days are held out of a window of 364; nothing is left",
        ),
    ],
)
def test_sections_that_contradict_each_other_are_a_sentence(pipelines, old, new, sentence) -> None:
    path = pipelines.write(old, new)
    with pytest.raises(ConfigError) as refused:
        load_pipeline(path)
    assert f"{path}: " in str(refused.value)
    assert sentence in str(refused.value)


def test_a_feature_that_the_contract_does_not_name_may_be_watched_for_drift(pipelines) -> None:
    path = pipelines.write("    town: {type: string}\n", "")
    assert load_pipeline(path).drift.columns["town"].method == "jensenshannon"
