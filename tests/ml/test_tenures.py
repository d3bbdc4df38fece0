"""Who was in Production from when until when."""

from datetime import UTC, date, datetime

import pytest

from ml import tenures
from ml.moments import When
from ml.records import Promotion

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def ledger(workspace):
    for version, previous, hour in ((1, None, 2), (2, 1, 4), (1, 2, 6)):
        at = datetime(2026, 1, 1, hour, tzinfo=UTC)
        workspace.ledger.record_promotion(
            Promotion(
                pipeline="tiny",
                day=date(2025, 12, 31),
                version=version,
                previous=previous,
                run_id=f"run{version}",
                snapshot="ab" * 32,
                at=at,
            )
        )
    return workspace.ledger


def served(ledger, text):
    return [tenure.promotion.version for tenure in tenures.at(ledger, "tiny", When.parse(text, "UTC", NOW))]


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("2026-01-01 01:59:59", []),
        ("2026-01-01 02:00", [1]),
        ("2026-01-01 03:59:59", [1]),
        ("2026-01-01 04:00", [2]),
        ("2026-01-01 05:00+02:00", [1]),
        ("2026-02-01 00:00", [1]),
        ("2026-01-01", [1, 2, 1]),
        ("2025-12-31", []),
        ("2026-01-02", [1]),
    ],
)
def test_a_moment_has_one_version_and_a_day_all_of_its_own(ledger, text, versions):
    assert served(ledger, text) == versions


def test_a_tenure_says_since_until_what_and_how(ledger):
    text = "\n".join(tenures.of(ledger, "tiny")[1].lines())
    assert text.startswith("version 2\n  since       2026-01-01 04:00:00 UTC, promotion, by nightshift")
    assert "until       2026-01-01 06:00:00 UTC, version 1 came" in text
    assert "run         run2" in text
    assert f"snapshot    sha256 {'ab' * 32}" in text
    assert "before it   version 1" in text


def test_the_newest_still_serves(ledger):
    newest = tenures.of(ledger, "tiny")[-1]
    assert "  until       it still serves" in newest.lines()
    assert newest.as_json()["until"] is None
    assert newest.line().startswith("version 1    2026-01-01 06:00 UTC to now")


def test_a_tenure_as_json_has_both_ends(ledger):
    found = tenures.of(ledger, "tiny")[0].as_json()
    assert (found["version"], found["since"], found["until"]) == (1, "2026-01-01T02:00:00Z", "2026-01-01T04:00:00Z")
    assert found["run_id"] == "run1"


def test_nobody_is_a_sentence(ledger):
    assert tenures.nobody(ledger, "tiny") == (
        "nothing served yet: the first was version 1, since 2026-01-01 02:00:00 UTC"
    )
    assert tenures.nobody(ledger, "other") == tenures.NEVER
