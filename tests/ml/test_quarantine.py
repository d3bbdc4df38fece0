"""What a person may do with a quarantined day."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Thread

import polars as pl
import pytest

from ml import holdout, intake, quarantine, snapshots, steps
from ml.days import Span
from ml.errors import ConfigError, DataError, NoData, ServiceUnavailable
from ml.ledger import Ledger
from ml.nightwatch.history import History
from ml.recall import Recall
from ml.records import Decision, Diagnosis, Reason, to_json
from ml.walker import InProcess
from tests.tiny import write_day

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)
NEXT = DAY + timedelta(days=1)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, workspace):
    """A workspace with a ledger of each kind."""
    if request.param == "sqlite":
        return workspace
    ledger = Ledger.open(request.getfixturevalue("postgres"))
    ledger.migrate()
    return replace(workspace, ledger=ledger)


@pytest.fixture
def data(tiny):
    return tiny.parent / "data"


def judged(place, day=DAY):
    do = InProcess(place.run("tiny", day))
    return do(steps.validate, do(steps.pull))


def spoil(data, day=DAY, rows=60, **columns):
    """Write the day with these values at the top of these columns."""
    path = write_day(data, day, rows)
    frame = pl.read_parquet(path)
    changed = [pl.Series(c, [*values, *frame[c][len(values) :]], strict=False) for c, values in columns.items()]
    frame.with_columns(changed).write_parquet(path)


def state(place, day=DAY):
    [batch] = place.ledger.batches("tiny", Span(day, day))
    return batch.state, batch.rows, batch.refused


def frozen_days(place, day=NEXT):
    """The days in the snapshot that a retrain after ``day`` would be fitted on."""
    run = place.run("tiny", day)
    snapshot = steps.snapshot(run, steps.request(run, None, "to see", False, "ada"))
    return set(snapshots.read(place.lake, snapshot)["at"].dt.date), snapshot


def test_a_released_day_is_accepted_and_in_the_next_window(place, data):
    write_day(data, DAY, rows=5)
    judged(place)
    done = quarantine.release(place.run("tiny", DAY), "ada", "a holiday")
    assert (done.act.by, done.act.why, done.act.rules, done.again) == ("ada", "a holiday", ("//min_rows",), False)
    assert state(place) == ("accepted", 5, 0)
    judged(place, NEXT)
    assert DAY in frozen_days(place)[0]


def test_a_second_release_and_a_second_discard_keep_no_second_act(place, data):
    write_day(data, DAY, rows=5)
    judged(place)
    run = place.run("tiny", DAY)
    for act in (quarantine.release, quarantine.discard):
        first, second = act(run, "ada", "sure"), act(run, "bea", "also sure")
        assert (first.again, second.again, second.act) == (False, True, first.act)
    assert [(a.act, a.by) for a in place.ledger.acts("tiny")] == [("release", "ada"), ("discard", "ada")]


def test_two_people_at_once_are_one_act(place, data):
    write_day(data, DAY, rows=5)
    judged(place)
    found = []
    people = [
        Thread(target=lambda n=name: found.append(quarantine.release(place.run("tiny", DAY), n, "sure")))
        for name in ("ada", "bea")
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(done.again for done in found) == [False, True]
    assert len(place.ledger.acts("tiny")) == 1


def test_a_night_and_a_person_do_not_judge_at_once(place):
    run = place.run("tiny", DAY)
    with (
        quarantine.alone(run),
        pytest.raises(ServiceUnavailable, match="quarantine of tiny is in the hands of pid"),
        place.ledger.lock("quarantine of tiny", wait=0.1),
    ):
        pass


def test_a_later_pull_keeps_the_release_and_a_new_broken_rule_ends_it(place, data):
    write_day(data, DAY, rows=5)
    judged(place)
    quarantine.release(place.run("tiny", DAY), "ada", "a holiday")
    write_day(data, DAY, rows=6)
    judged(place, NEXT)
    assert state(place) == ("accepted", 6, 0)
    spoil(data, rows=7, weight=[None] * 7)
    judged(place, NEXT)
    assert state(place)[0] == "quarantined"
    [batch] = place.ledger.batches("tiny", Span(DAY, DAY))
    assert [v.key for v in batch.stops] == ["/weight/nulls"]
    quarantine.release(place.run("tiny", DAY), "ada", "the scales were away")
    assert state(place) == ("accepted", 7, 0)
    assert [a.rules for a in place.ledger.acts("tiny")] == [("//min_rows",), ("/weight/nulls",)]


def test_refused_rows_stay_out_of_a_released_day_unless_rows_are_asked_for(place, data):
    spoil(data, weight=[-1.0] * 9)
    judged(place)
    run = place.run("tiny", DAY)
    assert quarantine.release(run, "ada", "known").act.rules == ("//refused",)
    assert state(place) == ("accepted", 51, 9)
    assert quarantine.release(run, "ada", "scales were off by a pound", rows=True).act.rules == ("/weight/range",)
    assert state(place) == ("accepted", 60, 0)
    assert quarantine.release(run, "ada", "scales were off by a pound", rows=True).again


def test_refused_rows_of_an_accepted_day_can_be_let_in(place, data):
    spoil(data, weight=[-1.0])
    judged(place)
    run = place.run("tiny", DAY)
    with pytest.raises(DataError, match="it is accepted, with 1 refused rows"):
        quarantine.release(run, "ada", "known")
    quarantine.release(run, "ada", "known", rows=True)
    judged(place)
    assert state(place) == ("accepted", 60, 0)


def test_a_discarded_day_never_comes_back(place, data):
    write_day(data, DAY, rows=5)
    judged(place)
    quarantine.discard(place.run("tiny", DAY), "ada", "a test of the sender")
    write_day(data, DAY, rows=60)
    assert judged(place).state == "discarded"
    judged(place, NEXT)
    assert state(place)[0] == "discarded"
    assert place.ledger.batches("tiny", state="pulled") == []
    assert DAY not in frozen_days(place)[0]
    with pytest.raises(DataError, match=r"was discarded for good by ada on 20.*: a test of the sender"):
        quarantine.release(place.run("tiny", DAY), "bea", "yes it does")


def test_a_release_is_taken_back_by_discarding_the_day(place, data):
    write_day(data, DAY, rows=5)
    judged(place)
    quarantine.release(place.run("tiny", DAY), "ada", "a holiday")
    quarantine.discard(place.run("tiny", DAY), "ada", "it was none")
    assert state(place) == ("discarded", 5, 0)


def test_a_column_of_another_type_is_released_as_far_as_it_reads(place, data):
    spoil(data, weight=[str(n) for n in range(60)])
    path = data / f"{DAY}.parquet"
    frame = pl.read_parquet(path)
    texts = ["1,5" if n < 5 else str(n) for n in range(60)]
    frame.with_columns(pl.Series("weight", texts)).write_parquet(path)
    assert judged(place).state == "quarantined"
    quarantine.release(place.run("tiny", DAY), "ada", "five with a comma can be missed")
    judged(place, NEXT)
    days, snapshot = frozen_days(place)
    weights = snapshots.read(place.lake, snapshot).query("at >= '2013-06-01' and at < '2013-06-02'")["weight"]
    assert DAY in days
    assert (len(weights), weights.isna().sum(), weights.max()) == (60, 5, 59.0)


def test_a_release_that_lays_bare_another_broken_rule_is_refused_and_changes_nothing(place, data):
    path = write_day(data, DAY)
    frame = pl.read_parquet(path)
    frame.with_columns(pl.lit("1,5").alias("weight")).write_parquet(path)
    judged(place)
    with pytest.raises(DataError, match="cannot be released: without those rules its rows break another, weight: 60"):
        quarantine.release(place.run("tiny", DAY), "ada", "sure")
    assert state(place)[0] == "quarantined"
    assert place.ledger.acts("tiny") == []


@pytest.mark.parametrize("act", [quarantine.release, quarantine.discard])
def test_what_cannot_be_acted_on_gets_a_sentence(place, data, act):
    judged(place)
    name = act.__name__
    with pytest.raises(DataError, match=f"is not quarantined: it is accepted; there is nothing to {name}"):
        act(place.run("tiny", DAY), "ada", "sure")
    with pytest.raises(NoData, match=r"2013-06-05 is not known: .* the known days are 2013-05-01 to 2013-06-01"):
        act(place.run("tiny", date(2013, 6, 5)), "ada", "sure")
    with pytest.raises(ConfigError, match="an act needs a reason"):
        act(place.run("tiny", DAY), "ada", "  ")
    steps.pull(place.run("tiny", NEXT))
    with pytest.raises(NoData, match="pulled and not judged yet"):
        act(place.run("tiny", NEXT), "ada", "sure")


def test_a_day_that_upstream_mends_is_accepted_by_itself(place, data):
    write_day(data, DAY, rows=5)
    judged(place)
    judged(place, NEXT)
    assert state(place)[0] == "quarantined"
    write_day(data, DAY)
    later = DAY + timedelta(days=3)
    judged(place, later)
    assert state(place) == ("accepted", 60, 0)


def test_a_day_that_waits_is_read_again_for_fourteen_days(place, data):
    write_day(data, DAY, rows=5)
    judged(place)
    spans = [intake.span_to_pull(place.run("tiny", DAY + timedelta(days=n))).first for n in (1, 14, 15)]
    assert spans == [DAY, DAY, NEXT]


def test_a_mended_contract_lets_a_waiting_day_in(place, data):
    write_day(data, DAY, rows=5)
    judged(place)
    yaml = place.pipelines / "tiny.yaml"
    yaml.write_text(yaml.read_text().replace("min_rows: 20", "min_rows: 3"))
    judged(place, NEXT)
    assert state(place) == ("accepted", 5, 0)


@pytest.mark.parametrize("accepted_before", [False, True])
def test_a_quarantined_day_is_in_no_window_and_in_no_reference(place, data, accepted_before):
    if accepted_before:
        judged(place)
        spoil(data, weight=[None] * 60)
        judged(place, NEXT)
    else:
        spoil(data, weight=[None] * 60)
        judged(place)
        judged(place, NEXT)
    assert state(place)[0] == "quarantined"
    days, snapshot = frozen_days(place, DAY + timedelta(days=1))
    parts = holdout.split(place.run("tiny", NEXT), snapshot)
    assert DAY not in days | set(parts.older["at"].dt.date) | set(parts.newest["at"].dt.date)
    history = History.of(place.run("tiny", NEXT))
    compared = history.frame(history.batches(Span(DAY - timedelta(days=5), NEXT)))
    assert DAY not in set(compared["at"].dt.date)


def test_neither_current_nor_reference_of_a_drift_check_hold_a_quarantined_day(place, data):
    spoil(data, weight=[None] * 60)
    judged(place)
    for n in (1, 3):  # in the current three days, then in the reference before them
        day = DAY + timedelta(days=n)
        report = steps.detect(place.run("tiny", day), judged(place, day), None)
        rows = {"current": report.current_rows, "reference": report.reference_rows}
        assert rows == ({"current": 120, "reference": 840} if n == 1 else {"current": 180, "reference": 780})


def test_the_rules_that_look_at_history_see_no_quarantined_day_and_a_released_one(place, data):
    yaml = place.pipelines / "tiny.yaml"
    yaml.write_text(yaml.read_text().replace("  min_rows: 20\n", "  min_rows: 20\n  history: {}\n", 1))
    write_day(data, DAY, rows=5)
    judged(place)

    def known():
        return [day for day, _ in Recall(place.run("tiny", NEXT), [NEXT]).before(NEXT).pasts["tiny"].tables]

    assert known()[-1] == DAY - timedelta(days=1)
    quarantine.release(place.run("tiny", DAY), "ada", "a holiday")
    assert known()[-1] == DAY
    quarantine.discard(place.run("tiny", DAY), "ada", "it was none")
    assert known()[-1] == DAY - timedelta(days=1)


def in_doubt(place, day=DAY, **more):
    judged(place, day)
    found = Diagnosis(
        pipeline="tiny", day=day, kind="covariate shift", action="mail", doubts=("weight moved alone",), **more
    )
    with place.ledger.attempt("tiny", day, "diagnose") as attempt:
        attempt.done(to_json(found))


def learned_days(place, day=NEXT, **decision):
    """The days in the snapshot of a retrain that is due, and those that it leaves out."""
    judged(place, day)
    run = place.run("tiny", day)
    due = Decision(pipeline="tiny", day=day, retrain=True, reasons=(Reason(kind="schedule", sentence="due"),))
    frozen = steps.snapshot(run, due.model_copy(update=decision))
    return set(snapshots.read(place.lake, frozen)["at"].dt.date), frozen.left_out


def test_a_day_in_doubt_is_learned_from_by_no_retrain_but_one_that_a_person_asked_for(place):
    in_doubt(place)
    days, left_out = learned_days(place)
    assert (DAY in days, DAY - timedelta(days=1) in days, left_out) == (False, True, (DAY,))
    assert DAY in frozen_days(place)[0]


def test_an_earlier_day_on_which_an_alarm_hangs_is_cleared_by_itself(place):
    odd = DAY - timedelta(days=2)
    in_doubt(place, hangs_on=(odd,))
    assert learned_days(place)[1] == (odd, DAY)
    quarantine.release(place.run("tiny", odd), "ada", "a holiday")
    assert learned_days(place, NEXT + timedelta(days=1))[1] == (DAY,)


def test_a_person_clears_a_day_in_doubt_once_or_gives_it_up(place):
    in_doubt(place)
    run, before = place.run("tiny", DAY), place.ledger.batches("tiny", Span(DAY, DAY))
    done = quarantine.release(run, "ada", "the new hub")
    assert (done.act.rules, done.again) == (("//doubt",), False)
    assert quarantine.release(run, "ada", "again").again
    assert place.ledger.batches("tiny", Span(DAY, DAY)) == before
    days, left_out = learned_days(place)
    assert (DAY in days, left_out) == (True, ())


def test_a_day_in_doubt_can_be_given_up(place):
    in_doubt(place)
    quarantine.discard(place.run("tiny", DAY), "ada", "the scales were broken")
    assert state(place)[0] == "discarded"
