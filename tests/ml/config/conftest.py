from pathlib import Path

import pytest

GOOD = """\
name: parcels
source:
  kind: files
  path: data/*.parquet
  event_time: at
  key: [parcel]
contract:
  columns:
    parcel: {type: int}
    at: {type: datetime}
    weight: {type: float}
    town: {type: string}
    late: {type: int}
  unique: [parcel]
drift:
  kind: evidently
  columns:
    weight: {method: wasserstein, threshold: 0.1}
    town: {method: jensenshannon, threshold: 0.1}
retrain: {every: 1d}
model:
  label: late
  features: [weight, town]
evaluation: {slices: [town]}
gates:
  - {kind: beats_champion}
"""


class Pipelines:
    """A folder of pipelines; ``write`` gives the path of a file with one thing in it changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, old: str = "", new: str = "", name: str = "parcels") -> Path:
        assert old in GOOD
        path = self.folder / f"{name}.yaml"
        path.write_text(GOOD.replace(old, new, 1))
        return path


@pytest.fixture
def pipelines(tmp_path) -> Pipelines:
    return Pipelines(tmp_path)
