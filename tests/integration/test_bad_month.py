"""A month in which what leads to lateness turns round: the truth comes back, and the line acts on it."""

from datetime import timedelta

import pytest

from ml import steps
from ml.days import Span
from ml.records import Evaluation, Score, to_json
from ml.walker import InProcess
from tests import served
from tests.ml.truth.conftest import FIRST, night

pytestmark = pytest.mark.integration

MORE = "stages: {floor: {by: 0.2, within: 30d}}\n"
NIGHTS = [FIRST + timedelta(days=n) for n in range(14)]
BAD = set(NIGHTS[7:])


def evaluated(place, version, day, log_loss):
    """What a night says of a challenger that it promoted."""
    made = next(p for p in place.ledger.promotions("tiny") if p.version == version)
    found = Evaluation(
        pipeline="tiny", day=day, run_id=made.run_id, metric="log_loss", first=day, last=day, rows=300,
        scores=(Score(role="challenger", how="fitted", metrics={"log_loss": log_loss}),),
    )  # fmt: skip
    with place.ledger.attempt("tiny", day, "evaluate") as attempt:
        attempt.done(to_json(found))


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """A workspace after those nights, and what each of them matured, moved and decided."""
    from ml.workspace import Workspace

    folder = tmp_path_factory.mktemp("month")
    config = served.write(folder / "tiny", MORE)
    yaml = config / "pipelines" / "tiny.yaml"
    policy = "retrain: {performance_drop: {by: 0.1, days: 4d}}"
    yaml.write_text(yaml.read_text().replace("retrain: {every: 1d, on_drift: true}", policy))
    place = Workspace.apart(folder / "apart", config)
    served.serve(place, day=FIRST - timedelta(days=2))
    evaluated(place, 1, FIRST - timedelta(days=2), 0.5)
    served.serve(place, version=2, day=FIRST - timedelta(days=1))
    evaluated(place, 2, FIRST - timedelta(days=1), 0.5)
    found = {}
    for day in NIGHTS:
        matured = night(place, day, BAD)
        do = InProcess(place.run("tiny", day))
        (batch,) = place.ledger.batches("tiny", Span(day, day), state="accepted")
        moved = do(steps.fall_back, matured)
        found[day] = matured, moved, do(steps.decide, batch, None, None, matured)
        do(steps.notify, batch, None, None, found[day][2], moved)
    return place, found


def test_good_days_ask_for_nothing(month):
    _, found = month
    assert not any(decision.retrain for _, _, decision in (found[day] for day in NIGHTS[:9]))
    assert all(moved is None for _, moved, _ in (found[day] for day in NIGHTS[:9]))


def test_the_fall_asks_for_a_retrain_with_its_numbers(month):
    _, found = month
    asked = [day for day in NIGHTS if found[day][2].retrain]
    (reason,) = found[asked[0]][2].reasons
    assert reason.kind == "performance"
    assert "where its evaluation said 0.5000: worse by at least" in reason.sentence
    assert asked[0] > min(BAD)


def test_the_same_days_ask_once(month):
    _, found = month
    first = min(day for day in NIGHTS if found[day][2].retrain)
    assert not found[first + timedelta(days=1)][2].retrain


def test_a_fresh_version_that_falls_through_its_floor_goes_back_and_the_owner_is_told(month):
    place, found = month
    (day,) = (day for day in NIGHTS if found[day][1] is not None)
    moved = found[day][1]
    assert (moved.kind, moved.version, moved.previous, moved.by) == ("rollback", 1, 2, "nightshift")
    assert "worse by at least" in moved.why
    assert place.registry.production("tiny").version == 1
    (mail,) = [row.alert for row in place.ledger.alerts_of("tiny", day) if row.alert.kind == "stages"]
    assert "really has a log_loss" in mail.text


def test_the_night_that_rolled_back_measures_the_same_version_when_it_is_walked_again(month):
    place, found = month
    (day,) = (day for day in NIGHTS if found[day][1] is not None)
    run, (matured, moved, _) = place.run("tiny", day), found[day]
    again = steps.mature(run, place.ledger.batches("tiny", Span(day, day))[0])
    assert matured.realised.version == moved.previous
    assert again.realised == matured.realised
    assert steps.fall_back(run, again) == moved
    after = found[day + timedelta(days=1)][0].realised
    assert after is None or after.version == moved.version


def test_the_version_in_mlflow_says_how_it_really_does(month):
    place, _ = month
    tags = place.registry.version("tiny", 2).tags
    assert float(tags["nightshift.realised_log_loss"]) > 0.5
    assert tags["nightshift.realised"].startswith("version 2 (batch) on ")


def test_history_and_performance_tell_it(month):
    from ml import nights
    from ml.truth.report import Report

    place, _ = month
    lines_ = "\n".join(Report.of(place.ledger, "tiny").lines())
    assert "100.0% after 1 day" in lines_
    assert "unknown: its labels are due on" in lines_
    assert "worst where town is" in lines_
    assert any("; really: version 2 (batch) on" in each.line() for each in nights.of(place.ledger, "tiny"))
