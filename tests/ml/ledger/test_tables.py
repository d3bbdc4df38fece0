"""The tables as a whole."""

from ml.ledger.tables import metadata


def test_every_row_says_when_and_for_which_pipeline_and_day():
    for table in metadata.tables.values():
        assert {"id", "pipeline", "day", "at"} <= set(table.columns.keys())
