"""A tiny pipeline whose drift check is calibrated."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from ml import steps
from ml.workspace import Run, Workspace
from tests.tiny import FIRST, LAST, YAML, write_day

DRIFT = """
drift:
  kind: evidently
  false_alarms: 1 per 20 days
  recalibrate: 7d
  reference: 7d
  current: 1d
  min_rows: 40
  columns:
    weight: {{method: wasserstein{weight}}}
    town: {{method: jensenshannon}}
  detectors: [{{kind: clock}}, {{kind: missing}}, {{kind: novel, columns: [town]}}]
  nights: {nights}
retrain:"""


@pytest.fixture
def watched(tmp_path: Path) -> Callable[..., Run]:
    """A run of the day after the last whose days were pulled and checked; ``heavier`` spoils its newest days."""

    def of(day: date = LAST, weight: str = "", nights: int = 1, heavier: int = 0, first: date = FIRST) -> Run:
        data, config = tmp_path / "data", tmp_path / "config" / "pipelines"
        data.mkdir(exist_ok=True), config.mkdir(parents=True, exist_ok=True)
        before, rest = YAML.split("\ndrift:", 1)
        after = rest.split("\nretrain:", 1)[1]
        text = before + DRIFT.format(weight=weight, nights=nights).replace("{{", "{").replace("}}", "}") + after
        (config / "tiny.yaml").write_text(text.replace("{data}", str(data)).replace("{{", "{").replace("}}", "}"))
        for n in range((day - first).days + 1):
            at = first + timedelta(days=n)
            write_day(data, at, heavier=30.0 if (day - at).days < heavier else 0.0)
        run = Workspace.apart(tmp_path / "apart", tmp_path / "config").run("tiny", day)
        steps.validate(run, steps.pull(run))
        return run

    return of


def batch_of(run: Run):
    """The run's own batch, as the contract left it."""
    return next(b for b in run.workspace.ledger.batches(run.name) if b.day == run.day)
