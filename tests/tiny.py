"""A pipeline small enough to walk in a test: 40 days of 60 made-up rows in Parquet files, one file a day."""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

FIRST, LAST = date(2013, 5, 1), date(2013, 6, 9)

YAML = """
name: tiny
description: Will this parcel be late?
source:
  kind: files
  path: {data}/*.parquet
  event_time: at
  key: [parcel]
  label_delay: 1d
  history: 60d
contract:
  columns:
    parcel: {{type: int}}
    at: {{type: datetime}}
    weight: {{type: float, min: 0, max: 100, nulls: 0.2}}
    town: {{type: string, allowed: [Aachen, Bonn, Celle]}}
    late: {{type: int, allowed: [0, 1]}}
  unique: [parcel]
  min_rows: 20
drift:
  kind: evidently
  reference: 14d
  current: 3d
  min_rows: 100
  columns:
    weight: {{method: wasserstein, threshold: 0.6}}
    town: {{method: jensenshannon, threshold: 0.3}}
retrain: {{every: 1d, on_drift: true}}
window: {{train: 28d}}
model:
  task: classification
  label: late
  features: [weight, town]
  estimator: tests.tiny:estimator
  seed: 3
evaluation: {{holdout: 5d, metric: log_loss, slices: [town]}}
gates:
  - {{kind: at_least, metric: roc_auc, value: 0.6}}
  - {{kind: beats_champion, metric: log_loss, margin: 0.2}}
alerts:
  - {{kind: mail, to: [owner@example.com]}}
"""


def estimator(seed: int) -> Any:
    """The default one with a tenth of its trees, each of which learns more: most of a retrain is writing them."""
    from ml.pipelines import default

    fewer = {"max_iter": 20, "learning_rate": 0.4}
    return default.estimator(seed).set_params(**{f"histgradientboostingclassifier__{k}": v for k, v in fewer.items()})


def write(directory: Path) -> Path:
    """Write config and data below ``directory``; give the config folder."""
    data, pipelines = directory / "data", directory / "config" / "pipelines"
    data.mkdir(parents=True)
    pipelines.mkdir(parents=True)
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        (data / f"{day}.parquet").write_bytes(_plain(day))
    (pipelines / "tiny.yaml").write_text(YAML.format(data=data))
    return directory / "config"


@cache
def _plain(day: date) -> bytes:
    with TemporaryDirectory() as folder:
        return write_day(Path(folder), day).read_bytes()


def write_day(data: Path, day: date, rows: int = 60, heavier: float = 0.0) -> Path:
    """One day of parcels; the heavier a parcel and the farther its town, the likelier it is late."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(day.toordinal())
    weight = rng.gamma(4, 5, rows).clip(0, 100) + heavier
    town = rng.choice(["Aachen", "Bonn", "Celle"], rows, p=[0.5, 0.3, 0.2])
    risk = 1 / (1 + np.exp(-(weight - 20) / 4 - (town == "Celle") * 2))
    frame = pl.DataFrame(
        {
            "parcel": np.arange(rows) + day.toordinal() * 1000,
            "at": [datetime(day.year, day.month, day.day, 6) + timedelta(minutes=10 * n) for n in range(rows)],
            "weight": weight,
            "town": town,
            "late": (rng.random(rows) < risk).astype("int64"),
        }
    )
    path = data / f"{day}.parquet"
    frame.write_parquet(path)
    return path
