"""A few rows of very many, drawn once."""

import logging
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml import samples
from ml.drift.replay import thinned
from ml.errors import DataError
from ml.lake import ROWS_PER_GROUP, Lake
from ml.records import Batch

DAY = date(2013, 1, 1)


def day(lake: Lake, rows: int, seed: int = 7) -> tuple[pl.DataFrame, Batch]:
    numbers = (pl.int_range(rows, eager=True) * seed) % 1009
    frame = pl.DataFrame({"n": range(rows), "x": numbers / 8, "town": numbers.cast(pl.String)})
    frame = frame.with_columns(pl.when(numbers % 5 != 0).then("town").alias("town"))
    stored = lake.put_lazy(frame.lazy(), rows, "p", "accepted")
    return frame, Batch(pipeline="p", day=DAY, **vars(stored))


def kept(lake: Lake) -> list[Path]:
    return sorted((lake.root / "p" / "samples").rglob("*.parquet"))


def test_few_rows_are_all_there_and_nothing_is_kept(tmp_path):
    lake = Lake(tmp_path)
    frame, batch = day(lake, 60)
    assert samples.rows_of(lake, batch, 60).equals(frame)
    assert kept(lake) == []


@pytest.mark.parametrize("rows", [1000, ROWS_PER_GROUP, ROWS_PER_GROUP + 1, 2 * ROWS_PER_GROUP + 5])
@pytest.mark.parametrize("most", [1, 7, 999])
def test_of_many_rows_those_at_even_distances_are_there_in_their_order(tmp_path, rows, most):
    lake = Lake(tmp_path)
    frame, batch = day(lake, rows)
    drawn = samples.rows_of(lake, batch, most)
    assert drawn.equals(thinned(frame, most))
    assert drawn.schema == frame.schema


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.integers(2, 400), share=st.floats(0.01, 1.0), group=st.integers(1, 90))
def test_wherever_the_groups_of_rows_end_the_rows_are_the_same(tmp_path, monkeypatch, rows, share, group):
    monkeypatch.setattr(samples, "ROWS_PER_GROUP", group)
    lake, most = Lake(tmp_path), max(1, int(rows * share))
    frame, batch = day(lake, rows, seed=group)
    assert samples.rows_of(lake, batch, most).equals(thinned(frame, most))
    assert samples.rows_of(lake, batch, most).equals(thinned(frame, most))


def test_a_day_is_read_once(tmp_path):
    lake = Lake(tmp_path)
    _, batch = day(lake, 1000)
    first = samples.rows_of(lake, batch, 50)
    lake.path(batch.uri).unlink()
    assert samples.rows_of(lake, batch, 50).equals(first)
    with pytest.raises(DataError, match="not in the lake"):
        samples.rows_of(lake, batch, 51)


def test_other_rows_of_the_same_day_are_another_sample(tmp_path):
    lake = Lake(tmp_path)
    (_, one), (frame, other) = day(lake, 1000), day(lake, 1000, seed=11)
    samples.rows_of(lake, one, 50)
    assert samples.rows_of(lake, other, 50).equals(thinned(frame, 50))
    assert len(kept(lake)) == 2


def test_a_damaged_sample_is_drawn_again_to_the_same_bytes_and_told(tmp_path, caplog):
    lake = Lake(tmp_path)
    frame, batch = day(lake, 1000)
    samples.rows_of(lake, batch, 50)
    (file,) = kept(lake)
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    with caplog.at_level(logging.WARNING):
        assert samples.rows_of(lake, batch, 50).equals(thinned(frame, 50))
    assert "is damaged" in caplog.text
    assert "made again" in caplog.text
    assert kept(lake) == [file]
    assert file.read_bytes() == whole


def test_a_damaged_day_is_an_error(tmp_path):
    lake = Lake(tmp_path)
    _, batch = day(lake, 1000)
    path = lake.path(batch.uri)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match="is damaged"):
        samples.rows_of(lake, batch, 50)
    assert kept(lake) == []


PEAK = """
import sys
from datetime import date
from pathlib import Path
from ml import samples
from ml.lake import Lake
from ml.records import Batch
uri, rows = sys.argv[2], int(sys.argv[3])
batch = Batch(pipeline="p", day=date(2013, 1, 1), rows=rows, uri=uri, fingerprint=Path(uri).stem)
samples.rows_of(Lake(Path(sys.argv[1])), batch, 1000)
status = Path("/proc/self/status").read_text()
print(int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) // 1024)
"""


def peak(lake: Lake, rows: int, repository: Path) -> int:
    """The largest memory of a fresh process, in MB; ``ru_maxrss`` would be that of pytest, if that is larger."""
    _, batch = day(lake, rows)
    command = [sys.executable, "-c", PEAK, str(lake.root), batch.uri, str(rows)]
    return int(subprocess.run(command, check=True, cwd=repository, capture_output=True, text=True).stdout)


def test_memory_does_not_grow_with_the_rows_of_a_day(tmp_path, repository):
    """Whole in memory, the larger day would need 130 MB more."""
    lake = Lake(tmp_path)
    assert peak(lake, 5_000_000, repository) - peak(lake, 500_000, repository) < 40


def test_a_column_that_is_text_on_one_day_and_a_number_on_another_holds_both(tmp_path):
    lake, days = Lake(tmp_path), []
    for n, odd in enumerate(([1.5, 2.5], ["n/a", "3"])):
        stored = lake.put_frame(pl.DataFrame({"at": [n, n], "odd": odd}), "p", "accepted")
        days.append(Batch(pipeline="p", day=DAY, **vars(stored)))
    frame = samples.frame_of(lake, days, 100)
    assert frame["odd"].tolist() == [1.5, 2.5, "3", "n/a"]
    assert frame["at"].tolist() == [0, 0, 1, 1]


def test_rows_in_memory_give_the_sample_of_their_file_which_is_not_read(tmp_path):
    lake = Lake(tmp_path)
    frame, batch = day(lake, 1000)
    samples.rows_of(lake, batch, 50)
    (file,) = kept(lake)
    from_file = file.read_bytes()
    file.unlink()
    lake.path(batch.uri).unlink()
    assert samples.rows_of(lake, batch, 50, frame).equals(thinned(frame, 50))
    assert file.read_bytes() == from_file
    assert samples.rows_of(lake, batch, 1000, frame).equals(frame)
