from ml.exposure import Shadow


def test_a_shadow_answers_nobody_and_is_waited_for_only_when_it_is_told_to():
    assert (Shadow().held, Shadow().answers, Shadow().days) == (True, 0.0, 0)
    assert Shadow(wait="3d").days == 3
