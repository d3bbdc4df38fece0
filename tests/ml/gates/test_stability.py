from ml.gates import Stability


def moved(trial, by):
    """A trial whose refit moves every log-odds to and fro."""
    t = trial()
    shaken = trial(lambda odds, frame: odds + by * (-1) ** frame.index.to_numpy())
    return trial(predict=lambda estimator, frame: shaken.predictions["challenger"], y=t.y)


def test_a_model_that_chance_made_is_refused(trial, found):
    finding = found(Stability(), moved(trial, 3))
    assert not finding.passed
    assert finding.sentence.startswith("fitted with another seed, the challenger's predictions move by ")
    assert finding.sentence.endswith("at most 0.3 is allowed")


def test_a_recipe_without_chance_does_not_move(trial, found):
    finding = found(Stability(), trial())
    assert finding.passed
    assert "move by 0 of their spread" in finding.sentence


def test_it_fits_as_often_as_it_is_told(trial):
    seeds = []
    Stability(seeds=3).measure(trial(refit=seeds.append))
    assert seeds == [101, 102, 103]
