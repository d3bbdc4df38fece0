from datetime import date

import pytest
from pydantic import ValidationError

from ml.policy import Facts, PerformanceDrop, RetrainPolicy
from ml.records import ColumnDrift, DriftReport, Performance

DAY = date(2013, 9, 30)
QUIET = Facts(pipeline="flights", day=DAY, batch_state="accepted", champion_version=3, last_retrain=date(2013, 9, 27))


def facts(**changes) -> Facts:
    return Facts(**(QUIET.__dict__ | changes))


def report(drifted: int, columns: int) -> DriftReport:
    entries = tuple(
        ColumnDrift(column=f"c{n}", method="ks", threshold=0.05, score=0.5, drifted=n < drifted) for n in range(columns)
    )
    return DriftReport(
        pipeline="flights",
        day=DAY,
        reference=(DAY, DAY),
        current=(DAY, DAY),
        reference_rows=1,
        current_rows=1,
        columns=entries,
        alarm=drifted > 0,
    )


def kinds(policy: RetrainPolicy, known: Facts) -> list[str]:
    return [reason.kind for reason in policy.decide(known).reasons]


def test_a_policy_without_triggers_trains_the_first_model_only() -> None:
    assert not RetrainPolicy().decide(QUIET).retrain
    first = RetrainPolicy().decide(facts(champion_version=None, last_retrain=None))
    assert first.retrain
    assert [reason.sentence for reason in first.reasons] == ["no version is in Production yet"]


@pytest.mark.parametrize(("every", "due"), [("3d", True), ("4d", False)])
def test_the_schedule_counts_data_days_since_the_last_retrain(every, due) -> None:
    decision = RetrainPolicy(every=every).decide(QUIET)
    assert decision.retrain is due
    if due:
        assert decision.reasons[0].sentence == "3 days since the last retrain on 2013-09-27; due every 3 days"


def test_a_champion_that_was_never_retrained_here_is_due() -> None:
    assert kinds(RetrainPolicy(every="7d"), facts(last_retrain=None)) == ["schedule"]


@pytest.mark.parametrize(("on_drift", "drifted", "asked"), [(True, 1, True), (True, 0, False), (False, 9, False)])
def test_drift_asks_when_the_check_alarmed(on_drift, drifted, asked) -> None:
    assert RetrainPolicy(on_drift=on_drift).decide(facts(report=report(drifted, 10))).retrain is asked


def test_columns_that_passed_without_an_alarm_do_not_ask() -> None:
    quiet = report(2, 10).model_copy(update={"alarm": False})
    assert not RetrainPolicy(on_drift=True).decide(facts(report=quiet)).retrain


def test_the_drift_reason_names_columns_and_numbers() -> None:
    (reason,) = RetrainPolicy(on_drift=True).decide(facts(report=report(2, 4))).reasons
    assert reason.sentence == "the drift check alarmed, 2 of 4 columns drifted: c0, c1"


def test_without_a_report_there_is_no_drift_reason() -> None:
    assert kinds(RetrainPolicy(on_drift=True), facts(report=None)) == []


@pytest.mark.parametrize(("rows", "asked"), [(999, False), (1000, True)])
def test_enough_new_rows_ask(rows, asked) -> None:
    assert RetrainPolicy(min_new_rows=1000).decide(facts(new_rows=rows)).retrain is asked


def test_all_reasons_are_listed_none_hidden() -> None:
    everything = facts(champion_version=None, report=report(4, 4), new_rows=5000)
    policy = RetrainPolicy(every="1d", on_drift=True, min_new_rows=5000)
    assert kinds(policy, everything) == ["first model", "schedule", "drift", "new data"]


def test_a_quarantined_day_never_retrains_but_its_reasons_stay_listed() -> None:
    known = facts(batch_state="quarantined", quarantine_note="812 rows < 5000")
    decision = RetrainPolicy(every="1d").decide(known)
    assert not decision.retrain
    assert [reason.kind for reason in decision.reasons] == ["schedule"]
    assert decision.against == ("the data of 2013-09-30 is quarantined: 812 rows < 5000",)


def test_a_discarded_day_never_retrains() -> None:
    decision = RetrainPolicy(every=1).decide(facts(batch_state="discarded"))
    assert (decision.retrain, decision.against) == (False, ("the data of 2013-09-30 was discarded",))


def test_a_quarantined_day_says_so_even_when_nothing_was_due() -> None:
    decision = RetrainPolicy().decide(facts(batch_state="quarantined"))
    assert (decision.retrain, decision.reasons, len(decision.against)) == (False, (), 1)


