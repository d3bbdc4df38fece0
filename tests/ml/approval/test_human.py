from ml.approval import Human


def test_a_person_is_always_asked():
    assert Human().reasons(None) == ("every promotion of this pipeline is approved by a person",)
