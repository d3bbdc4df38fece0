from ml.drills import ColumnRenamed, ColumnsSwapped


def test_a_column_has_another_name_in_every_table(strike, today):
    done = strike(ColumnRenamed(column="temp", to="t"))
    assert all("t" in frame.columns and "temp" not in frame.columns for frame in done.tables.values())


def test_neither_key_nor_time_nor_label_is_renamed(strike):
    columns = {strike(ColumnRenamed(), seed).strikes[0].columns[0] for seed in range(40)}
    assert columns == {"station", "line", "fare", "length", "temp", "pressure"}


def test_two_columns_are_exchanged(strike, today, before):
    after = today(strike(ColumnsSwapped(columns=("temp", "pressure"))).tables)
    assert after["temp"].to_list() == before["pressure"].to_list()
    assert after["pressure"].to_list() == before["temp"].to_list()


def test_columns_of_one_type_are_exchanged(strike, trips):
    for seed in range(8):
        one, other = strike(ColumnsSwapped(), seed).strikes[0].columns
        assert trips["trips"].schema[one] == trips["trips"].schema[other]
