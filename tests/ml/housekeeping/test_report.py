"""What is said of housekeeping."""

from datetime import UTC, datetime

import pytest

from ml.housekeeping.removable import Removable
from ml.housekeeping.report import Housekeeping, size

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 KB"), (2_500_000, "2.5 MB")])
def test_sizes_are_for_people(count, text):
    assert size(count) == text


def report(dry_run):
    items = [
        Removable(kind="page", what=f"tiny/drift/{n}.html", bytes=1_500_000, since=NOW, why="drawn") for n in (1, 2)
    ]
    return Housekeeping(pipeline="tiny", dry_run=dry_run, at=NOW, removed=tuple(items), warnings=("look",))


def test_the_first_line_says_how_much_and_a_dry_run_names_each_thing():
    lines = list(report(dry_run=True).lines())
    assert lines[0] == "tiny: 2 things would go, 3.0 MB"
    assert lines[1].split() == ["page", "2", "3.0", "MB"]
    assert lines[2].strip() == "1.5 MB  tiny/drift/1.html  (drawn)"
    assert lines[-1] == "  warning: look"


def test_what_went_is_counted():
    assert [line.split() for line in report(dry_run=False).lines()][:2] == [
        ["tiny:", "2", "things", "went,", "3.0", "MB"],
        ["page", "2", "3.0", "MB"],
    ]
    assert report(dry_run=False).as_json()["bytes"] == 3_000_000
