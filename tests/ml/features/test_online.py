"""A row that is asked about now gets its features from the newest table, for as long as it may be used."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from ml.errors import ServiceUnavailable
from ml.features import Aggregate, FeaturePlan
from ml.features.keys import DEFAULT
from ml.features.online import Online, StaleFeatures
from ml.ledger.features import Current

NIGHT = datetime(2013, 6, 2, 6, tzinfo=UTC)
PAST = {
    "late": Aggregate(by=("town", "floor"), of="late", over=24, kind="mean", known_after=24),
    "seen": Aggregate(by=("town",), of="late", over=48, kind="count", known_after=24),
}
TYPES = {"town": "string", "floor": "int"}


class Ledger:
    """A ledger that can go away, and counts how often its values are read."""

    def __init__(self, current=None):
        self.current, self.number, self.away, self.reads = current, None if current is None else 1, False, 0

    def changed(self):
        if self.away:
            raise ServiceUnavailable("the ledger did not answer")
        return self.number

    def read(self):
        self.reads += 1
        return self.current


def online(ledger, every=3600.0, **changes) -> Online:
    plan = FeaturePlan(past=PAST, **changes)
    return Online(plan, TYPES, ledger.read, ledger.changed, every=every)


def current(at=NIGHT, **values) -> Current:
    known = {"late": {"Bonn|3": 0.25, DEFAULT: None}, "seen": {"Bonn": 7.0, DEFAULT: 0.0}} | values
    return Current(at, {name: PAST[name].digest for name in known}, known)


def test_a_row_is_looked_up_by_its_key_and_an_unknown_key_gets_what_others_get():
    asked = online(Ledger(current()))
    assert asked.of({"town": "Bonn", "floor": 3.0}, NIGHT) == ({"late": 0.25, "seen": 7.0}, ())
    assert asked.of({"town": "Celle", "floor": 3}, NIGHT) == ({"late": None, "seen": 0.0}, ())
    assert asked.of({"town": "Bonn", "floor": None}, NIGHT) == ({"late": None, "seen": 7.0}, ())


def test_many_rows_get_what_each_gets_alone_from_one_table():
    ledger = Ledger(current())
    asked = online(ledger)
    rows = [{"town": town, "floor": floor} for town in ("Bonn", "Celle", None) for floor in (3, 3.0, 4, None)]
    found, missing = asked.of_many(rows, NIGHT)
    assert missing == ()
    assert [dict(zip(found, values, strict=True)) for values in zip(*found.values(), strict=True)] == [
        asked.of(row, NIGHT)[0] for row in rows
    ]
    assert found["late"][:3] == [0.25, 0.25, None]
    assert asked.of_many([], NIGHT) == ({"late": [], "seen": []}, ())
    assert asked.of_many(rows[:2], NIGHT + timedelta(hours=27)) == (
        {"late": [None, None], "seen": [None, None]},
        ("late", "seen"),
    )


def test_a_table_serves_until_it_is_too_old_and_then_says_what_is_missing():
    asked = online(Ledger(current()), max_age=26)
    row = {"town": "Bonn", "floor": 3}
    assert asked.of(row, NIGHT + timedelta(hours=26))[1] == ()
    assert asked.of(row, NIGHT + timedelta(hours=27)) == ({"late": None, "seen": None}, ("late", "seen"))


def test_where_the_yaml_says_so_a_model_is_not_asked_with_old_features():
    asked = online(Ledger(current()), stale="refuse")
    with pytest.raises(StaleFeatures, match=r"late, seen are not known: the newest table .* started 30.0 h ago"):
        asked.of({"town": "Bonn"}, NIGHT + timedelta(hours=30))
    with pytest.raises(StaleFeatures, match="no table of the past was made yet"):
        online(Ledger(), stale="refuse").of({"town": "Bonn"}, NIGHT)


def test_a_ledger_that_is_away_leaves_the_table_in_memory():
    ledger = Ledger(current())
    asked = online(ledger)
    asked.of({"town": "Bonn"}, NIGHT)
    ledger.away = True
    asked.refresh()
    assert asked.of({"town": "Bonn"}, NIGHT)[0]["seen"] == 7.0
    assert asked.problem == "the ledger did not answer"
    ledger.away, ledger.number, ledger.current = False, 2, current(seen={"Bonn": 9.0, DEFAULT: 0.0})
    asked.refresh()
    assert asked.of({"town": "Bonn"}, NIGHT)[0]["seen"] == 9.0
    assert asked.problem is None


def test_values_are_read_once_while_they_stay_what_they_are():
    ledger = Ledger(current())
    asked = online(ledger)
    asked.of({"town": "Bonn"}, NIGHT)
    asked.refresh()
    assert ledger.reads == 1
    ledger.number = 2
    asked.of({"town": "Bonn"}, NIGHT)
    assert ledger.reads == 1
    asked.refresh()
    assert ledger.reads == 2


def test_a_ledger_that_hangs_keeps_no_answer_waiting():
    ledger, heard, free = Ledger(current()), threading.Event(), threading.Event()
    asked = online(ledger, every=0.0)
    asked.of({"town": "Bonn"}, NIGHT)

    def hangs():
        heard.set()
        free.wait(10)
        return 2

    asked.changed, ledger.current = hangs, current(seen={"Bonn": 9.0, DEFAULT: 0.0})
    assert asked.of({"town": "Bonn"}, NIGHT)[0]["seen"] == 7.0
    assert heard.wait(10)
    asked.every = 3600.0
    free.set()
    with asked._lock:
        pass
    assert asked.of({"town": "Bonn"}, NIGHT)[0]["seen"] == 9.0


def test_a_feature_that_the_model_was_fitted_with_in_another_definition_is_missing():
    asked = online(Ledger(current()))
    fitted = PAST | {"seen": Aggregate(by=("town",), of="late", over=72, kind="count", known_after=24)}
    assert asked.of({"town": "Bonn", "floor": 3}, NIGHT, fitted) == ({"late": 0.25, "seen": None}, ("seen",))


def test_versions_of_two_definitions_are_each_given_their_own_whatever_the_feature_is_called():
    own = Aggregate(by=("town",), of="late", over=72, kind="count", known_after=24)
    found = current()
    both = Current(
        found.at,
        {**found.definitions, f"@{own.digest}": own.digest},
        {**found.values, f"@{own.digest}": {"Bonn": 12.0, DEFAULT: 0.0}},
    )
    asked = online(Ledger(both))
    assert asked.of({"town": "Bonn"}, NIGHT, {"seen": own}) == ({"seen": 12.0}, ())
    assert asked.of({"town": "Bonn"}, NIGHT, {"count": PAST["seen"]}) == ({"count": 7.0}, ())


def test_a_feature_whose_window_is_not_full_yet_is_missing_for_everybody():
    found = current()
    young = Current(found.at, {"seen": PAST["seen"].digest}, {"seen": found.values["seen"]})
    assert online(Ledger(young)).of({"town": "Bonn", "floor": 3}, NIGHT) == ({"late": None, "seen": 7.0}, ("late",))
