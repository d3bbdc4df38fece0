"""Scores against thresholds, what these rest on, and the diagnosis."""

from datetime import date

import pytest

from ml.account import watch
from ml.account.traces import Traces
from ml.records import Calibration, Diagnosis, Sign, to_json

pytestmark = pytest.mark.integration
DAY = date(2013, 6, 2)


def test_every_check_stands_with_its_score_and_its_threshold(section):
    found, text = section("drift")
    for check in found.data["report"]["columns"]:
        line = next(line for line in text.splitlines() if line.strip().startswith(check["column"]))
        assert f"{check['score']:.4g}" in line
        assert f"{check['threshold']:.4g}" in line
    assert "quiet: 0 of 2 columns drifted" in text
    assert "the thresholds are the owner's; none was calibrated" in text


CALIBRATION = Calibration(
    pipeline="tiny",
    day=DAY,
    asked=90,
    sentence="1 false alarm per 90 days",
    settings="s",
    calendar="c",
    data="d",
    first=DAY,
    last=DAY,
    nights=300,
    blocks=21,
    alarms=3,
    interval=(0.002, 0.029),
    uri="tiny/calibrations/abc.json",
    expires=date(2013, 9, 1),
    code_version="v",
)


def kept(ledger, **outputs):
    for step, record in outputs.items():
        with ledger.attempt("tiny", DAY, step) as attempt:
            attempt.done(to_json(record))
    return Traces(ledger, "tiny", DAY)


def test_a_calibration_is_told_with_what_it_rests_on(workspace, traces):
    from ml.records import DriftReport

    report = traces.record("detect", DriftReport)
    found = watch.drift(kept(workspace.ledger, calibrate=CALIBRATION, detect=report))
    text = " ".join(line.strip() for line in found.lines())
    assert "asked: 1 false alarm per 90 days; measured: 3 in 300 nights (0.002 to 0.029 a night, 95 %)" in text
    assert "hold until 2013-09-01" in text
    assert found.data["calibration"]["alarms"] == 3


def test_a_diagnosis_is_told_with_all_its_signs(workspace):
    sign = Sign(kind="data fault", sign="unit", weight=0.9, sentence="weight is in pounds", column="weight")
    other = Sign(kind="concept shift", sign="loss", weight=0.2, sentence="the loss rose")
    found = watch.diagnosis(
        kept(
            workspace.ledger,
            diagnose=Diagnosis(
                pipeline="tiny", day=DAY, kind="data fault", action="quarantine", evidence=(sign, other)
            ),
        )
    )
    text = "\n".join(found.lines())
    assert "data fault: weight is in pounds; so: quarantine" in text
    assert "the loss rose" in text
    assert "0.90" in text
    assert "0.20" in text


def test_a_quiet_night_has_no_diagnosis(section):
    assert section("diagnosis") == (None, "")
