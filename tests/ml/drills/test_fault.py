"""What is true of every fault."""

import importlib
import pkgutil
from inspect import isclass

import polars as pl
import pytest
from polars.testing import assert_frame_equal, assert_series_equal

import ml.drills
from ml.drills import ROSTER, Fault, Injected
from ml.errors import CannotStrike
from tests.ml.drills.conftest import DAYS, TRIPS

IDS = [fault.model_fields["kind"].default for fault in ROSTER]
LACKING = {"tiny": {"join_shifted", "join_misplaced", "upstream_absent", "columns_swapped"}, "trips": set()}


def injected(fault, field, seed=0, days=DAYS[-1:]):
    ground, tables = field
    if fault.model_fields["kind"].default in LACKING[ground.name]:
        pytest.skip(f"{ground.name} has nothing for it to strike")
    return fault().inject(tables, ground, days, seed)


def test_the_roster_names_every_fault_of_the_folder():
    modules = [importlib.import_module(f"ml.drills.{m.name}") for m in pkgutil.iter_modules(ml.drills.__path__)]
    found = {c for m in modules for c in vars(m).values() if isclass(c) and issubclass(c, Fault) and c is not Fault}
    assert found == set(ROSTER)
    assert len(set(IDS)) == len(ROSTER) >= 12


@pytest.mark.parametrize("fault", ROSTER, ids=IDS)
def test_a_fault_says_what_it_is_how_it_comes_about_and_what_it_needs(fault):
    assert fault.what
    assert fault.how
    assert fault.needs
    assert fault.__doc__.strip()


@pytest.mark.parametrize("fault", ROSTER, ids=IDS)
def test_it_is_the_same_for_the_same_seed(fault, field):
    one, other = injected(fault, field, 3), injected(fault, field, 3)
    assert one.strikes == other.strikes
    for name in one.tables:
        assert_frame_equal(one.tables[name], other.tables[name])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fault", ROSTER, ids=IDS)
def test_it_damages_what_it_says_and_nothing_else(fault, field, seed):
    _, tables = field
    copies = {name: frame.clone() for name, frame in tables.items()}
    done = injected(fault, field, seed)
    assert done.strikes
    for name, frame in done.tables.items():
        _nothing_else(done, copies[name], frame, done.damaged[name])
        assert_frame_equal(tables[name], copies[name])


def _nothing_else(done: Injected, before: pl.DataFrame, after: pl.DataFrame, damaged: pl.Series):
    """The sound rows are rows of before, but for a column that is text from now on or gone."""
    assert len(damaged) == after.height
    same = [column for column in before.columns if after.schema.get(column) == before.schema[column]]
    touched = {column for strike in done.strikes for column in strike.columns}
    assert set(before.columns) - set(same) <= touched
    sound = after.filter(~damaged).select(same)
    assert sound.join(before.select(same), on=same, how="anti", nulls_equal=True).is_empty()


@pytest.mark.parametrize("fault", ROSTER, ids=IDS)
def test_other_days_stay_as_they_are(fault, field):
    ground, tables = field
    done = injected(fault, field)
    for name, time in ground.times.items():
        earlier = pl.col(time).dt.date() < DAYS[-1]
        old, new = tables[name].filter(earlier), done.tables[name].filter(earlier)
        same = [c for c in old.columns if new.schema.get(c) == old.schema[c]]
        assert_frame_equal(old.select(same), new.select(same))


@pytest.mark.parametrize("fault", ROSTER, ids=IDS)
def test_where_it_struck_is_counted(fault, field):
    done = injected(fault, field)
    for strike in done.strikes:
        assert strike.rows == done.damaged[strike.table].sum()
        assert strike.rows + strike.lost > 0
        assert f"{strike.table}: " in str(done)


def nasty():
    one = {"trip": [1], "at": [DAYS[-1]], "station": ["North"], "fare": [1.5], "late": [True]}
    whole = pl.DataFrame(one, schema_overrides={"at": pl.Datetime("us")})
    nothing = pl.DataFrame(
        [pl.Series(name, [None] * 30, dtype=dtype) for name, dtype in whole.schema.items() if name != "at"]
        + [pl.Series("at", [DAYS[-1]] * 30, dtype=pl.Datetime("us"))]
    )
    return {"empty": whole.clear(), "one row": whole, "all null": nothing}


@pytest.mark.parametrize("what", ["empty", "one row", "all null"])
@pytest.mark.parametrize("fault", ROSTER, ids=IDS)
def test_on_a_nasty_frame_it_strikes_or_says_that_it_cannot(fault, what):
    tables = {"trips": nasty()[what], "weather": pl.DataFrame(schema={"station": pl.String, "observed": pl.Datetime})}
    try:
        done = fault().inject(tables, TRIPS, DAYS[-1:])
    except CannotStrike as error:
        done, said = None, str(error)
    assert done.strikes if done else said.startswith(f"{fault.model_fields['kind'].default} cannot strike trips: ")


def test_what_a_pipeline_lacks_is_said(tiny_ground, tiny_tables):
    with pytest.raises(CannotStrike, match="upstream_absent cannot strike tiny: it needs columns that are the same"):
        ml.drills.UpstreamAbsent().inject(tiny_tables, tiny_ground)


def test_without_days_every_day_is_struck(field):
    done = injected(ml.drills.SignFlipped, field, days=None)
    ground, _ = field
    struck = done.tables[ground.name].filter(done.damaged[ground.name])
    assert tuple(struck[ground.event_time].dt.date().unique().sort()) == DAYS


def test_days_without_rows_are_said(field):
    ground, tables = field
    with pytest.raises(CannotStrike, match="no rows of the days"):
        ml.drills.NullBurst().inject(tables, ground, [DAYS[0].replace(year=2000)])


def test_the_damage_of_equal_tables_is_none(trips):
    from ml.drills.fault import _damaged
    from ml.drills.scene import Scene

    scene = Scene.of(trips, TRIPS, None)
    none = pl.Series("trips", [False] * trips["trips"].height)
    assert_series_equal(_damaged(scene, "trips", scene.own), none)
