"""A key is written the same from a frame as from a request."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.features.keys import DEFAULT, of_columns, of_one, of_rows

TYPES = {"town": "string", "floor": "int", "open": "bool"}
ROWS = st.lists(
    st.tuples(
        st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.sampled_from(["|", "\\|", "\\"]),
        st.none() | st.integers(-9, 10**9),
        st.none() | st.booleans(),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_a_frame_and_a_request_agree_and_no_two_keys_are_one(rows):
    frame = pl.DataFrame(rows, schema={"town": pl.String, "floor": pl.Int64, "open": pl.Boolean}, orient="row")
    told = frame.select(of_rows(list(TYPES), TYPES)).to_series().to_list()
    assert told == [of_one(row, list(TYPES), TYPES) for row in frame.iter_rows(named=True)]
    assert told == of_columns(list(zip(*rows, strict=True)), list(TYPES.values()))
    whole = {row for row in rows if None not in row}
    assert len({key for key in told if key is not None}) == len(whole)
    assert DEFAULT not in told


ODD = st.sampled_from([None, 1, True, 1.0, 0, False, 0.0, -0.0, float("nan"), "1", "a|", "\\"])


@given(st.lists(st.tuples(ODD, ODD.filter(lambda v: not isinstance(v, str)), ODD), max_size=20))
def test_many_keys_are_those_of_one_row_after_the_other_also_of_values_that_are_equal_and_not_the_same(rows):
    alone = [of_one(dict(zip(TYPES, row, strict=True)), list(TYPES), TYPES) for row in rows]
    assert of_columns(list(zip(*rows, strict=True)) or [[], [], []], list(TYPES.values())) == alone


def test_whole_numbers_that_became_floats_are_the_same_key():
    frame = pl.DataFrame({"floor": [3.0, None]})
    assert frame.select(of_rows(["floor"], TYPES)).to_series().to_list() == ["3", None]
    assert of_one({"floor": 3.0}, ["floor"], TYPES) == "3"
    assert of_one({"floor": float("nan")}, ["floor"], TYPES) is None
