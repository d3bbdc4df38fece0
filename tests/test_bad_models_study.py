"""The study of bad models: a list of different ones, each with the words that name its cause."""

from studies import bad_models


def test_there_are_at_least_thirty_and_each_names_its_cause():
    assert len(bad_models.BAD) >= 30
    assert all(words for _, words in bad_models.BAD.values())


def test_no_two_bad_models_are_one():
    assert len({make for make, _ in bad_models.BAD.values()}) == len(bad_models.BAD)
