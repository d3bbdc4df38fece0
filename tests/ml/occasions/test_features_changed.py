from ml.occasions import FeaturesChanged


def test_new_and_gone_features_are_named(case):
    assert FeaturesChanged().reason(case(champion_tags={"nightshift.features": "a, x, y"})) == (
        "its features are not the champion's: new b; gone x, y"
    )


def test_a_champion_that_does_not_say_its_features_is_no_occasion(case):
    assert FeaturesChanged().reason(case()) is None
