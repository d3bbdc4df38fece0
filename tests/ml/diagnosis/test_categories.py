"""Categories under another name."""

from ml.diagnosis import categories


def test_a_quiet_day_shows_no_sign(quiet):
    signs = (categories.renamed, categories.merged, categories.disfigured)
    assert [e for sign in signs for e in sign(quiet)] == []


def test_a_new_name_in_the_place_of_an_old_one(happened):
    (found,) = categories.renamed(happened(carrier=lambda r: r["carrier"].replace("DL", "Delta")))
    assert "'DL'" in found.sentence
    assert "'Delta'" in found.sentence


def test_a_category_that_swallowed_another(happened):
    (found,) = categories.merged(happened(carrier=lambda r: r["carrier"].replace("B6", "UA")))
    assert "'B6'" in found.sentence
    assert "'UA' grew" in found.sentence


def test_known_values_in_another_spelling(happened):
    (found,) = categories.disfigured(happened(carrier=lambda r: r["carrier"].str.lower() + " "))
    assert found.sign == "spelling"


def test_a_category_that_is_merely_new_is_no_fault(happened):
    case = happened(carrier=lambda r: r["carrier"].where(r.index % 10 != 0, "HA"))
    assert [e for sign in (categories.renamed, categories.merged) for e in sign(case)] == []
