import json
from datetime import datetime

import numpy
import pandas
import pytest

from ml import golden, model_file, training
from tests.ml.golden_frame import golden_frame

pytestmark = pytest.mark.integration


@pytest.fixture
def fitted(model, table):
    return training.fit(model(), table())


@pytest.fixture
def probe(model, table):
    return training.example(model(), table())


INPUTS = (("at", "datetime"), ("size", "double"), ("town", "string"))


def test_a_few_rows_are_kept_with_their_answers(fitted, probe, tmp_path):
    recorded = golden.recorded(fitted, probe)
    golden.write(tmp_path, recorded)
    assert golden.examples(tmp_path) == recorded
    assert len(recorded) == golden.ROWS
    assert sorted(recorded[0].row) == ["at", "size", "town"]


def test_rows_of_json_get_the_recorded_answers(fitted, probe, tmp_path):
    golden.write(tmp_path, golden.recorded(fitted, probe))
    kept = golden.examples(tmp_path)
    asked = golden_frame(INPUTS, [example.row for example in kept])
    answers = training.predict("classification", fitted, asked).tolist()
    assert golden.objection(answers, kept) is None


def test_a_missing_value_comes_back_as_missing(fitted, probe):
    holes = probe.assign(size=numpy.nan, town=None)
    row = golden.recorded(fitted, holes)[0].row
    assert json.loads(json.dumps(row))["size"] is None
    asked = golden_frame(INPUTS, [row])
    assert pandas.isna(asked["size"][0])
    assert asked["town"][0] is None


def test_what_a_hidden_column_holds_of_a_row_is_in_no_golden_request(fitted, probe):
    told = golden.recorded(fitted, probe, {"at", "size", "town", "no feature"})
    assert {name: {example.row[name] for example in told} for name in probe} == {
        "at": {sorted(probe["at"])[len(probe) // 2].isoformat()},
        "size": {sorted(probe["size"])[len(probe) // 2]},
        "town": {probe["town"].mode()[0]},
    }
    asked = golden_frame(INPUTS, [example.row for example in told])
    assert golden.objection(training.predict("classification", fitted, asked).tolist(), told) is None


def test_a_hidden_column_without_a_value_stays_without(fitted, probe):
    [town] = {example.row["town"] for example in golden.recorded(fitted, probe.assign(town=None), {"town"})}
    assert town is None


def test_a_row_that_json_cannot_hold_is_not_kept(fitted, probe):
    endless = probe.assign(size=[numpy.inf if n % 26 == 0 else 1.0 for n in range(len(probe))])
    assert 0 < len(golden.recorded(fitted, endless)) < golden.ROWS


def test_a_model_that_was_saved_without_has_none(tmp_path):
    assert golden.examples(tmp_path) == ()


@pytest.mark.parametrize("kind", ["classification", "regression"])
def test_the_task_is_told_by_the_estimator(kind, model, table):
    label = "late" if kind == "classification" else "delay"
    assert golden.task(training.fit(model(task=kind, label=label), table())) == kind


def test_another_answer_is_objected_to_with_its_distance():
    kept = [golden.Example({}, 0.25), golden.Example({}, 0.5)]
    assert golden.objection([0.25, 0.5 + 1e-9], kept) is None
    said = golden.objection([0.25, 0.75], kept)
    assert said == (
        "1 of 2 golden requests are answered otherwise than when it was fitted, by up to 0.25; at most 1e-06 is allowed"
    )


def test_an_answer_that_is_no_number_is_objected_to():
    said = golden.objection([float("nan")], [golden.Example({}, 0.25)])
    assert said is not None
    assert "1 of them not finite" in said


def test_what_is_allowed_grows_with_the_answers():
    assert golden.objection([1e6 + 0.5], [golden.Example({}, 1e6)]) is None


def test_the_folder_of_a_saved_model_holds_them(in_production, workspace, tmp_path):
    [candidate] = in_production(1)
    folder = workspace.registry.fetch_model(candidate.model_uri, tmp_path / "copy")
    estimator, kept = model_file.load(folder, "m"), golden.examples(folder)
    asked = golden_frame(model_file.inputs(folder), [example.row for example in kept])
    assert golden.objection(training.predict("classification", estimator, asked).tolist(), kept) is None
    assert len(kept) == 15


def test_golden_moments_are_moments():
    row = golden.typed(
        (("at", "datetime"), ("size", "double"), ("gone", "datetime")), {"at": "2013-06-01T14:30:00", "size": 1}
    )
    assert row == {"at": datetime(2013, 6, 1, 14, 30), "size": 1, "gone": None}
