"""The lines, each drawn once: the two of a night, one for the coming day, and two that move Production without a night.

A line names its steps in order and knows nothing of who walks it: ``do`` calls the step at once (CLI, test,
notebook), or makes an Airflow task of it. So a line never looks at a result: no ``if`` here; decisions live in steps.
"""

from typing import Any, Protocol

from ml import steps


class Do(Protocol):
    """Walks one step: gives its result, or a promise of it."""

    def __call__(self, step: Any, *inputs: Any) -> Any: ...


def nightly(do: Do) -> Any:
    """Pull the day, check it, learn what came true, compare it with the past, decide whether to retrain, tell."""
    batch = do(steps.pull)
    checked = do(steps.validate, batch)
    matured = do(steps.mature, checked)
    moved = do(steps.fall_back, matured)
    features = do(steps.materialise, checked)
    calibration = do(steps.calibrate, checked, features)
    report = do(steps.detect, checked, calibration)
    diagnosis = do(steps.diagnose, report, calibration)
    decision = do(steps.decide, checked, report, diagnosis, matured)
    alert = do(steps.notify, checked, report, diagnosis, decision, moved)
    do(steps.deliver, alert)
    return decision


def retrain(do: Do, decision: Any) -> Any:
    """Freeze the rows, fit a challenger, compare it, refit what passes, try it out, ask, promote, tell the owner."""
    snapshot = do(steps.snapshot, decision)
    candidate = do(steps.train, snapshot)
    evaluation = do(steps.evaluate, candidate)
    verdict = do(steps.gate, evaluation, candidate)
    refitted = do(steps.refit, decision, candidate, verdict)
    tried = do(steps.try_out, refitted, evaluation)
    question = do(steps.ask, tried, evaluation, decision)
    do(steps.invite, question, evaluation, verdict, decision)
    approval = do(steps.approve, question)
    promotion = do(steps.promote, tried, verdict, approval)
    alert = do(steps.announce, decision, evaluation, verdict, tried, approval, promotion)
    do(steps.deliver, alert)
    return promotion


def score(do: Do) -> Any:
    """Read the coming day's rows, hold them against the contract, and score them before anybody knows what happens."""
    ahead = do(steps.look_ahead)
    return do(steps.score, ahead)


def rollback(do: Do, request: Any) -> Any:
    """Put an earlier version back into Production, and tell the owner."""
    move = do(steps.rollback, request)
    alert = do(steps.tell, move)
    do(steps.deliver, alert)
    return move


def reconcile(do: Do) -> Any:
    """Notice what somebody changed in MLflow past the gates, and tell the owner."""
    alert = do(steps.reconcile)
    do(steps.deliver, alert)
    return alert
