"""A day's rows say by which rules they were stopped."""

from datetime import date

from ml.records import Batch, Seen, Violation

DAY = date(2013, 1, 31)


def test_a_broken_rule_is_known_by_its_place_not_by_its_values():
    first, second = (
        Violation(column="temp", rule="range", rows=n, sentence=f"{n} rows", table="weather") for n in (1, 2)
    )
    assert first.key == second.key == "weather/temp/range"


def test_only_rules_of_the_whole_day_stop_it():
    row, day = (Violation(column=None, rule="rows", rows=1, sentence="few", stops=stops) for stops in (False, True))
    batch = Batch(pipeline="p", day=DAY, rows=1, uri="u", fingerprint="f", violations=(row, day))
    assert batch.stops == (day,)


def test_a_batch_says_by_which_rules_it_was_stopped_and_in_which_table():
    rules = [Violation(column=None, rule=f"r{n}", rows=0, sentence=f"sentence {n}", stops=True) for n in range(5)]
    absent = rules[0].model_copy(update={"table": "weather"})
    refused = Violation(column="c", rule="max", rows=2, sentence="2 rows")
    violations = (absent, *rules[1:], refused)
    batch = Batch(pipeline="p", day=DAY, rows=1, uri="u", fingerprint="f", violations=violations)
    assert batch.stopped_by == "weather: sentence 0; sentence 1; sentence 2; and 2 more rules"


def test_a_batch_as_the_drift_check_sees_it_has_the_rows_of_the_night_that_knew_them_first():
    seen = Seen(night=DAY, rows=3, uri="first", fingerprint="0")
    batch = Batch(pipeline="p", day=DAY, rows=5, uri="now", fingerprint="1", seen=seen)
    assert (batch.as_seen.rows, batch.as_seen.uri, batch.as_seen.fingerprint) == (3, "first", "0")
    assert batch.model_copy(update={"seen": None}).as_seen.uri == "now"
