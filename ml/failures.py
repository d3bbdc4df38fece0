"""A run that failed for good is told to its owner: once, with the reason that the ledger kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ml import messages, provenance, steps
from ml.messages import Broken, Failure
from ml.records import Alert, RollbackRequest, from_json
from ml.workspace import Run

if TYPE_CHECKING:
    from ml.ledger import StepRow

FAILED = "failed"
NEVER_RAN = "upstream_failed"


def tell(
    run: Run, line: str, run_id: str, states: Mapping[str, str], said: Mapping[str, str] | None = None
) -> Alert | None:
    """Put the mail about a failed run into the outbox and send it, with every older one that waits; None if none is.

    ``line`` is one of ``ml.lines``, or ``housekeeping``; ``run_id`` names the run in ``Run.external`` of its steps, and
    ``states`` is how each of them ended, in order: ``failed``, ``upstream_failed`` (it never ran), or anything else.
    ``said`` holds the sentences of those that leave none in the ledger.

    Raises
    ------
    ServiceUnavailable
        The ledger or the mail server did not answer; trying again sends what is missing.
    ConfigError
        A recipient was refused for good; everybody else has been told.
    """
    if FAILED not in states.values():
        return None
    attempts = _attempts(run, run_id, [name for name, state in states.items() if state == FAILED])
    links = replace(provenance.links(run), airflow=_log(attempts) or provenance.links(run).airflow)
    alert = messages.failure_alert(_failure(run, line, run_id, states, attempts, said or {}), links)
    run.workspace.ledger.enqueue(alert)
    return steps.deliver(run, alert)


def _failure(
    run: Run,
    line: str,
    run_id: str,
    states: Mapping[str, str],
    attempts: Mapping[str, Sequence[StepRow]],
    said: Mapping[str, str],
) -> Failure:
    promotions = run.workspace.ledger.promotions(run.name)
    serving = promotions[-1] if promotions else None
    return Failure(
        pipeline=run.name,
        day=run.day,
        line=line,
        run_id=run_id,
        broken=tuple(_broken(name, rows, said.get(name)) for name, rows in attempts.items()),
        undone=tuple(name for name, state in states.items() if state == NEVER_RAN),
        serving=serving,
        promoted=serving is not None and serving.day == run.day and _moved(states),
        asked=next((asked for rows in attempts.values() for asked in _requests(rows)), None),
    )


def _moved(states: Mapping[str, str]) -> bool:
    return "success" in (states.get("promote"), states.get("rollback"))


def _requests(rows: Sequence[StepRow]) -> Iterator[RollbackRequest]:
    """The rollbacks that these attempts were given to do."""
    given = (from_json(each) for row in rows for each in row.inputs if "record" in each)
    yield from (record for record in given if isinstance(record, RollbackRequest))


def _attempts(run: Run, run_id: str, names: Sequence[str]) -> dict[str, list[StepRow]]:
    """The attempts that this run made at each of the steps, oldest first."""
    rows = [row for row in run.workspace.ledger.step_rows(run.name) if row.external.get("run_id") == run_id]
    return {name: [row for row in rows if row.external.get("task_id") == name] for name in names}


def _broken(name: str, attempts: Sequence[StepRow], said: str | None) -> Broken:
    return Broken(name, attempts[-1].error if attempts else said, max(len(attempts), 1))


def _log(attempts: Mapping[str, Sequence[StepRow]]) -> str | None:
    """The page of the first failed step's newest attempt."""
    return next((rows[-1].external.get("url") for rows in attempts.values() if rows), None)
