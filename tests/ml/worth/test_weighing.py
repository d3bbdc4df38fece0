"""What a night weighs."""

from datetime import timedelta

import pytest

from ml.worth import weighing
from tests.ml.worth.conftest import DAYS, PROMOTED
from tests.ml.worth.test_entries import DAY


def weigh(place, day=DAYS[-1], due=1):
    return [(w.day, w.version, w.other, w.against) for w in weighing.weigh(place.run("tiny", day), due)]


def test_a_night_weighs_the_matured_days_under_a_later_version_newest_first(fresh):
    days = [PROMOTED + timedelta(days=n) for n in (2, 1)]
    expected = [(day, 2, 1, against) for day in days for against in ("replaced", "stale")]
    assert weigh(fresh) == expected
    assert [w.state for w in fresh.ledger.weighings("tiny")] == ["known"] * 4


def test_a_night_done_again_adds_nothing_and_one_that_was_killed_is_finished(fresh, monkeypatch):
    record, left = fresh.ledger.record_weighing, [3]

    def killed(weighed):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        return record(weighed)

    with monkeypatch.context() as patched:
        patched.setattr(fresh.ledger, "record_weighing", killed)
        with pytest.raises(KeyboardInterrupt):
            weigh(fresh)
    assert len(fresh.ledger.weighings("tiny")) == 2
    assert weigh(fresh) == [(PROMOTED + timedelta(days=1), 2, 1, a) for a in ("replaced", "stale")]
    assert weigh(fresh) == []
    assert len(fresh.ledger.weighings("tiny")) == 4


def test_a_night_has_a_limit_and_the_next_one_goes_on(fresh, monkeypatch):
    monkeypatch.setattr(weighing, "DAYS", 1)
    assert [{day for day, *_ in weigh(fresh)} for _ in range(3)] == (
        [{PROMOTED + timedelta(days=2)}, {PROMOTED + timedelta(days=1)}, set()]
    )


def test_days_whose_labels_are_not_due_and_days_before_a_second_version_are_not_weighed(fresh):
    assert weigh(fresh, due=3) == []
    assert weigh(fresh, PROMOTED) == []


def test_what_came_after_a_day_s_night_had_begun_did_not_serve_that_day(fresh):
    from tests.ml.worth.test_entries import promoted

    with fresh.ledger.attempt("tiny", PROMOTED + timedelta(days=1), "mature"):
        pass
    promoted(fresh.ledger, (PROMOTED - DAY).days, 1, 2, kind="rollback")
    waits = weighing.pending(fresh.run("tiny", DAYS[-1]), 1)
    assert [[(p.version, p.other) for p in wanted if p.against == "replaced"] for _, wanted in waits] == [
        [(1, 2)],
        [(2, 1)],
    ]


def test_the_step_that_learns_what_came_true_weighs_too(fresh):
    from ml import steps
    from ml.walker import perform

    run = fresh.run("tiny", DAYS[-1])
    batch = next(iter(fresh.ledger.batches("tiny", run_span(run))))
    assert perform(run, steps.mature, batch) is not None
    assert len(fresh.ledger.weighings("tiny")) == 4


def run_span(run):
    from ml.days import Span

    return Span(run.day, run.day)
