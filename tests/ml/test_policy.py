from datetime import date

import pytest
from pydantic import ValidationError

from ml.policy import Facts, RetrainPolicy
from ml.records import ColumnDrift, DriftReport

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
