"""Two versions on the same rows."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.days import Span
from ml.metrics import compute
from ml.worth.scale import Scale, losses, scores
from ml.worth.served import Pair
from tests.ml.worth.conftest import DAYS

SAID = st.lists(st.tuples(st.sampled_from([0.0, 1.0]), st.floats(0, 1)), min_size=1, max_size=30)


def weighed(place, version=2, other=1, **plan):
    run = place.run("tiny", DAYS[-1])
    worth = run.pipeline.worth.model_copy(update=plan)
    run = replace(run, pipeline=run.pipeline.model_copy(update={"worth": worth}))
    (batch,) = place.ledger.batches("tiny", Span(DAYS[3], DAYS[3]))
    (found,) = Scale(run).day(batch, [Pair(DAYS[3], version, other, "replaced")])
    return found


@given(SAID)
def test_a_version_beside_itself_has_the_same_losses_and_the_same_scores(rows):
    y, said = (np.array(column) for column in zip(*rows, strict=True))
    assert all(one == other for one, other in losses("classification", y, said, said).values())
    found = scores("classification", y, said, said)
    assert all(found[f"version {label}"] == found[f"other {label}"] for label in (0, 1))
    assert sum(sum(found[f"version {label}"]) for label in (0, 1)) == len(y)


def test_the_losses_are_those_of_an_evaluation_for_both():
    rng = np.random.default_rng(0)
    y, one, other = (rng.random(50) < 0.4).astype(float), rng.random(50), rng.random(50)
    found = losses("classification", y, one, other)
    for n, said in enumerate((one, other)):
        metrics = compute("classification", y, said)
        assert found["log_loss"][n] == pytest.approx(metrics["log_loss"])
        assert found["brier"][n] == pytest.approx(metrics["brier"])
        assert found["accuracy"][n] == pytest.approx(1 - metrics["accuracy"])


def test_a_regression_is_measured_by_its_loss_alone():
    y = np.array([1.0, 2.0])
    assert losses("regression", y, y, y + 1) == {"mae": (0.0, 1.0)}
    assert scores("regression", y, y, y) == {}


def test_both_versions_score_the_labelled_rows_of_a_day(worth):
    found = weighed(worth)
    assert (found.state, found.rows, found.weighed, found.why) == ("known", 60, 60, "")
    assert found.losses["log_loss"][0] != found.losses["log_loss"][1]
    assert {sum(counts) for counts in found.scores.values()} <= set(range(61))
    turned = weighed(worth, 1, 2)
    assert turned.losses["log_loss"] == found.losses["log_loss"][::-1]


def test_a_large_day_is_scored_in_part_and_counts_whole(worth):
    found = weighed(worth, rows=20)
    assert (found.rows, found.weighed) == (60, 20)


def test_a_version_that_is_gone_leaves_the_day_unknown_with_the_reason(worth):
    found = weighed(worth, other=7)
    assert (found.state, found.why, found.losses) == ("unknown", "version 7 is not in MLflow any more", {})


def test_a_model_whose_file_is_gone_leaves_the_day_unknown_with_the_reason(worth):
    class Emptied:
        """The registry, whose models retention took."""

        def __getattr__(self, name):
            return getattr(worth.registry, name)

        def version(self, pipeline, version):
            return replace(worth.registry.version(pipeline, version), model_uri="models:/m-0000")

    found = weighed(replace(worth, registry=Emptied()))
    assert found.state == "unknown"
    assert "there is no model models:/m-0000 in MLflow" in found.why


def test_a_version_that_cannot_score_these_rows_leaves_the_day_unknown(worth):
    import polars as pl

    class Narrow:
        """The lake, without a column that the models ask for."""

        def read(self, uris):
            return worth.lake.read(uris).drop("weight")

    found = weighed(replace(worth, lake=Narrow()))
    assert (found.state, found.rows) == ("unknown", 60)
    assert "weight" in found.why

    class Unlabelled:
        """The lake, before any label came."""

        def read(self, uris):
            return worth.lake.read(uris).with_columns(late=pl.lit(None, dtype=pl.Int64))

    assert weighed(replace(worth, lake=Unlabelled())).why == "none of its rows has a label"
