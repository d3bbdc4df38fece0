"""The tables as a whole."""

from ml.ledger.tables import callers, feature_values, metadata, removals


def test_every_row_says_when_and_for_which_pipeline_and_day():
    # what retention removes, who asks, and what serves now belong to no day
    for table in set(metadata.tables.values()) - {removals, callers, feature_values}:
        assert {"id", "pipeline", "day", "at"} <= set(table.columns.keys())
