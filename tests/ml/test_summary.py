"""One line about each record."""

from datetime import date

from ml.records import (
    Batch,
    Candidate,
    Decision,
    Estimated,
    Evaluation,
    Performance,
    Promotion,
    Reason,
    Score,
    Verdict,
    Violation,
)
from ml.summary import of_step, sentence

DAY = date(2013, 1, 31)
BATCH = Batch(pipeline="p", day=DAY, rows=812, uri="u", fingerprint="f", state="accepted", refused=3)


def test_a_batch_says_how_many_rows_were_refused():
    assert sentence(BATCH) == "812 rows of 2013-01-31 accepted, 3 refused"


def test_thousands_are_set_apart():
    assert sentence(BATCH.model_copy(update={"rows": 81_200})) == "81,200 rows of 2013-01-31 accepted, 3 refused"


def test_a_version_that_was_tried_out_is_told_as_that_and_not_as_fitted_again():
    candidate = Candidate.model_construct(version=3, fitted_to=DAY, run_id="8d3f0a11ffff")
    assert of_step("try_out", candidate) == "nothing stands in the way of version 3"
    assert of_step("refit", candidate) == "fitted up to 2013-01-31 as version 3, MLflow run 8d3f0a11"


def test_a_quarantined_batch_says_why():
    violation = Violation(column=None, rule="min_rows", rows=0, sentence="812 rows < 5000", stops=True)
    quarantined = BATCH.model_copy(update={"state": "quarantined", "violations": (violation,)})
    assert sentence(quarantined) == "2013-01-31 quarantined: 812 rows < 5000"


def test_a_quarantined_batch_names_the_rules_that_stop_the_day_and_no_other():
    day = Violation(column=None, rule="min_rows", rows=0, sentence="812 rows < 5000", stops=True)
    row = Violation(column="dep", rule="range", rows=3, sentence="3 rows < 0")
    quarantined = BATCH.model_copy(update={"state": "quarantined", "violations": (day, row)})
    assert sentence(quarantined) == "2013-01-31 quarantined: 812 rows < 5000"


def test_a_decision_gives_all_its_reasons():
    reasons = (Reason(kind="schedule", sentence="due"), Reason(kind="drift", sentence="moved"))
    said = sentence(Decision(pipeline="p", day=DAY, retrain=True, reasons=reasons))
    assert said == "retrain, because due (schedule); moved (drift)"


def test_an_evaluation_tells_two_models_of_one_role_apart():
    told = (("challenger", "fitted"), ("champion", "as served"), ("champion", "its recipe on the challenger's rows"))
    scores = tuple(Score(role=role, how=how, metrics={"mae": n}) for n, (role, how) in enumerate(told))
    of = {"pipeline": "p", "day": DAY, "run_id": "r", "first": DAY, "last": DAY, "rows": 9, "champion_version": 1}
    said = sentence(Evaluation(**of, metric="mae", scores=scores))
    assert said.endswith(": challenger 0.0000, champion 1.0000, champion (its recipe on the challenger's rows) 2.0000")


def test_a_quiet_night_says_so():
    assert sentence(Decision(pipeline="p", day=DAY, retrain=False)) == "no retrain: nothing asks for it"


def test_a_refusal_gives_every_objection():
    verdict = Verdict(pipeline="p", day=DAY, run_id="r", passed=False, objections=("too weak", "too slow"))
    assert sentence(verdict) == "refused: too weak; too slow"


def test_the_first_promotion_archives_nobody():
    promotion = Promotion.model_validate(
        {
            "pipeline": "p",
            "day": DAY,
            "version": 1,
            "previous": None,
            "run_id": "r",
            "snapshot": "s",
            "at": "2013-02-01T02:00:00Z",
        }
    )
    assert sentence(promotion) == "version 1 is in Production, the first"


def test_a_skipped_step_had_nothing_to_do():
    assert sentence(None) == "nothing to do"


def test_how_a_version_did_names_a_single_day_once():
    one = Performance(
        pipeline="p", day=DAY, first=DAY, version=3, role="batch", metric="log_loss", state="unknown", why="few rows"
    )
    assert sentence(one) == "version 3 (batch) on 2013-01-31: unknown, few rows"
    many = one.model_copy(update={"first": date(2013, 1, 25)})
    assert sentence(many) == "version 3 (batch) on 2013-01-25 to 2013-01-31: unknown, few rows"


def test_what_is_expected_has_its_interval_or_says_why_it_is_unknown():
    common = {"pipeline": "p", "day": DAY, "version": 3, "metric": "log_loss", "level": 0.95, "rows": 90}
    known = Estimated(**common, state="estimated", value=0.5, interval=(0.4, 0.6))
    assert sentence(known) == "version 3 (batch) on 2013-01-31: estimated log_loss 0.5000 (0.4000 to 0.6000) on 90 rows"
    unknown = Estimated(**common, state="unknown", why="too few labels")
    assert sentence(unknown) == "version 3 (batch) on 2013-01-31: estimated log_loss unknown, too few labels"
