"""Steps one by one: done twice, and faced with neighbours that changed or went away."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ml import lines, steps
from ml.errors import NoData, PromotionConflict, ServiceUnavailable
from ml.records import Alert, Approval, Finding, from_json
from ml.walker import InProcess, drawing, perform, stored_inputs

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)
RETRAIN = [d.name for d in drawing(lines.retrain, "decide")]


def walk(workspace, day=DAY):
    do = InProcess(workspace.run("tiny", day))
    return lines.retrain(do, lines.nightly(do))


def state(place):
    """What a night leaves for others to see; the same after any repetition."""
    return (
        place.registry.aliases("tiny"),
        place.registry.stages("tiny"),
        [(p.version, p.previous) for p in place.ledger.promotions("tiny")],
        [(b.day, b.state, b.fingerprint) for b in place.ledger.batches("tiny")],
        sorted(path.name for path in (place.lake.root.parent / "mails").rglob("*.eml")),
        sorted(path.name for path in place.lake.root.rglob("*.parquet")),
    )


def test_every_step_done_twice_leaves_one_result(nights):
    workspace = nights.after(1)
    once = state(workspace)
    run = workspace.run("tiny", DAY)
    for name in [d.name for d in drawing(lines.nightly)] + RETRAIN:
        drawn, inputs = stored_inputs(run, name)
        perform(run, drawn.step, *inputs)
    assert state(workspace) == once


def test_a_promotion_against_another_champion_is_a_conflict(nights):
    workspace = nights.after(1)
    run = workspace.run("tiny", DAY + timedelta(days=1))
    do = InProcess(run)
    decision = lines.nightly(do)
    candidate = do(steps.train, do(steps.snapshot, decision))
    verdict = do(steps.gate, do(steps.evaluate, candidate), candidate).model_copy(
        update={"champion_version": 7, "passed": True}
    )
    refitted = do(steps.refit, decision, candidate, verdict)
    auto = Approval(
        pipeline="tiny", day=run.day, run_id="r", version=2, answer="auto", by="nightshift", at=datetime.now(UTC)
    )
    with pytest.raises(PromotionConflict, match="judged against version 7, but Production is now version 1"):
        do(steps.promote, refitted, verdict, auto)
    assert workspace.registry.production("tiny").version == 1


def test_a_version_carries_what_it_is_made_of_and_what_let_it_through(walked):
    tags = walked.registry.version("tiny", 1).tags
    (row,) = walked.ledger.decisions("tiny")
    assert tags["nightshift.decision"] == str(row.id)
    assert tags["nightshift.gates"] == "at_least, beats_champion"
    assert tags["nightshift.features"] == "weight, town"
    assert tags["nightshift.window"] == "28"
    assert tags["nightshift.snapshot_sha256"] == walked.ledger.in_production("tiny").snapshot


def test_the_first_model_has_no_champion_to_beat_and_level_gates_hold(workspace, tiny):
    path = tiny / "pipelines" / "tiny.yaml"
    path.write_text(path.read_text().replace("metric: roc_auc, value: 0.6", "metric: roc_auc, value: 0.99"))
    run = workspace.run("tiny", DAY)
    do = InProcess(run)
    decision = lines.nightly(do)
    assert decision.kinds[0] == "first model"
    assert lines.retrain(do, decision) is None
    verdict = from_json(workspace.ledger.output("tiny", DAY, "gate"))
    assert [f.gate for f in verdict.findings if not f.passed] == ["at_least"]
    assert "nothing is in Production" in from_json(workspace.ledger.output("tiny", DAY, "announce")).subject
    assert workspace.registry.stages("tiny") == {}


def test_what_was_rolled_back_is_refused_when_the_same_is_trained_again(nights):
    from ml import stages

    workspace = nights.after(2)
    run = workspace.run("tiny", DAY + timedelta(days=1))
    assert stages.roll_back(run, None, "late parcels look early", "ada").version == 1
    assert walk(workspace, DAY + timedelta(days=1)) is None
    (objection,) = from_json(workspace.ledger.output("tiny", run.day, "gate")).objections
    assert "rolled back" in objection
    assert "late parcels look early" in objection
    assert workspace.registry.production("tiny").version == 1


def test_two_runs_of_one_day_at_once_are_told_apart(workspace):
    run = workspace.run("tiny", DAY)
    with (
        workspace.ledger.attempt("tiny", DAY, "pull"),
        pytest.raises(ServiceUnavailable, match="pull of tiny 2013-06-01"),
    ):
        perform(run, steps.pull)


def test_a_quarantined_day_asks_for_no_retrain_and_mails_why(workspace, tiny):
    from tests.tiny import write_day

    write_day(tiny.parent / "data", DAY, rows=5)
    decision = lines.nightly(InProcess(workspace.run("tiny", DAY)))
    assert not decision.retrain
    assert "quarantined" in decision.against[0]
    assert len(list((workspace.lake.root.parent / "mails").rglob("*.eml"))) == 1


@pytest.mark.parametrize(("unproven", "asked"), [("wait", False), ("retrain", True)])
def test_a_drift_beyond_the_limit_is_a_mail_and_a_reason_once_it_is_proven(nights, unproven, asked):
    """One column alone moved: that waits for its owner, unless the YAML says otherwise."""
    from tests.tiny import write_day

    workspace = nights.after(1)
    path = workspace.pipelines / "tiny.yaml"
    path.write_text(f"{path.read_text()}diagnosis: {{unproven: {unproven}}}\n")
    for n in range(1, 4):
        write_day(nights.tiny / "data", DAY + timedelta(days=n), heavier=40)
    later = workspace.run("tiny", DAY + timedelta(days=3))
    kinds = [r.kind for r in lines.nightly(InProcess(later)).reasons]
    assert ("drift" in kinds) is asked
    assert from_json(workspace.ledger.output("tiny", later.day, "notify")).kind == "drift"
    doubts = from_json(workspace.ledger.output("tiny", later.day, "diagnose")).doubts
    assert doubts == ("weight moved alone, as it does when its feed breaks",)


def test_nothing_to_train_on_is_said(workspace):
    run = workspace.run("tiny", DAY)
    decision = steps.request(run, None, "too early", False, "ada")
    with pytest.raises(NoData, match="there is nothing to train on"):
        steps.snapshot(run, decision)


def test_a_refit_that_is_another_model_is_not_promoted_and_the_owner_is_told_why(workspace, monkeypatch):
    from ml import training

    fit, calls = training.fit, []

    def shuffling_the_second_time(model, frame):
        calls.append(len(frame))
        labels = frame[model.label].sample(frac=1, random_state=0).to_numpy()
        return fit(model, frame.assign(**{model.label: labels}) if len(calls) > 1 else frame)

    monkeypatch.setattr(training, "fit", shuffling_the_second_time)
    assert walk(workspace) is None
    assert (workspace.registry.aliases("tiny"), workspace.registry.stages("tiny")) == ({}, {})
    ledger = workspace.ledger
    refitted = from_json(ledger.output("tiny", DAY, "refit"))
    assert refitted.version is None
    against = [f.sentence for f in refitted.findings if not f.passed]
    assert any("the judged model's, which had not seen them" in sentence for sentence in against)
    mail = from_json(ledger.output("tiny", DAY, "announce"))
    assert mail.subject == "tiny: challenger refused, nothing is in Production"
    assert against[0] in " ".join(mail.text.split())


def test_a_refit_that_was_refused_is_tried_anew_when_the_step_is_done_again(workspace, monkeypatch):
    from ml import refits

    monkeypatch.setattr(refits, "findings", lambda *_: [Finding(gate="refit", passed=False, sentence="not this time")])
    walk(workspace)
    monkeypatch.undo()
    run = workspace.run("tiny", DAY)
    for name in ("refit", "try_out", "ask", "approve", "promote"):
        drawn, inputs = stored_inputs(run, name)
        perform(run, drawn.step, *inputs)
    assert workspace.registry.aliases("tiny")["production"] == 1


def test_a_night_that_has_nothing_to_tell_sends_what_waits(workspace):
    workspace.ledger.migrate()
    waits = Alert(pipeline="tiny", day=DAY, kind="drift", key="tiny/waits", subject="s", text="t", html="h")
    workspace.ledger.enqueue(waits)
    sent = perform(workspace.run("tiny", DAY), steps.deliver, None)
    assert (sent, workspace.ledger.pending()) == (waits, [])
    assert perform(workspace.run("tiny", DAY + timedelta(days=1)), steps.deliver, None) is None
