from ml.exposure import Unseen


def test_a_candidate_that_is_unseen_is_not_even_loaded():
    plan = Unseen()
    assert (plan.held, plan.answers, plan.days, plan.by) == (False, 0.0, 0, ())
