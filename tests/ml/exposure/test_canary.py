from ml.exposure import Canary


def test_a_canary_answers_a_tenth_of_the_keys_for_a_week():
    plan = Canary()
    assert (plan.held, plan.answers, plan.days, plan.by) == (True, 0.1, 7, ())
    assert Canary(key=["tailnum"]).by == ("tailnum",)
