"""Who was told of it, and every attempt at every step: when, by which code, on which machine, in which DAG run."""

from typing import TYPE_CHECKING, Any

from ml.account.section import Section, table
from ml.account.traces import Traces

if TYPE_CHECKING:
    from ml.ledger import AlertRow, StepRow

_SHOWN = ("dag_id", "run_id", "task_id", "try_number")


def mails(traces: Traces) -> Section | None:
    """The mails about the day; None when nobody was owed one."""
    if not traces.alerts:
        return None
    rows = (
        (row.alert.kind, row.state, _sent(row), ", ".join(row.delivered), row.alert.subject) for row in traces.alerts
    )
    parts = (table("", ("kind", "state", "when", "to", "subject"), rows, words=5),)
    return Section("mails", parts, {"mails": [_mail(row) for row in traces.alerts]})


def attempts(traces: Traces) -> Section | None:
    """Every attempt, oldest first."""
    head = ("step", "no", "outcome", "began (UTC)", "seconds", "code", "host", "pid")
    own = table("", head, map(_row, traces.attempts), words=4)
    where = {_external(row) for row in traces.attempts} - {""}
    ids = table("walked by", ("Airflow",), ((line,) for line in sorted(where))) if where else None
    said = [f"{row.step} {row.attempt}: {row.error}" for row in traces.attempts if row.outcome == "failed"]
    failed = table("failures", ("what it said",), ((line,) for line in said)) if said else None
    parts = tuple(part for part in (own, failed, ids) if part is not None)
    return Section("attempts", parts, {"attempts": [_attempt(row) for row in traces.attempts]})


def _sent(row: "AlertRow") -> str:
    at = row.sent_at or row.at
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _mail(row: "AlertRow") -> dict[str, Any]:
    return {
        "key": row.alert.key,
        "kind": row.alert.kind,
        "subject": row.alert.subject,
        "state": row.state,
        "tries": row.tries,
        "delivered": list(row.delivered),
        "last_error": row.last_error,
        "at": row.at.isoformat(),
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
    }


def _row(row: "StepRow") -> tuple[str, ...]:
    seconds = "" if row.seconds is None else f"{row.seconds:.1f}"
    code = row.code_version[:12] + ("-dirty" if row.code_version.endswith("-dirty") else "")
    began = f"{row.started:%Y-%m-%d %H:%M:%S}"
    return row.step, str(row.attempt), row.outcome, began, seconds, code, row.host, str(row.pid)


def _external(row: "StepRow") -> str:
    return ", ".join(f"{name} {row.external[name]}" for name in _SHOWN[:2] if name in row.external)


def _attempt(row: "StepRow") -> dict[str, Any]:
    return {
        "step": row.step,
        "attempt": row.attempt,
        "outcome": row.outcome,
        "started": row.started.isoformat(),
        "ended": row.ended.isoformat() if row.ended else None,
        "code_version": row.code_version,
        "host": row.host,
        "pid": row.pid,
        "external": row.external,
        "error": row.error,
    }
