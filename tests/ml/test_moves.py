"""Production moves in the ledger first, and the registry follows."""

from datetime import UTC, date, datetime

import pytest

from ml import moves
from ml.records import Promotion


def row(version, previous, kind="promotion"):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Promotion(
        pipeline="tiny",
        day=date(2013, 6, 1),
        version=version,
        previous=previous,
        run_id="r",
        snapshot="s",
        at=at,
        kind=kind,
    )


@pytest.mark.parametrize(
    ("book", "version"),
    [
        ([], None),
        ([row(1, None)], None),
        ([row(1, None), row(2, 1)], 1),
        ([row(1, None), row(2, 1), row(1, 2, "rollback")], 2),
        ([row(1, None), row(2, 1), row(9, 2, "outside"), row(2, 9, "revert")], 1),
        ([row(1, None), row(2, 1), row(2, None, "revert")], 1),
    ],
)
def test_the_version_before_is_the_one_that_served_not_what_was_reverted(book, version):
    assert moves.before(book) == version


@pytest.mark.integration
def test_a_row_that_a_killed_process_left_is_brought_to_the_registry(workspace, in_production, staged):
    in_production(1)
    staged(2)
    run = workspace.run("tiny", date(2013, 6, 2))
    workspace.ledger.record_promotion(row(2, 1))
    assert workspace.registry.production("tiny").version == 1
    for _ in range(2):
        with moves.alone(run):
            moves.settle(run)
        assert workspace.registry.standing("tiny").serving == [2]
        assert workspace.registry.aliases("tiny") == {"production": 2, "previous": 1}
        assert workspace.ledger.settled("tiny")
