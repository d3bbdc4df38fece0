"""A diagnosis gives its kind with the strongest sign for it."""

from datetime import date

from ml.records import Diagnosis, Sign


def test_a_diagnosis_is_told_by_the_first_sign_of_its_own_kind():
    signs = [("season", "a season"), ("feed", "a unit"), ("feed", "nulls")]
    evidence = tuple(Sign(kind=kind, sign="s", weight=0.5, sentence=sentence) for kind, sentence in signs)
    diagnosis = Diagnosis(pipeline="p", day=date(2013, 1, 31), kind="feed", action="hold", evidence=evidence)
    assert diagnosis.sentence == "feed: a unit"
    assert diagnosis.model_copy(update={"evidence": evidence[:1]}).sentence == "feed"