def test_the_same_facts_give_the_same_decision() -> None:
    policy = RetrainPolicy(every="1d")
    assert policy.decide(QUIET) == policy.decide(QUIET)


@pytest.mark.parametrize("limits", [{"every": "0d"}, {"min_new_rows": 0}])
def test_a_trigger_that_would_always_or_never_fire_is_refused(limits) -> None:
    with pytest.raises(ValidationError):
        RetrainPolicy(**limits)


def realised(value, interval, metric="log_loss", blocks=7, first=date(2013, 9, 22)) -> Performance:
    return Performance(
        pipeline="flights",
        day=date(2013, 9, 29),
        first=first,
        version=3,
        role="batch",
        metric=metric,
        state="known",
        rows=6000,
        metrics={metric: value},
        interval=interval,
        blocks=blocks,
    )


@pytest.mark.parametrize(
    ("found", "asked"),
    [
        (realised(0.60, (0.53, 0.67)), True),
        (realised(0.60, (0.51, 0.69)), False),
        (realised(0.45, (0.40, 0.50)), False),
        (realised(0.60, None), False),
        (realised(0.60, (0.53, 0.67), blocks=2), False),
        (realised(0.60, (0.53, 0.67)).model_copy(update={"state": "unknown", "why": "few rows"}), False),
        (None, False),
    ],
)
def test_a_fall_asks_when_even_the_better_end_of_the_interval_is_worse_than_was_said(found, asked) -> None:
    policy = RetrainPolicy(performance_drop={"by": 0.02})
    assert kinds(policy, facts(realised=found, expected=0.5)) == (["performance"] if asked else [])
    assert kinds(RetrainPolicy(), facts(realised=found, expected=0.5)) == []


@pytest.mark.parametrize(("high", "asked"), [(0.67, True), (0.69, False)])
def test_of_a_metric_that_should_be_high_the_better_end_is_the_upper_one(high, asked) -> None:
    found = realised(0.6, (0.5, high), metric="roc_auc")
    assert (PerformanceDrop(by=0.02).sentence(found, 0.7) is not None) is asked


def test_a_fall_is_told_with_all_its_numbers() -> None:
    (reason,) = (
        RetrainPolicy(performance_drop={"by": 0.02})
        .decide(facts(realised=realised(0.6, (0.53, 0.67)), expected=0.5))
        .reasons
    )
    assert reason.sentence == (
        "version 3 really has a log_loss of 0.6000 (0.5300 to 0.6700) on 6,000 rows of 2013-09-22 to 2013-09-29, "
        "where its evaluation said 0.5000: worse by at least 0.0300 (> 0.02)"
    )


def test_a_version_whose_evaluation_is_not_known_does_not_fall() -> None:
    assert kinds(RetrainPolicy(performance_drop={"by": 0.02}), facts(realised=realised(0.6, (0.53, 0.67)))) == []


@pytest.mark.parametrize(("last", "asked"), [(date(2013, 9, 21), True), (date(2013, 9, 22), False)])
def test_the_same_days_ask_once(last, asked) -> None:
    found = facts(realised=realised(0.6, (0.53, 0.67)), expected=0.5, last_drop=last)
    assert RetrainPolicy(performance_drop={"by": 0.02}).decide(found).retrain is asked


@pytest.mark.parametrize(("labels", "asked"), [(999, False), (1000, True)])
def test_enough_new_labels_ask(labels, asked) -> None:
    decision = RetrainPolicy(new_labels=1000).decide(facts(new_labels=labels))
    assert decision.retrain is asked
    assert decision.kinds == (("new data",) if asked else ())


def test_what_can_wait_does_not_end_a_tryout_that_is_under_way() -> None:
    due = RetrainPolicy(every="1d", min_new_rows=10)
    decision = due.decide(facts(tried=7, new_rows=20))
    assert not decision.retrain
    assert [reason.kind for reason in decision.reasons] == ["schedule", "new data"]
    [why] = decision.against
    assert why == "version 7 sees traffic before Production, and a newer challenger would end its tryout"
    assert due.decide(facts(new_rows=20)).retrain


def test_a_drift_does_not_wait_for_a_tryout() -> None:
    policy = RetrainPolicy(every="1d", on_drift=True)
    assert policy.decide(facts(tried=7, report=report(1, 2))).retrain


def test_a_quiet_night_has_nothing_against_it_though_a_version_is_tried_out() -> None:
    assert RetrainPolicy().decide(facts(tried=7)).against == ()
