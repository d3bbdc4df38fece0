"""The study of bad models: a list of different ones, each with the words that name its cause."""

from studies import bad_models


def test_there_are_at_least_thirty_and_each_names_its_cause():
    assert len(bad_models.BAD) >= 30
    assert all(words for _, words in bad_models.BAD.values())


def test_no_two_bad_models_are_one():
    assert len({make for make, _ in bad_models.BAD.values()}) == len(bad_models.BAD)


def test_an_answer_that_was_kept_is_not_found_again_by_the_next_call(tmp_path):
    found = bad_models.Stopped("a constant", True, "it says the same for all rows")
    assert bad_models.Kept.at(tmp_path, "bad").answer("a constant", lambda: found) == found
    assert bad_models.Kept.at(tmp_path, "bad").answer("a constant", lambda: 1 / 0) == found


def test_the_figures_name_what_passed_and_what_was_refused_for_nothing():
    bad = [bad_models.Stopped("slow", True, "31 ms"), bad_models.Stopped("odd", False, "")]
    figures = bad_models.figures_of(bad, [bad_models.Stopped("2013-03-31, seed 0", True, "worse at JFK")])
    assert (figures["bad_models"], figures["bad_models_stopped"], figures["passed"]) == (2, 1, ["odd"])
    assert (figures["good_models_stopped"], figures["good_objections"]) == (1, ["worse at JFK"])
