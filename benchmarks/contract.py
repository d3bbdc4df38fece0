"""What a contract costs: one million rows of 15 columns, each refused row with all its reasons, against a bare scan.

    python -m benchmarks.contract [rows] [rounds]

The bare scan is DuckDB's (``pip install duckdb``; without it polars'), over the same Parquet file: every row is held
against the same predicates written by hand, and the refused ones are given back. The check reads the file too. All run
in turn, so that whatever else the machine does hits all; a ratio is the median of the rounds' ratios.
``over_scan_no_key`` leaves the unique key out on both sides, ``touch_over_scan`` is DuckDB reading every column and
doing nothing with it. ``profile_over_scan`` is the day in numbers, which the night makes once after the check.
``year_seconds`` is 365 days of 920 rows, with profile and history, in seconds of the processor.
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

from ml.contract import Beside, Contract
from ml.profiles import profile
from ml.rules.history import History
from ml.rules.past import Past

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


def by_hand(unique: bool) -> str:
    """The same in SQL, as DuckDB reads it."""
    numbers = [f"{n} < {LOW} OR {n} > {HIGH} OR {n} IS NULL" for n in NUMBERS]
    texts = [f"{name} NOT IN ({', '.join(repr(text) for text in ALLOWED)})" for name in TEXTS]
    key = ["id IN (SELECT id FROM rows GROUP BY id HAVING count(*) > 1)"] if unique else []
    return " OR ".join([*numbers, *texts, "id < 0", '"at" IS NULL', *key])


def scans(path: Path, unique: bool) -> dict[str, Callable[[], Any]]:
    """What a scan costs at least, by DuckDB where it is there, else by polars."""
    broken = pl.any_horizontal(predicates(unique))
    try:
        import duckdb
    except ImportError:
        return {"scan": lambda: pl.scan_parquet(path).filter(broken).collect()}
    source = duckdb.connect()
    source.execute(f"CREATE VIEW rows AS SELECT * FROM read_parquet('{path}')")  # noqa: S608  a path of our own
    every = "SELECT max(COLUMNS(*)) FROM rows"
    refused = f"SELECT * FROM rows WHERE {by_hand(unique)}"  # noqa: S608
    return {
        "scan": lambda: pl.from_arrow(source.sql(refused).to_arrow_table()),
        "touch": lambda: source.execute(every).fetchall(),
    }


def over_scan(path: Path, rounds: int, unique: bool) -> dict[str, float]:
    """How many times as long as a scan the others take, each the median of the rounds."""
    promised = contract(unique)

    def check() -> pl.DataFrame:
        return promised.check(pl.read_parquet(path), DAY, "at").refused

    rows = pl.read_parquet(path)
    ways = {**scans(path, unique), "check": check, "profile": lambda: profile(rows)}
    assert ways["scan"]().height == check().height, "both must refuse the same rows"
    found = [{name: seconds(do) for name, do in ways.items()} for _ in range(rounds)]
    for number, times in enumerate(found, 1):
        told = ", ".join(f"{name} {time:.3f} s" for name, time in times.items())
        print(f"key {unique!s:5} round {number}: {told}; check over scan {times['check'] / times['scan']:.2f}")
    return {name: statistics.median(times[name] / times["scan"] for times in found) for name in ways}


def year_seconds() -> float:
    """A year of small days, each checked, told in numbers, and held against those before it."""
    promised = contract(unique=True).model_copy(update={"history": History(rows=None)})
    days = [(DAY + timedelta(days=n), frame(920, seed=n)) for n in range(365)]
    past = Past(56)
    promised.check(days[0][1], DAY, "at")
    start = time.process_time()
    for day, rows in days:
        past.add(day, promised.check(rows, day, "at", beside=Beside(past=past.until(day))).profile)
    return time.process_time() - start


def main(rows: int = 1_000_000, rounds: int = 7) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "rows.parquet"
        frame(rows).write_parquet(path)
        keyed, plain = over_scan(path, rounds, unique=True), over_scan(path, rounds, unique=False)
        figures = {
            "rows": rows,
            "scan": "duckdb" if "touch" in keyed else "polars",
            "over_scan": round(keyed["check"], 2),
            "over_scan_no_key": round(plain["check"], 2),
            "touch_over_scan": round(keyed["touch"], 2) if "touch" in keyed else None,
            "profile_over_scan": round(keyed["profile"], 2),
            "year_seconds": round(year_seconds(), 2),
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
