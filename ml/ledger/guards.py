"""Triggers that keep the books of facts append-only, whoever asks the database and with what.

``steps`` is half a book of facts: an attempt may be written on while it runs, and never after its end. A prediction
is never changed, but goes when its time is over. Not guarded are ``alerts``, whose rows are a queue, ``callers``, a
register whose rows say when somebody asked last, and ``feature_values``, a copy of the newest feature table.
"""

import sqlalchemy as sa

from ml.ledger.tables import (
    answers,
    batches,
    calibrations,
    decisions,
    drift,
    estimates,
    feature_tables,
    outcomes,
    performance,
    predictions,
    promotions,
    quarantine_acts,
    questions,
    removals,
    settlements,
    steps,
    tryout_verdicts,
    tryouts,
    weighings,
)

_CHAINED = (decisions, promotions, quarantine_acts, answers)
_KEPT = (
    questions,
    settlements,
    calibrations,
    batches,
    drift,
    removals,
    outcomes,
    performance,
    estimates,
    feature_tables,
    tryouts,
    tryout_verdicts,
    weighings,
)
FACTS = tuple(table.name for table in (*_CHAINED, *_KEPT))
UNCHANGED = (predictions.name,)
GUARDED = (*FACTS, steps.name, *UNCHANGED)

_BODY = """
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
    MESSAGE = TG_TABLE_NAME || ' is append-only: its rows are never changed or deleted';
END
"""
_FUNCTION = f"CREATE OR REPLACE FUNCTION nightshift_append_only() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$"
_IN_FORCE = """
SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = current_schema()::regnamespace AND t.tgenabled = 'A'
  AND p.proname = 'nightshift_append_only' AND p.prosrc = :body
"""
_ENDED = "old.outcome <> 'running'"


def missing(connection: sa.Connection) -> list[str]:
    """The books that are not wholly guarded: a trigger is gone, switched off, or another one."""
    wanted, found = _wanted(connection), _found(connection)
    return [book for book in GUARDED if any(name.startswith(f"{book}_") for name in set(wanted) - found)]


def set_up(connection: sa.Connection) -> None:
    """Guard the books that are not; nothing is locked where all are."""
    for book in missing(connection):
        _set_up(connection, book)


def _set_up(connection: sa.Connection, book: str) -> None:
    on_server = _on_server(connection)
    if on_server:
        connection.exec_driver_sql(_FUNCTION)
    for name, statement in _wanted(connection).items():
        if name.startswith(f"{book}_"):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {book}" if on_server else ""))
            connection.exec_driver_sql(statement)
            if on_server:
                # also in a session that replays another server's rows
                connection.exec_driver_sql(f"ALTER TABLE {book} ENABLE ALWAYS TRIGGER {name}")


def _on_server(connection: sa.Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _wanted(connection: sa.Connection) -> dict[str, str]:
    """The statement of each trigger by its name."""
    made = _server_triggers if _on_server(connection) else _file_triggers
    return {name: " ".join(text.split()) for book in GUARDED for name, text in made(book).items()}


def _server_triggers(book: str) -> dict[str, str]:
    when = f"WHEN ({_ENDED})" if book == steps.name else ""
    does = "EXECUTE FUNCTION nightshift_append_only()"
    no_update = f"CREATE TRIGGER {book}_no_update BEFORE UPDATE ON {book} FOR EACH ROW {when} {does}"
    if book in UNCHANGED:
        return {f"{book}_no_update": no_update}
    return {
        f"{book}_no_update": no_update,
        f"{book}_no_delete": f"CREATE TRIGGER {book}_no_delete BEFORE DELETE ON {book} FOR EACH ROW {does}",
        f"{book}_no_truncate": f"CREATE TRIGGER {book}_no_truncate BEFORE TRUNCATE ON {book} {does}",
    }


def _file_triggers(book: str) -> dict[str, str]:
    when = f"WHEN {_ENDED}" if book == steps.name else ""
    # INSERT OR REPLACE deletes without a trigger of DELETE (https://sqlite.org/lang_conflict.html)
    taken = f"WHEN EXISTS (SELECT 1 FROM {book} WHERE id = new.id)"  # noqa: S608  a name of ours
    does = f"BEGIN SELECT RAISE(ABORT, '{book} is append-only: its rows are never changed or deleted'); END"
    no_update = f"CREATE TRIGGER {book}_no_update BEFORE UPDATE ON {book} {when} {does}"
    if book in UNCHANGED:
        return {f"{book}_no_update": no_update}
    return {
        f"{book}_no_update": no_update,
        f"{book}_no_delete": f"CREATE TRIGGER {book}_no_delete BEFORE DELETE ON {book} {does}",
        f"{book}_no_replace": f"CREATE TRIGGER {book}_no_replace BEFORE INSERT ON {book} {taken} {does}",
    }


def _found(connection: sa.Connection) -> set[str]:
    """The names of the triggers that are there and in force."""
    if _on_server(connection):
        return set(connection.execute(sa.text(_IN_FORCE), {"body": _BODY}).scalars())
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    wanted = _wanted(connection)
    return {name for name, text in rows if " ".join(text.split()) == wanted.get(name)}
