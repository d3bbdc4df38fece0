from ml.occasions import FirstModel


def test_without_a_champion_a_person_is_asked(case):
    assert FirstModel().reason(case(champion=None)) == (
        "it is the first model: nothing is in Production to compare it with"
    )
