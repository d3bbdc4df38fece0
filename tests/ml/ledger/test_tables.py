"""The tables as a whole."""

from ml.ledger.tables import callers, metadata, removals


def test_every_row_says_when_and_for_which_pipeline_and_day():
    for table in set(metadata.tables.values()) - {
        removals,
        callers,
    }:  # what retention removes, and who asks, belongs to no day
        assert {"id", "pipeline", "day", "at"} <= set(table.columns.keys())
