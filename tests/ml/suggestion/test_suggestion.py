"""The learned contract is YAML that can be pasted."""

import json
from datetime import date, datetime, timedelta

import polars as pl
import pytest
import yaml

from ml import steps
from ml.config import load_pipeline
from ml.suggestion import contract_of, suggest
from ml.walker import InProcess
from tests.tiny import FIRST, LAST

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)

UPSTREAM = """
upstream:
  scales:
    source: {kind: files, path: {data}/scales/*.parquet, event_time: hour, key: [place, hour]}
    joined_on: {hour: at}
    unjoined: 1
    contract: {columns: {place: {type: string}, hour: {type: datetime}, load: {type: float}}}
contract:"""


@pytest.fixture
def learned(workspace, tiny):
    """The small pipeline, its days judged, with an upstream table of hourly loads."""
    scales = tiny.parent / "data" / "scales"
    scales.mkdir()
    hours = [datetime(2013, 5, 1) + timedelta(hours=n) for n in range(24 * ((LAST - FIRST).days + 1))]
    load = [float(n % 24) for n in range(len(hours))]
    pl.DataFrame({"place": "Bonn", "hour": hours, "load": load}).write_parquet(scales / "all.parquet")
    path = tiny / "pipelines" / "tiny.yaml"
    upstream = UPSTREAM.replace("{data}", str(tiny.parent / "data"))
    path.write_text(path.read_text().replace("\ncontract:", upstream, 1))
    do = InProcess(workspace.run("tiny", DAY))
    do(steps.validate, do(steps.pull))
    return suggest(workspace.run("tiny", DAY))


def pasted(tiny, text):
    """The pipeline's YAML with the learned sections in the place of its own."""
    path = tiny / "pipelines" / "tiny.yaml"
    document = yaml.safe_load(path.read_text()) | yaml.safe_load(text)
    path.write_text(json.dumps(document, default=str))
    return path


def test_what_was_learned_is_right_when_pasted_and_keeps_the_days_it_was_learned_from(learned, tiny, workspace):
    pipeline = load_pipeline(pasted(tiny, learned.yaml), deep=True)
    assert set(pipeline.contract.columns) == {"parcel", "at", "weight", "town", "late"}
    assert pipeline.upstream["scales"].contract.series.by == ("place",)
    again = InProcess(workspace.run("tiny", DAY + timedelta(days=3)))
    batch = again(steps.validate, again(steps.pull))
    assert (batch.state, batch.violations) == ("accepted", ())


def test_each_rule_has_its_evidence_beside_it(learned):
    lines = [line for line in learned.yaml.splitlines() if "allowed: [Aachen, Bonn, Celle]" in line]
    assert lines[0].split("  # ")[1].startswith("the rarest is 'Celle' in ")
    assert learned.yaml.startswith("# Learned from 1,920 rows of 32 days, 2013-05-01 to 2013-06-01; read it before")


def test_it_says_what_it_could_not_learn(learned):
    assert "tiny: parcel.min: it grows from day to day, so it has no bounds" in learned.unlearned
    assert f"# - {learned.unlearned[0]}" in learned.yaml
    assert (learned.as_json()["days"], learned.as_json()["rows"]) == (32, 1920)


def test_the_contract_of_one_table_is_what_its_yaml_says(evidence):
    known = evidence()
    found = contract_of(known)
    assert found.unique.value == ("town", "hour")
    assert found.columns["visib"].rests == (10.0,)
    assert found.series is not None
    day = known.rows.filter(pl.col("hour").dt.date() == DAY.replace(month=1, day=20))
    checked = found.check(day, DAY.replace(month=1, day=20), "hour")
    assert (checked.quarantined, checked.refused.height) == (False, 0)
    assert found.check(day.with_columns(temp=-pl.col("temp")), DAY.replace(month=1, day=20), "hour").quarantined
