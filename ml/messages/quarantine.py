"""The mail about a day whose rows broke their contract."""

from ml.messages.letter import Letter, Links, Row, Table, sentence, shortened
from ml.messages.post import post
from ml.records import Alert, Batch, Decision, Violation

MOST_RULES = 15


def quarantine_alert(batch: Batch, decision: Decision, links: Links) -> Alert:
    """What is wrong with the day's rows, the rule that most rows break first."""
    return post(_letter(batch, decision, links), "quarantine", f"quarantine/{batch.fingerprint[:16]}")


def _letter(batch: Batch, decision: Decision, links: Links) -> Letter:
    count = len(batch.violations)
    return Letter(
        pipeline=batch.pipeline,
        day=batch.day,
        tone="bad",
        headline=f"{batch.pipeline}: the data of {batch.day} is quarantined",
        happened=f"The {batch.rows:,} rows of {batch.day} were set aside, and no model will learn from them.",
        why=_why(batch),
        todo=_todo(batch, decision),
        parts=(_table(batch),) if count else (),
        links=links,
    )


def _why(batch: Batch) -> str:
    count = len(batch.violations)
    if count == 0:
        return "They broke the contract."
    first = sentence(shortened(_ordered(batch)[0].sentence, 200))
    return f"They break {count} rule{'s' if count > 1 else ''} of the contract: {first}"


def _todo(batch: Batch, decision: Decision) -> str:
    held = "No retrain starts, and the model in Production stays. " if not decision.retrain else ""
    return (
        f"{held}Mend the data upstream, or the contract if the world has changed, then run "
        f"`nightshift nightly {batch.pipeline} --day {batch.day}`."
    )


def _ordered(batch: Batch) -> list[Violation]:
    return sorted(batch.violations, key=lambda violation: -violation.rows)


def _table(batch: Batch) -> Table:
    found = _ordered(batch)
    rows = [_row(violation) for violation in found[:MOST_RULES]]
    if len(found) > MOST_RULES:
        rows.append(Row(("…", f"and {len(found) - MOST_RULES} more broken rules", "")))
    return Table("What the rows break", ("column", "what is wrong", "rows"), tuple(rows), words=2)


def _row(violation: Violation) -> Row:
    count = f"{violation.rows:,}" if violation.rows else ""
    return Row((violation.column or "the whole day", shortened(violation.sentence, 200), count))
