"""What a contract costs: one million rows of 15 columns, each refused row with all its reasons, against a bare scan.

    python -m benchmarks.contract [rows] [rounds]

The scan is polars reading the same Parquet file and filtering it by the same predicates written by hand; the check
reads the file too. Both run in turn, so that whatever else the machine does hits both; the ratio is the median of the
rounds' ratios. ``over_scan_no_key`` leaves the unique key out on both sides. ``year_seconds`` is 365 days of 920 rows,
in seconds of the processor.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ml.contract import Contract

DAY = date(2013, 1, 31)
ALLOWED = ["AA", "B6", "DL", "EV", "UA"]
NUMBERS = [f"number_{n}" for n in range(8)]
TEXTS = [f"text_{n}" for n in range(4)]
LOW, HIGH = -8.0, 8.0


def frame(rows: int, seed: int = 0) -> pl.DataFrame:
    """Rows of which about one in fifty breaks a rule: a value out of range, an unknown text, a null, a key twice."""
    rng = np.random.default_rng(seed)
    numbers = {name: np.where(rng.random(rows) < 0.001, 9.0, rng.normal(size=rows)) for name in NUMBERS}
    texts = {name: rng.choice([*ALLOWED, "??"], rows, p=[0.2, 0.2, 0.2, 0.2, 0.199, 0.001]) for name in TEXTS}
    ids = np.where(rng.random(rows) < 0.0005, 0, np.arange(rows))
    seconds = pl.Series(rng.integers(0, 86_400, rows)).cast(pl.Duration("ms")) * 1000
    at = (pl.lit(datetime(DAY.year, DAY.month, DAY.day)) + seconds).dt.truncate("10s").cast(pl.Datetime("us"))
    flag = pl.Series(rng.random(rows) < 0.3)
    return pl.DataFrame({**numbers, **texts, "id": ids}).with_columns(at=at, flag=flag)


def contract(unique: bool) -> Contract:
    numbers = {name: {"type": "float", "min": LOW, "max": HIGH, "nullable": False} for name in NUMBERS}
    texts = {name: {"type": "string", "allowed": ALLOWED} for name in TEXTS}
    others = {"id": {"type": "int", "min": 0}, "at": {"type": "datetime", "nullable": False}, "flag": {"type": "bool"}}
    return Contract.model_validate({"columns": {**numbers, **texts, **others}, "unique": ["id"] if unique else []})


def predicates(unique: bool) -> list[pl.Expr]:
    """When a row is refused, by hand."""
    numbers = [(pl.col(n) < LOW) | (pl.col(n) > HIGH) | pl.col(n).is_null() for n in NUMBERS]
    texts = [~pl.col(name).is_in(ALLOWED) for name in TEXTS]
    others = [pl.col("id") < 0, pl.col("at").is_null()]
    return numbers + texts + others + ([pl.col("id").is_duplicated()] if unique else [])


def seconds(do: Callable[[], Any]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def over_scan(path: Path, rounds: int, unique: bool) -> float:
    promised, broken = contract(unique), pl.any_horizontal(predicates(unique))

    def scan() -> pl.DataFrame:
        return pl.scan_parquet(path).filter(broken).collect()

    def check() -> pl.DataFrame:
        return promised.check(pl.read_parquet(path), DAY, "at").refused

    assert scan().height == check().height, "both must refuse the same rows"
    pairs = [(seconds(scan), seconds(check)) for _ in range(rounds)]
    for n, (bare, checked) in enumerate(pairs, 1):
        print(f"key {unique!s:5} round {n}: scan {bare:.3f} s, check {checked:.3f} s, {checked / bare:.2f} times")
    return statistics.median(checked / bare for bare, checked in pairs)


def year_seconds() -> float:
    days = [(DAY + timedelta(days=n), frame(920, seed=n)) for n in range(365)]
    promised = contract(unique=True)
    promised.check(days[0][1], DAY, "at")
    start = time.process_time()
    for day, rows in days:
        promised.check(rows, day, "at")
    return time.process_time() - start


def main(rows: int = 1_000_000, rounds: int = 7) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "rows.parquet"
        frame(rows).write_parquet(path)
        figures = {
            "rows": rows,
            "over_scan": round(over_scan(path, rounds, unique=True), 2),
            "over_scan_no_key": round(over_scan(path, rounds, unique=False), 2),
            "year_seconds": round(year_seconds(), 2),
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
