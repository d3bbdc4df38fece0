"""What hangs on one day, one source or one column is not proven."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from ml.diagnosis import Doubt, doubts, explain

from .conftest import moved, world

COVARIATE = "covariate shift"


@pytest.fixture
def warmer(quiet):
    """Two days that are warmer together, temperature and dew point alike."""
    return moved(replace(quiet, current=world("2013-03-29", 2, 3, warmer=30)))


def first_day(case):
    return case.current["at"] < pd.Timestamp("2013-03-30")


def test_a_warm_spell_of_two_days_everywhere_is_proven(warmer):
    assert set(warmer.moved) == {"temp", "dewp"}
    assert doubts(warmer, COVARIATE) == ()


def test_what_needs_no_retrain_is_not_doubted(warmer):
    assert [doubts(warmer, kind) for kind in ("data fault", "mix", "seasonal return")] == [(), (), ()]


def test_a_shift_of_one_day_waits(warmer, quiet):
    alone = warmer.current[first_day(warmer)]
    (doubt,) = doubts(replace(warmer, current=alone), COVARIATE)
    assert doubt == Doubt("it is seen on 2013-03-29 alone so far", date(2013, 3, 29))
    calm = quiet.reference.sample(len(alone), random_state=0).assign(at=alone["at"].to_numpy() + pd.Timedelta(days=1))
    assert doubts(replace(warmer, current=pd.concat([alone, calm])), COVARIATE) == (doubt,)


def test_the_day_before_a_single_current_day_counts(warmer):
    first = first_day(warmer)
    case = replace(warmer, current=warmer.current[~first], recent=warmer.current)
    assert doubts(case, COVARIATE) == ()
    assert doubts(replace(case, recent=None), COVARIATE) == (
        Doubt("it is seen on 2013-03-30 alone so far", date(2013, 3, 30)),
    )


def test_a_column_that_moved_alone_waits(happened):
    case = happened(miles=lambda r: r["miles"] * 1.3)
    assert doubts(case, COVARIATE) == (Doubt("miles moved alone, as it does when its feed breaks"),)


def test_a_source_that_moved_alone_waits(warmer, quiet):
    odd = quiet.current["origin"] == "JFK"
    hot = {column: quiet.current[column] + 70.0 * odd for column in ("temp", "dewp")}
    case = moved(replace(quiet, current=quiet.current.assign(**hot)))
    assert doubts(case, COVARIATE) == (Doubt("nothing moved but the rows of origin 'JFK'"),)


def test_an_alarm_without_an_input_that_moved_waits(quiet):
    assert doubts(quiet, COVARIATE) == (Doubt("no input moved"),)


@pytest.fixture
def later():
    """Two days with many more late rows, drawn by label alone: the champion orders them as ever."""
    rows = world("2013-03-29", 2, 2, rows=1200)
    drawn = rows.groupby(rows["at"].dt.date).sample(240, weights=rows["late"] * 7 + 1, random_state=0)
    return drawn.sort_values("at").reset_index(drop=True)


def test_labels_that_moved_for_days_are_proven(quiet, later):
    case = moved(replace(quiet, current=later))
    assert explain(case)[0] == "label shift"
    assert doubts(case, "label shift") == ()


def test_labels_that_hang_on_one_day_wait(quiet, later):
    calm = quiet.current[~first_day(quiet)]
    case = replace(quiet, current=pd.concat([later[later["at"] < pd.Timestamp("2013-03-30")], calm]))
    assert explain(case)[0] == "label shift"
    assert doubts(case, "label shift") == (Doubt("it hangs on the labels of 2013-03-29", date(2013, 3, 29)),)


def shuffled_answers(case):
    random = np.random.default_rng(5)
    return random.permutation(case.current["late"].to_numpy())


def test_a_champion_that_is_wrong_without_the_column_that_moved_too_is_proven_wrong(happened):
    case = happened(dewp=lambda r: r["dewp"] + 20.0)
    assert case.moved == ("dewp",)
    assert doubts(replace(case, current=case.current.assign(late=shuffled_answers(case))), "concept shift") == ()


def test_a_champion_that_is_wrong_since_an_input_broke_is_no_concept_shift_yet(happened):
    case = happened(miles=lambda r: 2600.0 - r["miles"] * 1.2)
    assert Doubt("miles moved alone, as it does when its feed breaks") in doubts(case, "concept shift")
