"""What versions gave beside others, a row for each day and comparison."""

from datetime import date

from ml.records import Weighed

DAY = date(2013, 1, 31)
WEIGHED = Weighed(
    pipeline="p",
    day=DAY,
    version=2,
    other=1,
    against="replaced",
    state="known",
    rows=3,
    weighed=3,
    losses={"log_loss": (0.4, 0.5)},
    scores={f"{name} {label}": (1, label) for name in ("version", "other") for label in (0, 1)},
)


def test_a_day_is_weighed_once_against_each_and_the_first_word_stays(ledger):
    later = WEIGHED.model_copy(update={"state": "unknown", "why": "gone", "losses": {}})
    stale = WEIGHED.model_copy(update={"against": "stale"})
    assert [ledger.record_weighing(each) for each in (WEIGHED, WEIGHED, later, stale)] == [True, False, False, True]
    assert ledger.weighings("p") == [WEIGHED, stale]
    assert ledger.weighings("q") == []


def test_days_come_back_oldest_first(ledger):
    older = WEIGHED.model_copy(update={"day": date(2013, 1, 30)})
    for each in (WEIGHED, older):
        ledger.record_weighing(each)
    assert [each.day for each in ledger.weighings("p")] == [older.day, DAY]
