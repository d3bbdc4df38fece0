"""Every feature table, kept; the values of the newest night, to be read by key."""

from datetime import UTC, date, datetime, timedelta

from ml.records import FeatureTable

DAY = date(2013, 1, 31)
NIGHT = datetime(2013, 2, 1, 7, tzinfo=UTC)


def made(later: int = 0, **changes) -> FeatureTable:
    facts = {
        "pipeline": "flights",
        "day": DAY + timedelta(days=later),
        "at": NIGHT + timedelta(days=later),
        "first": DAY,
        "features": {"late": "d" * 16},
        "rows": 2,
        "uri": "flights/features/a.parquet",
        "fingerprint": "f" * 64,
    }
    return FeatureTable.model_validate(facts | changes)


def test_a_table_comes_back_with_its_values_and_only_once(ledger):
    values = {"late": {"JFK": 0.25, "|\\|'": None}}
    assert [ledger.record_features(made(), values) for _ in range(2)] == [True, False]
    assert [known.table for known in ledger.feature_tables("flights")] == [made()]
    current = ledger.feature_values("flights")
    assert (current.at, current.definitions, current.values) == (NIGHT, {"late": "d" * 16}, values)


def test_a_newer_night_takes_the_place_of_all_values_and_has_another_number(ledger):
    ledger.record_features(made(), {"late": {"JFK": 0.25, "LGA": 0.5}})
    before = ledger.newest_features("flights")
    ledger.record_features(made(1), {"late": {"JFK": 0.75}})
    assert ledger.feature_values("flights").values == {"late": {"JFK": 0.75}}
    assert ledger.newest_features("flights") != before


def test_an_older_night_that_is_walked_again_leaves_what_serves(ledger):
    ledger.record_features(made(1), {"late": {"JFK": 0.75}})
    assert ledger.record_features(made(), {"late": {"JFK": 0.25}})
    assert ledger.feature_values("flights").values == {"late": {"JFK": 0.75}}


def test_a_night_that_is_mended_serves_its_new_values(ledger):
    ledger.record_features(made(), {"late": {"JFK": 0.25}})
    assert ledger.record_features(made(uri="flights/features/b.parquet"), {"late": {"JFK": 0.5}})
    assert ledger.feature_values("flights").values == {"late": {"JFK": 0.5}}


def test_other_pipelines_have_their_own(ledger):
    ledger.record_features(made(), {"late": {"JFK": 0.25}})
    ledger.record_features(made(pipeline="trains"), {"late": {"JFK": 0.5}})
    assert ledger.feature_values("flights").values == {"late": {"JFK": 0.25}}
    assert ledger.feature_values("ships") is None
    assert ledger.newest_features("ships") is None
