"""Bulk requests."""

import json
from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ml.serving.reading import Reading
from tests.ml.serving import flights

ARROW = "application/vnd.apache.arrow.stream"


def stream(table, **options):
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


@pytest.fixture
def table(row):
    """So many flights as an Arrow table, with a column changed."""

    def made(rows=3, **changed):
        frame = flights.table().drop(columns="late").head(rows).assign(flight=7, **changed)
        return pa.Table.from_pandas(frame, preserve_index=False)

    return made


def test_rows_are_answered_as_those_of_a_json_body(shared, table):
    typed = table().set_column(0, "sched_dep", table()["sched_dep"].cast(pa.timestamp("us")))
    rows = [r | {"sched_dep": r["sched_dep"].isoformat()} for r in typed.to_pylist()]
    told = [p["probability"] for p in shared.predict(stream(typed), Content_Type=ARROW).json()["predictions"]]
    assert told == [p["probability"] for p in shared.predict(rows).json()["predictions"]]


def test_nanoseconds_categories_and_small_numbers_are_read_too(shared, table):
    small = table().set_column(4, "distance", table()["distance"].cast(pa.int16()))
    small = small.set_column(1, "carrier", small["carrier"].dictionary_encode())
    answer = shared.predict(stream(small), Content_Type=ARROW)
    assert answer.status_code == 200, answer.text


def test_wrong_fields_are_named(shared, table):
    answer = shared.predict(stream(table(distance=[700.0, 3.0, 700.5], carrier="united")), Content_Type=ARROW)
    assert answer.status_code == 422
    assert sorted((w["row"], w["field"]) for w in answer.json()["wrong"]) == [
        (0, "carrier"),
        (1, "carrier"),
        (1, "distance"),
        (2, "carrier"),
        (2, "distance"),
    ]


READING = Reading.of(flights.PIPELINE, flights.INPUTS)
ODD = {
    "distance": st.sampled_from([700.0, 700, None, 3.0, 700.5, 1e300, "700", True, float("nan")]),
    "temp": st.sampled_from([41.5, 41, None, 200.0, float("inf")]),
    "carrier": st.sampled_from(["UA", "B6", "united", None, 5]),
    "sched_dep": st.sampled_from(
        [datetime(2013, 6, 1, 6, 10, 0, 7), datetime(1800, 1, 1), None, "2013-06-01T06:10:00"]
    ),
    "flight": st.sampled_from([7, 7.0, None, 7.5]),
    "tailnum": st.sampled_from(["N1", None]),
    "nothing": st.just(1),
}


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(1, 3), st.sets(st.sampled_from(sorted(ODD))))
def test_columns_are_read_as_their_rows_are(data, rows, changed):
    one = flights.example() | {"sched_dep": datetime(2013, 6, 1, 6, 10)}
    columns = {name: [value] * rows for name, value in one.items() if data.draw(st.integers(0, 20))}
    for name in changed:
        columns[name] = [data.draw(ODD[name]) for _ in range(rows)]
    by_column = READING._of_columns(columns)
    each = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    try:
        by_row = READING._many.validate_python(each) if each else []
    except ValidationError:
        by_row = None
    assert by_column == by_row or not columns
    assert not by_row or [kinds(row) for row in by_column] == [kinds(row) for row in by_row]


def kinds(row):
    return {name: type(value) for name, value in row.items()}


@pytest.mark.parametrize("kind", ["lz4", "zstd"])
def test_what_is_compressed_is_refused_before_it_grows(shared, table, kind):
    answer = shared.predict(stream(table(1000), compression=kind), Content_Type=ARROW)
    assert answer.status_code == 415
    assert answer.json()["detail"] == "the Arrow stream is compressed; send it as it is"


def test_columns_of_nothing_but_length_are_refused(client):
    nothing = pa.table({"distance": pa.nulls(50_000)})
    answer = client().predict(stream(nothing), Content_Type=ARROW)
    assert answer.status_code == 413
    assert "50,000 rows" in answer.json()["detail"]


@pytest.mark.parametrize(
    "column", [pa.array([[1]]), pa.array([{"a": 1}]), pa.array([b"x"]), pa.array([[None]], pa.list_(pa.null()))]
)
def test_nested_and_binary_columns_are_refused(shared, column):
    answer = shared.predict(stream(pa.table({"distance": column})), Content_Type=ARROW)
    assert answer.status_code == 400
    assert "plain values" in answer.json()["detail"]


def test_a_field_that_stands_twice_is_refused(shared):
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["distance", "distance"])
    assert shared.predict(stream(twice), Content_Type=ARROW).status_code == 400


def bodies():
    whole = stream(pa.table({"distance": [700] * 50}))
    cut = [whole[:n] for n in range(0, len(whole), 41)]
    flipped = [whole[:n] + bytes([whole[n] ^ 0xFF]) + whole[n + 1 :] for n in range(0, len(whole) - 1, 23)]
    return [b"", b"\x00" * 64, b"ARROW1\x00\x00", b"\xff" * 64, json.dumps([{}]).encode(), *cut, *flipped]


@pytest.mark.parametrize("body", bodies(), ids=lambda b: f"{len(b)} bytes {b[:6]!r}")
def test_a_damaged_stream_is_refused(shared, body):
    answer = shared.predict(body, Content_Type=ARROW)
    assert 400 <= answer.status_code < 500, answer.text
