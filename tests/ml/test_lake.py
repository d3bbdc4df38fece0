import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ml.days import Span
from ml.errors import ConfigError, DataError
from ml.lake import Lake, split_days

FRAME = pl.DataFrame({"k": [1, 2, 3], "x": [0.5, None, 2.0], "s": ["a", None, "ü"]})

cells = st.fixed_dictionaries(
    {
        "n": st.none() | st.integers(-(2**63), 2**63 - 1),
        "x": st.none() | st.floats(allow_nan=False),
        "s": st.none() | st.text(),
        "b": st.none() | st.booleans(),
        "t": st.none() | st.datetimes(min_value=datetime(1900, 1, 1)),
    }
)
SCHEMA = {"n": pl.Int64, "x": pl.Float64, "s": pl.String, "b": pl.Boolean, "t": pl.Datetime("us")}


def tree(lake):
    return sorted(str(p.relative_to(lake.root)) for p in lake.root.rglob("*") if p.is_file())


@given(rows=st.lists(cells, max_size=30), shuffle=st.randoms())
@settings(deadline=None, max_examples=60)
def test_rows_come_back_as_they_went_in_and_their_order_does_not_matter(tmp_path_factory, rows, shuffle):
    lake = Lake(tmp_path_factory.mktemp("lake"))
    stored = lake.put_frame(pl.DataFrame(rows, schema=SCHEMA), "p", "pulled")
    shuffle.shuffle(rows)
    assert lake.put_frame(pl.DataFrame(rows, schema=SCHEMA), "p", "pulled") == stored
    assert_frame_equal(lake.read([stored.uri]), pl.DataFrame(rows, schema=SCHEMA), check_row_order=False)


def test_the_name_is_the_content(tmp_path):
    stored = Lake(tmp_path).put_frame(FRAME, "p", "pulled")
    assert stored.uri == f"p/pulled/{stored.fingerprint[:32]}.parquet"
    assert stored.rows == 3


def test_chunks_do_not_change_the_bytes(tmp_path):
    chunked = pl.concat([FRAME[:1], FRAME[1:]], rechunk=False)
    assert Lake(tmp_path).put_frame(chunked, "p") == Lake(tmp_path).put_frame(FRAME, "p")


def test_files_are_their_owners_alone(tmp_path):
    lake = Lake(tmp_path / "lake")
    stored = lake.put_bytes(b"<p>", "p", "reports", suffix=".html")
    assert lake.path(stored.uri).stat().st_mode & 0o777 == 0o600
    assert lake.path(stored.uri).parent.stat().st_mode & 0o777 == 0o700
    assert lake.read_bytes(stored.uri) == b"<p>"


def test_only_the_asked_columns_come_back(tmp_path):
    lake = Lake(tmp_path)
    assert lake.read([lake.put_frame(FRAME, "p").uri], columns=["s"]).columns == ["s"]


def test_a_column_that_one_day_lacks_is_null_there(tmp_path):
    lake = Lake(tmp_path)
    uris = [lake.put_frame(f, "p").uri for f in (FRAME, FRAME.drop("x"))]
    assert lake.read(uris)["x"].to_list() == [0.5, None, 2.0, None, None, None]
    assert lake.read(uris, columns=["x"])["x"].to_list() == [0.5, None, 2.0]


def test_rows_that_can_be_made_again_are_made_once(tmp_path):
    lake, made = Lake(tmp_path), iter([pl.DataFrame({"n": [1]}), pl.DataFrame({"n": [2]})])
    assert [lake.once(lambda: next(made), "p", "sums", "a")["n"][0] for _ in range(3)] == [1, 1, 1]
    assert lake.once(lambda: next(made), "p", "sums", "b")["n"][0] == 2


def test_a_writer_that_was_killed_leaves_nothing_to_be_read(tmp_path):
    lake = Lake(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        lake.once(_killed, "p", "sums", "a")
    assert lake.within("p", "sums", "a") == []
    assert lake.once(lambda: pl.DataFrame({"n": [1]}), "p", "sums", "a").height == 1


def _killed():
    raise KeyboardInterrupt


def test_a_damaged_file_is_named(tmp_path):
    lake = Lake(tmp_path)
    stored = lake.put_frame(FRAME, "p")
    with lake.path(stored.uri).open("r+b") as file:
        file.write(b"X")
    for read in (lambda: lake.read([stored.uri]), lambda: lake.verify(stored.uri)):
        with pytest.raises(DataError, match=f"{stored.uri} .* is damaged: its sha256 is .*, not {stored.uri[2:34]}"):
            read()


def test_a_file_that_is_written_again_heals(tmp_path):
    lake = Lake(tmp_path)
    stored = lake.put_frame(FRAME, "p")
    lake.path(stored.uri).write_bytes(b"rubbish")
    assert lake.put_frame(FRAME, "p") == stored
    assert lake.read([stored.uri]).height == 3


def test_a_missing_file_is_named(tmp_path):
    for read in (lambda: Lake(tmp_path).read(["p/none.parquet"]), lambda: Lake(tmp_path).verify("p/none.parquet")):
        with pytest.raises(DataError, match=r"p/none\.parquet is not in the lake"):
            read()


@pytest.mark.parametrize("uri", ["../secret", "/etc/passwd", "p/../../x", ""])
def test_nothing_outside_the_lake_is_reachable(tmp_path, uri):
    with pytest.raises(DataError, match="does not lie in the lake"):
        Lake(tmp_path).path(uri)


FULL_DISK = """
import resource, sys
import numpy, polars
from pathlib import Path
from ml.errors import ServiceUnavailable
from ml.lake import Lake
frame = polars.DataFrame({"x": numpy.random.default_rng(0).normal(size=100_000)})
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
for put in (lambda lake: lake.put_frame(frame, "p"), lambda lake: lake.put_bytes(bytes(200_000), "p", suffix=".x")):
    try:
        put(Lake(Path(sys.argv[1])))
    except ServiceUnavailable as error:
        print(error)
"""


def test_a_disk_that_fills_up_in_the_middle_is_a_sentence_and_leaves_nothing(tmp_path, repository):
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=repository).stdout
    assert said.count(f"the disk of the lake {tmp_path} is full") == 2
    assert tree(Lake(tmp_path)) == []


