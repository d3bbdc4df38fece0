from ml.occasions import WindowChanged


def test_another_window_is_said_with_both(case):
    assert WindowChanged().reason(case(champion_tags={"nightshift.window": "336"})) == (
        "it is fitted on a window of 28 days, the champion on one of 336"
    )


def test_a_champion_that_does_not_say_its_window_is_no_occasion(case):
    assert WindowChanged().reason(case()) is None
