"""The mails about rows that break their contract: a day set aside, a day mended, rows refused."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from ml.messages.exhibit import Exhibit, rule_name, shown
from ml.messages.letter import Commands, Letter, Links, Part, Row, Table, listed, sentence, shortened
from ml.messages.post import post
from ml.records import Alert, Batch, Decision, Violation

MOST_RULES = 8
HEADLINE = 69


def quarantine_alert(
    batch: Batch,
    decision: Decision | None,
    links: Links,
    exhibits: Sequence[Exhibit] = (),
    *,
    until: date,
    others: int = 0,
) -> Alert:
    """What is wrong with the day's rows, the rules that stop the day first; the same rules again are no other mail.

    ``decision`` is that of the day's own night, None when a later night set the day aside. ``until`` is the last
    night that reads the day again; ``others`` is how many other days wait.
    """
    return post(_letter(batch, decision, links, exhibits, until, others), "quarantine", _set_aside(batch))


def mended_alert(batch: Batch, before: Batch, links: Links) -> Alert:
    """That a day which waited in quarantine as ``before`` keeps its contract by now."""
    letter = Letter(
        pipeline=batch.pipeline,
        day=batch.day,
        tone="good",
        headline=shortened(f"{batch.pipeline}: {batch.day} is mended and accepted", HEADLINE),
        happened=f"{batch.day} waited in quarantine; read again, its {batch.rows:,} rows keep the contract.",
        why="".join(f"It had been set aside for {_named(violation)}" for violation in _telling(before)[:1]),
        todo="There is nothing to do: the day is in the next window and the next reference.",
        parts=(),
        links=links,
    )
    return post(letter, "quarantine", _mended(before))


def refused_alert(batch: Batch, links: Links, exhibits: Sequence[Exhibit] = ()) -> Alert:
    """That an accepted day lost more of its rows than days do."""
    rows = batch.rows + batch.refused
    letter = Letter(
        pipeline=batch.pipeline,
        day=batch.day,
        tone="warning",
        headline=shortened(f"{batch.pipeline}: {batch.refused:,} rows of {batch.day} are refused", HEADLINE),
        happened=f"{batch.refused:,} of {rows:,} rows of {batch.day} were refused ({batch.refused / rows:.1%}); "
        "the others are accepted.",
        why=_why(batch),
        todo=f"Look whether {_upstream(batch)} has broken: with some more rows like these the whole day is set aside. "
        "While that goes on there is no second mail about it.",
        parts=(_table(batch), *shown(exhibits), _refused_commands(batch)),
        links=links,
    )
    return post(letter, "quarantine", "refused")


def set_aside_key(batch: Batch) -> str:
    """The key of the alert of a quarantined day: another one when other rules stop it."""
    return f"{batch.pipeline}/{batch.day}/{_set_aside(batch)}"


def mended_key(before: Batch) -> str:
    """The key of the alert of a day that waited as ``before``."""
    return f"{before.pipeline}/{before.day}/{_mended(before)}"


def _set_aside(batch: Batch) -> str:
    stops = "\n".join(sorted(violation.key for violation in batch.stops))
    return f"quarantine/{sha256(stops.encode()).hexdigest()[:16]}"


def _mended(before: Batch) -> str:
    return f"mended/{before.fingerprint[:16]}"


def ordered(batch: Batch) -> list[Violation]:
    """The broken rules: those that stop the day first, of whole tables before single columns; then by their rows."""
    return sorted(batch.violations, key=_weight)


def _weight(violation: Violation) -> tuple[object, ...]:
    # that too many rows are refused, or have no partner, follows from what is wrong with them, or with the partners
    follows = violation.rule in ("refused", "unjoined", "joins")
    return (not violation.stops, follows, violation.column is not None, -violation.rows, violation.key)


def _letter(
    batch: Batch, decision: Decision | None, links: Links, exhibits: Sequence[Exhibit], until: date, others: int
) -> Letter:
    return Letter(
        pipeline=batch.pipeline,
        day=batch.day,
        tone="bad",
        headline=_headline(batch),
        happened=_happened(batch, decision),
        why=_why(batch),
        todo=_todo(batch, until),
        parts=(*_tables(batch), *shown(exhibits), _commands(batch, others)),
        links=links,
    )


def _headline(batch: Batch) -> str:
    """As much of the broken rules as a subject has room for."""
    what = f"{batch.pipeline}: {batch.day} is quarantined"
    found = [rule_name(violation) for violation in _telling(batch)]
    named = [f"{what}: {found[0]}"] if found else []
    counted = [f"{what}: {found[0]} and {len(found) - 1} more"] if len(found) > 1 else []
    fitting = (line for line in (*counted, *named, what) if len(line) <= HEADLINE)
    return next(fitting, shortened(what, HEADLINE))


def _happened(batch: Batch, decision: Decision | None) -> str:
    aside = f"The {batch.rows:,} rows of {batch.day} were set aside"
    if decision is None:
        return f"{aside}: what upstream sends for that day has changed. No model will learn from them any more."
    held = "; no retrain starts, and the model in Production stays" if not decision.retrain else ""
    return f"{aside}, and no model will learn from them{held}."


def _why(batch: Batch) -> str:
    found = _telling(batch)
    if not found:
        return "They broke the contract."
    more = f" {len(found) - 1} more broken rule{'s' if len(found) > 2 else ''} below." if len(found) > 1 else ""
    return f"The broken rule is {_named(found[0])}{more}"


def _telling(batch: Batch) -> list[Violation]:
    """The broken rules as they are told; that too many rows are refused says less than for what most of them are."""
    found = ordered(batch)
    worst = next((v for v in found if not v.stops), None)
    if worst and found[0].rule == "refused":
        found = [worst, *(v for v in found if v is not worst)]
    return found


def _named(violation: Violation) -> str:
    return f"{rule_name(violation)}: {sentence(_said(violation))}"


def _said(violation: Violation) -> str:
    """The sentence beside the rule's name, which has the column already, with the owner's reason for the rule."""
    what = shortened(violation.sentence.removeprefix(f"{violation.column}: "), 200)
    return f"{what} ({shortened(violation.why, 120)})" if violation.why else what


def _todo(batch: Batch, until: date) -> str:
    return (
        f"Mend {_upstream(batch)}: until the night of {until} the day is read again each night, and accepted by itself "
        "once its rows keep the contract. Or decide yourself, with one of the commands below."
    )


def _upstream(batch: Batch) -> str:
    """What has to be mended, by name where the rules know it."""
    tables = tuple(dict.fromkeys(v.table for v in ordered(batch) if v.table))
    if not tables:
        return "the data upstream"
    return f"the upstream table{'s' if len(tables) > 1 else ''} {listed(tables)}"


def _tables(batch: Batch) -> tuple[Part, ...]:
    return (_table(batch),) if batch.violations else ()


def _table(batch: Batch) -> Table:
    found = ordered(batch)
    mixed = len(batch.stops) not in (0, len(found))
    rows = [_row(violation, mixed) for violation in found[:MOST_RULES]]
    if len(found) > MOST_RULES:
        rows.append(Row(("…", f"and {len(found) - MOST_RULES} more broken rules", "")))
    return Table("What the rows break", ("rule", "what is wrong", "rows"), tuple(rows), words=2)


def _row(violation: Violation, mixed: bool) -> Row:
    count = f"{violation.rows:,}" if violation.rows else ""
    stops = " (stops the day)" if violation.stops and mixed else ""
    return Row((rule_name(violation) + stops, _said(violation), count))


def _commands(batch: Batch, others: int) -> Commands:
    items = [
        ("See the rows, with everything that is wrong with each", _command("show", batch)),
        ("The rows are right as they are: let the day in", _command("release", batch, ' --why "…"')),
        ("They will never be right: give the day up for good", _command("discard", batch, ' --why "…"')),
    ]
    if batch.refused:
        items.insert(
            2, ("So are its refused rows: let them in as well", _command("release", batch, ' --rows --why "…"'))
        )
    if others:
        more = f"{others:,} more {'days wait' if others > 1 else 'day waits'} in quarantine: see which"
        items.append((more, f"nightshift quarantine list {batch.pipeline}"))
    return Commands("What you can do", tuple(items))


def _refused_commands(batch: Batch) -> Commands:
    items = (
        ("See all refused rows, with everything that is wrong with each", _command("show", batch)),
        ("The rows are right as they are: let them in", _command("release", batch, ' --rows --why "…"')),
    )
    return Commands("What you can do", items)


def _command(act: str, batch: Batch, more: str = "") -> str:
    return f"nightshift quarantine {act} {batch.pipeline} --day {batch.day}{more}"