def test_an_error_of_the_rows_is_not_taken_for_one_of_the_disk(tmp_path):
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        Lake(tmp_path).put_lazy(FRAME.lazy().select("none"), 3, "p")
    assert tree(Lake(tmp_path)) == []


def test_a_lake_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be written to: Not a directory"):
        Lake(tmp_path / "file").put_frame(FRAME, "p")


def test_two_writers_of_the_same_rows_do_not_mind_each_other(tmp_path):
    lake = Lake(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        stored = set(pool.map(lambda _: lake.put_frame(FRAME, "p"), range(40)))
    assert len(stored) == 1
    assert len(tree(lake)) == 1


KILLED = """
import os, sys
from pathlib import Path
from ml.lake import Lake
lake = Lake(Path(sys.argv[1]))
with lake._unfinished(("p",), ".parquet") as file:
    file.write(b"half")
    os.kill(os.getpid(), 9)
"""


def test_what_a_killed_writer_left_cannot_be_read_and_is_swept(tmp_path, repository):
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, cwd=repository)
    lake = Lake(tmp_path)
    assert [name.split("/")[0] for name in tree(lake)] == [".unfinished"]
    assert lake.sweep() == 0
    assert lake.sweep(older_than=-1) == 1
    assert tree(lake) == []


def test_the_files_of_a_folder_are_listed_by_name(tmp_path):
    lake = Lake(tmp_path)
    stored = [lake.put_bytes(text, "p", "samples", "day", suffix=".txt").uri for text in (b"one", b"two")]
    assert lake.within("p", "samples", "day") == sorted(stored)
    assert lake.within("p", "samples", "another day") == []


def hours(*at):
    return pl.DataFrame({"t": [datetime(2013, 1, day, hour) for day, hour in at], "n": list(range(len(at)))})


def test_chunks_in_any_order_are_split_by_day():
    frames = [hours((2, 0), (1, 23)), hours((1, 0), (3, 12), (2, 23))]
    days = list(split_days(frames, "t", Span(date(2013, 1, 1), date(2013, 1, 4))))
    assert [(day.day, rows["t"].dt.hour().to_list()) for day, rows in days] == [(1, [23, 0]), (2, [0, 23]), (3, [12])]


def test_days_outside_the_span_are_left_out():
    days = split_days([hours((1, 0), (2, 0), (3, 0))], "t", Span(date(2013, 1, 2), date(2013, 1, 2)))
    assert [day for day, _ in days] == [date(2013, 1, 2)]


def test_no_rows_are_no_days():
    assert list(split_days([], "t", Span(date(2013, 1, 1), date(2013, 1, 2)))) == []


@pytest.fixture
def page(tmp_path):
    """A lake with one page in it, and the page."""
    lake = Lake(tmp_path)
    return lake, lake.put_bytes(b"<p>", "p", "drift", suffix=".html")


def test_everything_below_a_folder_is_told_with_its_bytes_and_its_moment(page):
    lake, stored = page
    (found,) = lake.everything("p")
    assert (found.uri, found.bytes) == (stored.uri, 3)
    assert abs((datetime.now(UTC) - found.at).total_seconds()) < 60
    assert list(lake.everything("nobody")) == []


def test_a_removed_file_is_gone_and_removing_it_again_does_no_harm(page):
    lake, stored = page
    (found,) = lake.everything("p")
    assert lake.remove(stored.uri, found.at)
    assert tree(lake) == []
    assert lake.remove(stored.uri, found.at)


def test_a_file_that_was_written_anew_is_not_removed(page):
    lake, stored = page
    (found,) = lake.everything("p")
    assert not lake.remove(stored.uri, found.at - timedelta(seconds=5))
    assert tree(lake) == [stored.uri]
