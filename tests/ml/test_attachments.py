"""Pages and pictures of reports and mails."""

from datetime import date

import pytest

from ml import attachments
from ml.records import from_json

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)
PNG = b"\x89PNG"


def test_the_drift_report_lies_in_the_lake_as_a_page(walked):
    report = from_json(walked.ledger.output("tiny", DAY, "detect"))
    assert b"<html" in walked.lake.read_bytes(report.html)[:2000].lower()


def test_the_mail_of_a_result_carries_its_picture(walked):
    alert = from_json(walked.ledger.output("tiny", DAY, "announce"))
    images = attachments.read(walked.run("tiny", DAY), alert)
    assert list(images) == ["calibration"]
    assert images["calibration"].startswith(PNG)


def drifted(walked, *columns):
    report = from_json(walked.ledger.output("tiny", DAY, "detect"))
    moved = tuple(c.model_copy(update={"drifted": c.column in columns}) for c in report.columns)
    return report.model_copy(update={"columns": moved})


def test_what_moved_is_the_same_file_when_it_is_drawn_twice(walked):
    report, batch = drifted(walked, "weight"), from_json(walked.ledger.output("tiny", DAY, "validate"))
    run = walked.run("tiny", DAY)
    ((name, uri),) = attachments.before_after(run, report, batch)
    assert attachments.before_after(run, report, batch) == ((name, uri),)
    assert walked.lake.read_bytes(uri).startswith(PNG)


def test_without_a_column_that_moved_nothing_is_drawn(walked):
    batch = from_json(walked.ledger.output("tiny", DAY, "validate"))
    assert attachments.before_after(walked.run("tiny", DAY), drifted(walked), batch) == ()


def test_a_report_without_a_page_has_no_place(walked):
    assert attachments.drift_page(walked.run("tiny", DAY), None) is None
