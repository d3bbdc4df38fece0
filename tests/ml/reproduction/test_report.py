"""What is said of a training done again."""

import pytest

from ml.reproduction.report import Rebuilt, Reproduction

pytestmark = pytest.mark.integration


@pytest.fixture
def rebuilt():
    def of(model=("a" * 64, "a" * 64), probe=("b" * 64, "b" * 64), moved=(0.0, 0.0), unmoved=None, differences=()):
        return Rebuilt(
            name="judged",
            model_sha256=model,
            probe_sha256=probe,
            probe_rows=200 if moved else None,
            moved=moved,
            unmoved=unmoved,
            differences=differences,
        )

    return of


def test_a_model_is_identical_when_both_digests_are(rebuilt):
    assert rebuilt().identical
    assert not rebuilt(model=("a" * 64, "c" * 64)).identical
    assert not rebuilt(probe=("b" * 64, "c" * 64)).identical


def test_how_far_predictions_moved_is_said(rebuilt):
    lines = list(rebuilt(model=("a" * 64, "c" * 64), probe=("b" * 64, "c" * 64), moved=(0.25, 0.01)).lines())
    assert lines[1].strip() == "its predictions on 200 probe rows moved by 0.25 at most, 0.01 on average"
    assert "nothing that was noted differs" in lines[2]


def test_that_it_is_not_known_how_far_is_said_too(rebuilt):
    lines = list(rebuilt(probe=("b" * 64, "c" * 64), moved=None, unmoved="its files are gone").lines())
    assert "differ; how far is not known: its files are gone" in lines[1]


def test_one_model_that_differs_makes_a_training_different(rebuilt, origin):
    def of(*models):
        return Reproduction(run_id="r", pipeline="tiny", version=1, snapshot=origin.snapshot, place="x", models=models)

    assert of(rebuilt()).identical
    odd = of(rebuilt(), rebuilt(probe=("b" * 64, "c" * 64)))
    assert not odd.identical
    assert list(odd.lines())[-1] == "Different: judged did not come out as before."
