"""The outbox: every mail that was owed has reached its readers."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ml.audit.discrepancy import Checked, Discrepancy
from ml.audit.scope import Scope

if TYPE_CHECKING:
    from ml.ledger import AlertRow

PATIENCE = timedelta(hours=6)


def mails(scope: Scope) -> Checked:
    """No mail was given up, and none has waited for more than six hours."""
    unsent = scope.place.ledger.unsent(scope.pipeline)
    stuck = [row for row in unsent if row.state == "failed" or datetime.now(UTC) - row.at > PATIENCE]
    said = f"{len(unsent):,} {'waits' if len(unsent) == 1 else 'wait'} in the outbox" if unsent else "all are sent"
    return Checked("mails", said, tuple(_stuck(scope, row) for row in stuck))


def _stuck(scope: Scope, row: "AlertRow") -> Discrepancy:
    state = "was given up" if row.state == "failed" else "waits"
    tries = f"{row.tries} {'try' if row.tries == 1 else 'tries'}"
    why = f": {row.last_error}" if row.last_error else ""
    return Discrepancy(
        f"{scope.pipeline} {row.alert.day}: the mail {row.alert.subject!r} {state} since {row.at:%Y-%m-%d %H:%M} UTC, "
        f"after {tries}{why}",
        _mend(scope, row),
    )


def _mend(scope: Scope, row: "AlertRow") -> str:
    """A mail that waits goes with the next one; one that was given up goes with the step that gave it up."""
    again = f"nightshift step deliver {scope.pipeline} --day {row.alert.day}"
    if row.state == "failed" and row.alert.kind == "result":
        again = f"clear the task deliver of {scope.pipeline}_retrain {row.alert.day} in Airflow"
    return f"set right what the sentence says, then: {again}"
