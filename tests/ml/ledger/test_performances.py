"""What became of predictions, night by night."""

from datetime import date, timedelta

from ml.days import Span
from tests.ml.ledger.test_database import DAY, ESTIMATED, OUTCOMES, PERFORMANCE


def test_outcomes_that_say_the_same_are_kept_once_whatever_the_night(ledger):
    later = OUTCOMES.model_copy(update={"night": DAY + timedelta(days=1)})
    assert [ledger.record_outcomes(each) for each in (OUTCOMES, later)] == [True, False]
    more = later.model_copy(update={"known": 2})
    assert ledger.record_outcomes(more)
    assert ledger.outcomes("p") == [more]
    assert ledger.outcomes("p", Span(date(2012, 1, 1), date(2012, 1, 2))) == []


def test_the_newest_word_about_the_same_rows_counts(ledger):
    known = PERFORMANCE.model_copy(
        update={"state": "known", "why": "", "rows": 9, "metrics": {"log_loss": 0.5}, "interval": (0.4, 0.6)}
    )
    other = known.model_copy(update={"column": "town", "value": "Bonn\0"})
    assert ledger.record_performance([PERFORMANCE], DAY) == 1
    assert ledger.record_performance([known, other], DAY) == 2
    assert ledger.record_performance([known, other], DAY + timedelta(days=1)) == 0
    assert [(p.state, p.realised, p.value) for p in ledger.performance("p")] == (
        [("known", 0.5, None), ("known", 0.5, "Bonn\ufffd")]
    )


def test_nothing_found_is_nothing_kept(ledger):
    assert ledger.record_performance([], DAY) == 0


def test_what_was_expected_of_a_day_stands(ledger):
    other = ESTIMATED.model_copy(update={"value": 0.7, "guess": 0.7})
    of_another_metric = ESTIMATED.model_copy(update={"metric": "brier"})
    assert [ledger.record_estimate(each, DAY) for each in (ESTIMATED, other, of_another_metric)] == [True, False, True]
    assert ledger.estimates("p") == [ESTIMATED, of_another_metric]
    assert ledger.estimates("p", Span(date(2012, 1, 1), date(2012, 1, 2))) == []
