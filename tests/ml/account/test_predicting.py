"""The life of one prediction, from what was asked to what came true."""

from datetime import UTC, date, datetime

import pytest

from ml.account import predicting
from ml.days import Span
from ml.errors import NoData
from ml.predictions.entries import Entries
from ml.shelf import opened
from ml.shelf.fetching import here
from ml.truth import joining

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)
AT = datetime(2013, 6, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def said(restored, tmp_path):
    """Keeps what version 1 says of the first parcel of the day, with changes to what is kept of predictions."""
    run = restored.run("tiny", DAY)
    served = opened(here(restored.registry, "tiny", 1, tmp_path), "tiny", AT)
    [batch] = restored.ledger.batches("tiny", Span(DAY, DAY))
    row = restored.lake.read([batch.uri]).to_dicts()[0]

    def made(role="production", answer=None, key=None, **kept):
        log = run.pipeline.predictions.model_copy(update=kept)
        entries = Entries(run.pipeline.model_copy(update={"predictions": log}), "key")
        value = float(served.predictor.answers([row])[0]) if answer is None else answer
        caller = None if role == "batch" else "shop"
        [prediction] = entries.of([row | (key or {})], [value], 1, role, caller, AT)
        restored.ledger.record_predictions([prediction])
        return prediction

    return made


def text(restored, prediction):
    return "\n".join(predicting.of(restored, prediction.id).lines())


def join(restored, due=1):
    [batch] = restored.ledger.batches("tiny", Span(DAY, DAY))
    restored.ledger.record_outcomes(joining.join(restored.run("tiny", date(2013, 6, 2)), DAY, batch, due))


def test_it_says_which_row_who_asked_and_which_version_answered(restored, said):
    told = text(restored, prediction := said())
    assert told.startswith(f"prediction {prediction.id} of tiny\n  row         parcel {prediction.key['parcel']}\n")
    assert f"answer      {prediction.probability:.4f}, the probability that late is 1" in told
    assert "asked       2013-06-01 08:30:00 UTC, by shop" in told
    assert "by          version 1, in Production" in told
    assert "came true   no night has looked at its label yet" in told


def test_the_contributions_add_up_to_the_answer_that_the_version_gives_again(restored, said):
    found = predicting.of(restored, said().id).explained
    assert found.answer == predicting.of(restored, said().id).prediction.probability
    assert set(found.explanation.contributions) == {"weight", "town"}
    total = found.explanation.base + sum(found.explanation.contributions.values())
    assert total == pytest.approx(found.explanation.answer, abs=1e-9)
    told = text(restored, said())
    assert "Asked again today, version 1 gives the same to the last digit." in told
    assert "Shapley values of trees, on the scale of the log-odds" in told


def test_an_answer_that_the_version_does_not_give_again_is_told(restored, said):
    assert "version 1 gives 0." in text(restored, said(answer=0.999))
    assert "which is off by" in text(restored, said(answer=0.999))


def test_what_came_true_is_what_the_newest_night_knew(restored, said):
    prediction = said()
    join(restored)
    label = predicting.of(restored, prediction.id).became["label"]
    assert f"came true   late was {label:g}, as the night of 2013-06-02 knew" in text(restored, prediction)


def test_a_prediction_of_no_accepted_row_says_so(restored, said):
    prediction = said(key={"parcel": 7})
    join(restored)
    assert "came true   no accepted row has its key, as the night of 2013-06-02 knew" in text(restored, prediction)


def test_a_prediction_that_came_after_the_join_has_not_been_looked_at(restored, said):
    said()
    join(restored)
    assert "no night has looked at its label yet" in text(restored, said())


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        ({"features": "none"}, "its features were not kept"),
        ({"features": "reference"}, "of its features a fingerprint was kept alone"),
        ({"dropped": ("town",)}, "town was not kept, and the model takes it"),
    ],
)
def test_what_was_not_kept_cannot_be_explained(restored, said, kept, why):
    told = text(restored, said(**kept))
    assert "they cannot be known:" in told
    assert why in told


def test_a_masked_feature_is_not_asked_about(restored, said, tiny):
    prediction = said(masked=("town",))
    yaml = restored.pipelines / "tiny.yaml"
    yaml.write_text(yaml.read_text() + "\npredictions: {masked: [town]}\n")
    assert "town is kept masked, and what the model saw is not known any more" in text(restored, prediction)


@pytest.mark.parametrize("role", predicting.ROLES)
def test_each_role_is_told(restored, said, role):
    assert f"version 1, {predicting.ROLES[role]}" in text(restored, said(role))


def test_a_version_that_is_gone_is_a_reason(restored, said):
    prediction = said()
    restored.registry._client.delete_model_version("tiny", "1")
    assert "MLflow has no such version" in text(restored, prediction)


def test_a_prediction_that_nobody_kept_is_a_sentence(restored):
    with pytest.raises(NoData, match="no prediction abc is kept: it never was"):
        predicting.of(restored, "abc")
