"""The two models of a training."""

from datetime import date

import pytest

from ml import fitting, model_file
from ml.records import from_json

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)


@pytest.fixture
def snapshot(walked):
    return from_json(walked.ledger.output("tiny", DAY, "snapshot"))


def test_the_judged_model_has_not_seen_the_held_out_days(walked, snapshot):
    fit = fitting.judged(walked.run("tiny", DAY), snapshot)
    assert (snapshot.last - fit.fitted_to).days == 5


def test_the_refitted_model_has_seen_them(walked, snapshot):
    assert fitting.refitted(walked.run("tiny", DAY), snapshot).fitted_to == snapshot.last


@pytest.mark.parametrize("name", fitting.FITS)
def test_what_a_night_saved_is_what_is_fitted_here(walked, snapshot, name):
    fit = fitting.FITS[name](walked.run("tiny", DAY), snapshot)
    with walked.registry._asking() as client:
        tags = client.get_run(walked.registry.production("tiny").run_id).data.tags
    assert tags[f"nightshift.model_sha256.{name}"] == model_file.digest(fit.estimator)
    assert tags[f"nightshift.probe_sha256.{name}"] == model_file.probe_digest(fit.estimator, fit.probe)


def test_the_refit_of_a_night_is_checked_on_the_rows_that_were_held_out(walked, snapshot):
    run = walked.run("tiny", DAY)
    refitted = from_json(walked.ledger.output("tiny", DAY, "refit"))
    assert fitting.check(run, refitted, fitting.refitted(run, snapshot)) != ()
    assert [f.passed for f in refitted.findings] == [True] * 4
    assert "ranks 300 held-out rows" in refitted.findings[0].sentence
