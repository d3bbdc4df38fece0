"""What the drift check costs: one million rows of 15 columns against one million, beside a bare scan of the same files.

    python -m benchmarks.drift [rows] [rounds]

Both sides lie in a lake as ten days each. In turn, so that whatever else the machine does hits all:

- ``scan`` = 1: DuckDB reads every column of every day and does nothing with it
- ``accept``: what accepting all twenty days takes for the check, drawing and counting from rows in memory; once a day
- ``rows``: the same from the days' files, as for days of which nothing was kept; all of the check that grows with rows
- ``check``: the whole check of a night, whose days were all accepted by their own nights: four detectors and the report
  with its page
- ``night``: the same with what accepting the newest day took
- ``first``: the same with what all twenty days took, read from their files
- ``numpy``: shares of bins and categories by NumPy on all rows

Evidently on all rows, with a page, runs once, since it takes so long: with the same methods and nothing else
(``evidently_over_check``, ``_night``, ``_first``), and with ``DataDriftPreset``, as in its own first example. Ratios
are medians of the rounds' ratios, of seconds on the clock and, under ``cpu``, of seconds of the processor, which hardly
depend on what else the machine does. Peak memory is that of a fresh process that does nothing but the check of days of
which nothing was kept, with so many rows on each side.

``same_flags``: of fifty shifts of one column, how many flag the same columns by the sample as by exact arithmetic on
all rows. They go from none to plain, so some lie at the threshold; ``near`` says how many of those that differ have an
exact score within a tenth of it.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from ml import kept
from ml.days import Span
from ml.detectors.windows import night
from ml.drift.replay import Day
from ml.nightwatch import report
from ml.nightwatch.history import History
from ml.records import Batch
from ml.workspace import Run, Workspace

DAYS = 10
LAST = date(2013, 1, 2 * DAYS)
STEPS = [f"step_{n}" for n in range(5)]
SMOOTH = [f"smooth_{n}" for n in range(5)]
TEXTS = [f"text_{n}" for n in range(5)]
NUMBERS = [*STEPS, *SMOOTH]
CITIES = np.array(["Aachen", "Bonn", "Celle", "Dresden", "Essen", "Fulda", "Gera", "Hamburg"])
SHIFTS = 50
LIMIT = 0.1

YAML = """
name: wide
description: Many rows.
source: {kind: files, path: none/*.parquet, event_time: at, key: [at], label_delay: 1d, history: 60d}
contract: {columns: {%(types)s}}
drift:
  kind: evidently
  false_alarms: 1 per 90 days
  reference: %(days)sd
  current: %(days)sd
  columns: {%(columns)s}
  detectors: [{kind: clock}, {kind: missing}, {kind: novel}, {kind: relation}]
retrain: {every: 1d}
window: {train: 28d}
model: {task: classification, label: late, features: [step_0], seed: 3}
evaluation: {holdout: 5d, metric: log_loss}
gates: [{kind: at_least, metric: roc_auc, value: 0.6}]
"""


def frame(rows: int, seed: int) -> pl.DataFrame:
    """A day: instruments that report in steps, smooth numbers, and places; one value in a hundred is not there."""
    rng = np.random.default_rng(seed)
    gone = [rng.random(rows) < 0.01 for _ in range(2)]
    steps = {name: rng.normal(15, 6, rows).round(1) for name in STEPS}
    smooth = {name: rng.gamma(2.0 + n, 5.0, rows) for n, name in enumerate(SMOOTH)}
    texts = {name: CITIES[np.minimum(rng.geometric(0.3, rows), len(CITIES)) - 1] for name in TEXTS}
    seconds = pl.Series(np.sort(rng.integers(0, 86_400, rows))).cast(pl.Duration("ms")) * 1000
    day = pl.DataFrame({**steps, **smooth, **texts})
    day = day.with_columns(pl.when(~pl.lit(gone[0])).then(pl.col("step_0")).alias("step_0"))
    day = day.with_columns(pl.when(~pl.lit(gone[1])).then(pl.col("text_0")).alias("text_0"))
    return day.with_columns(at=(pl.lit(datetime(2013, 1, 1)) + timedelta(days=seed) + seconds).cast(pl.Datetime("us")))


def prepare(directory: Path, rows: int) -> None:
    """A lake with twenty accepted days, ten of so many rows on either side, and the pipeline that watches them."""
    pipelines = directory / "config" / "pipelines"
    pipelines.mkdir(parents=True)
    methods = dict.fromkeys(NUMBERS, "wasserstein") | dict.fromkeys(TEXTS, "jensenshannon")
    columns = ", ".join(f"{name}: {{method: {method}, threshold: {LIMIT}}}" for name, method in methods.items())
    types = {"at": "datetime"} | dict.fromkeys(NUMBERS, "float") | dict.fromkeys(TEXTS, "string")
    promised = ", ".join(f"{name}: {{type: {its}}}" for name, its in types.items())
    (pipelines / "wide.yaml").write_text(YAML % {"days": DAYS, "columns": columns, "types": promised})
    workspace = run(directory).workspace
    for day in Span.ending(LAST, 2 * DAYS):
        stored = workspace.lake.put_lazy(frame(rows // DAYS, day.day).lazy(), rows // DAYS, "wide", "accepted")
        workspace.ledger.record_batches([Batch(pipeline="wide", day=day, state="accepted", **vars(stored))])


def run(directory: Path) -> Run:
    return Workspace.apart(directory / "apart", directory / "config").run("wide", LAST)


class Ways:
    """The ways to look at the same days, each as a function without arguments."""

    def __init__(self, directory: Path) -> None:
        self.run = run(directory)
        self.batches = self.run.workspace.ledger.batches("wide")
        self.paths = [str(self.run.workspace.lake.path(batch.uri)) for batch in self.batches]
        self.sides = self.paths[:DAYS], self.paths[DAYS:]
        self.duckdb = duckdb.connect()

    @cached_property
    def frames(self) -> list[pl.DataFrame]:
        """The rows of every day, as they are in memory when their contract has let them in."""
        return [pl.read_parquet(path) for path in self.paths]

    def scan(self) -> None:
        self.duckdb.execute("SELECT max(COLUMNS(*)) FROM read_parquet($paths)", {"paths": self.paths}).fetchall()

    def accept(self) -> None:
        self._forget()
        for batch, rows in zip(self.batches, self.frames, strict=True):
            kept.keep(self.run, batch, rows)

    def rows(self) -> None:
        self._forget()
        for batch in self.batches:
            kept.keep(self.run, batch, None)

    def check(self) -> None:
        found = report.tonight(History.of(self.run), None)
        assert found.html
        assert all(column.score is not None for column in found.columns)

    def night(self) -> None:
        self._forget(self.batches[-1].fingerprint[:32])
        kept.keep(self.run, self.batches[-1], self.frames[-1])
        self.check()

    def first(self) -> None:
        self._forget()
        self.check()

    def numpy(self) -> list[float]:
        before, after = (pl.read_parquet(side) for side in self.sides)
        return [apart(before[name].drop_nulls(), after[name].drop_nulls()) for name in [*NUMBERS, *TEXTS]]

    def evidently(self, preset: bool = False) -> None:
        from evidently import DataDefinition, Dataset, Report
        from evidently.metrics import ValueDrift
        from evidently.presets import DataDriftPreset

        definition = DataDefinition(numerical_columns=NUMBERS, categorical_columns=TEXTS)
        after, before = (pl.read_parquet(side, columns=[*NUMBERS, *TEXTS]).to_pandas() for side in self.sides[::-1])
        sides = (Dataset.from_pandas(side, data_definition=definition) for side in (after, before))
        checks = self.run.pipeline.drift.columns
        metrics = [ValueDrift(column=name, method=check.method, threshold=LIMIT) for name, check in checks.items()]
        chosen = [DataDriftPreset()] if preset else metrics
        Report(chosen, include_tests=True).run(*sides).get_html_str(as_iframe=False)

    def _forget(self, fingerprint: str = "") -> None:
        """All days, or that of a fingerprint, as if they had never been looked at."""
        for kind in ("samples", "summaries"):
            for folder in (self.run.workspace.lake.root / "wide" / kind).glob(f"{fingerprint}*"):
                shutil.rmtree(folder)


def apart(before: pl.Series, after: pl.Series) -> float:
    """The Jensen-Shannon distance of the shares of bins or categories."""
    p, q = _shares(before.to_numpy(), after.to_numpy())
    middle = (p + q) / 2
    halves = (side[side > 0] @ np.log(side[side > 0] / middle[side > 0]) for side in (p, q))
    return float(np.sqrt(max(sum(halves), 0.0) / 2))


def _shares(before: Any, after: Any) -> Any:
    if before.dtype != object:
        bins = np.histogram_bin_edges(np.concatenate([before, after]), bins="sturges")
        return (np.histogram(side, bins)[0] / len(side) for side in (before, after))
    known, codes = np.unique(np.concatenate([before, after]).astype(str), return_inverse=True)
    split = codes[: len(before)], codes[len(before) :]
    return (np.bincount(side, minlength=len(known)) / len(side) for side in split)


def seconds(do: Callable[[], Any]) -> tuple[float, float]:
    """Seconds on the clock, and of the processor."""
    start, used = time.perf_counter(), time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        do()
    return time.perf_counter() - start, time.process_time() - used


def ratios(directory: Path, rounds: int) -> dict[str, Any]:
    """How many times as long as the scan the others take, and Evidently on all rows in units of the check."""
    ways = Ways(directory)
    names = ("scan", "accept", "rows", "check", "night", "first", "numpy")
    assert len(ways.frames) == 2 * DAYS
    ways.first()
    found = []
    for number in range(1, rounds + 1):
        found.append({name: seconds(getattr(ways, name)) for name in names})
        print(f"round {number}: {_told(found[-1])}", flush=True)
    once = {"evidently": seconds(ways.evidently)}
    print(f"once: {_told(once)}", flush=True)
    once["preset"] = seconds(lambda: ways.evidently(preset=True))
    print(f"once: {_told(once)}", flush=True)
    return _ratios(found, once, 0) | {"cpu": _ratios(found, once, 1)}


def _told(times: Mapping[str, tuple[float, float]]) -> str:
    return ", ".join(f"{name} {clock:.2f} s ({used:.2f} s cpu)" for name, (clock, used) in times.items())


def _ratios(found: Sequence[Mapping[str, Any]], once: Mapping[str, Any], which: int) -> dict[str, float]:
    def median(name: str, over: str | None = None) -> float:
        return statistics.median(t[name][which] / (t[over][which] if over else 1) for t in found)

    over = {f"{name}_over_scan": median(name, "scan") for name in list(found[0])[1:]}
    over |= {
        f"{way}_over_{name}": once[way][which] / median(name) for way in once for name in ("check", "night", "first")
    }
    return {name: round(ratio, 2) for name, ratio in over.items()}


def peak(directory: Path) -> int:
    """The largest resident memory, in MB, of a process that does one check on days never looked at."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.drift", "--peak", str(directory)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def largest() -> int:
    """The largest resident memory of this program in MB; ``ru_maxrss`` would count that of the one that started it."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) // 1024


def same_flags(directory: Path) -> dict[str, int]:
    """Of the shifts, how many flag the same columns by the sample as by exact arithmetic on all rows."""
    history = History.of(run(directory))
    lake, batches = history.run.workspace.lake, history.batches(Span.ending(LAST, 2 * DAYS))
    whole = [lake.read([batch.uri]) for batch in batches]
    exact, sampled = Judge(history, whole, None), Judge(history, whole, history.most)
    alike, near = 0, 0
    for number in range(SHIFTS):
        column = [*NUMBERS, *TEXTS][number % 15]
        now = [shifted(rows.select(column, "at"), column, number) for rows in whole[DAYS:]]
        one, other = exact.scores(column, now), sampled.scores(column, now)
        differ = [name for name in one if (one[name] >= LIMIT) != (other[name] >= LIMIT)]
        alike, near = alike + (not differ), near + any(abs(one[name] / LIMIT - 1) < 0.1 for name in differ)
        print(f"{column} {number}: exact {one[column]:.4f}, sample {other[column]:.4f} {differ or ''}", flush=True)
    return {"same_flags": alike, "near": near}


class Judge:
    """The scores of all columns when one of them is shifted, from all rows or from so many of each day."""

    def __init__(self, history: History, days: Sequence[pl.DataFrame], most: int | None) -> None:
        self.replay, self.most = history.replay, most
        self.days = [self.replay.day(day, rows, most) for day, rows in zip(self._dates(), days, strict=True)]
        self.quiet = {name: self._score(name, self.days) for name in self.replay.checks}

    def scores(self, column: str, now: Sequence[pl.DataFrame]) -> dict[str, float]:
        from ml.detectors.novel import counted
        from ml.drift.replay import thinned

        kind = self.replay.checks[column].column_kind
        counts = [counted(thinned(rows, self.most), column, kind) for rows in now]
        after = [Day(d.day, {column: c}, ()) for d, c in zip(self.days[DAYS:], counts, strict=True)]
        return self.quiet | {column: self._score(column, [*self.days[:DAYS], *after])}

    def _score(self, column: str, days: Sequence[Day]) -> float:
        window = night(self._dates(), LAST, DAYS, DAYS)
        return float(self.replay._column(column, days, [window])[0])

    @staticmethod
    def _dates() -> list[date]:
        return list(Span.ending(LAST, 2 * DAYS))


def shifted(rows: pl.DataFrame, column: str, number: int) -> pl.DataFrame:
    """The rows with one column moved, the further the larger the number: mean, spread, or one city instead of another.

    Numbers move by up to 0.4 of their spread; up to three fifths of the most frequent city are renamed.
    """
    size = number / (SHIFTS - 1)
    values = pl.col(column)
    if column in TEXTS:
        other = (pl.int_range(pl.len()) % 1000 < 600 * size) & (values == CITIES[0])
        return rows.with_columns(pl.when(other).then(pl.lit(str(CITIES[1]))).otherwise(values).alias(column))
    if number % 2:
        return rows.with_columns((values + 0.4 * size * values.std()).alias(column))
    return rows.with_columns(((values - values.mean()) * (1 + 0.5 * size) + values.mean()).alias(column))


def main(rows: int = 1_000_000, rounds: int = 5) -> None:
    with tempfile.TemporaryDirectory() as directory:
        small, large = Path(directory) / "small", Path(directory) / "large"
        prepare(small, rows)
        figures = ratios(small, rounds)
        figures |= same_flags(small) | {"shifts": SHIFTS, "peak_mb_1m": peak(small)}
        prepare(large, 10 * rows)
        figures["peak_mb_10m"] = peak(large)
    print(json.dumps(figures))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        Ways(Path(sys.argv[2])).first()
        print(largest())
    else:
        main(*(int(argument) for argument in sys.argv[1:]))
