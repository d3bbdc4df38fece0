"""The tables of the ledger as SQLAlchemy sees them; the migrations make them, and a test compares the two."""

from datetime import date

import sqlalchemy as sa

from ml.ledger.types import Json, Number, Utc, Words

metadata = sa.MetaData()


def _id() -> "sa.Column[int]":
    return sa.Column("id", Number, primary_key=True, autoincrement=True)


def _of_day() -> tuple["sa.Column[str]", "sa.Column[date]"]:
    return sa.Column("pipeline", sa.String(64), nullable=False), sa.Column("day", sa.Date, nullable=False)


def _of_version() -> tuple["sa.Column[str]", "sa.Column[date]", "sa.Column[str]", "sa.Column[int]"]:
    """A version before Production: the data day it was asked for, and the run that made it."""
    run_id, version = (
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    return *_of_day(), run_id, version


def _chain(book: str) -> tuple["sa.Column[str]", "sa.Column[str]", sa.Index]:
    """The row as it was written, and the hash over it and the row before it (see ``ml.seals``)."""
    sealed, hashed = sa.Column("sealed", Words, nullable=False), sa.Column("hash", sa.String(64), nullable=False)
    return sealed, hashed, sa.Index(f"{book}_hash", "hash", unique=True)


steps = sa.Table(
    "steps",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("step", sa.String(64), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("ended", Utc),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("inputs", Json, nullable=False),
    sa.Column("output", Json),
    sa.Column("error", Words),
    sa.Column("code_version", sa.String(80), nullable=False),
    sa.Column("host", Words, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("external", Json, nullable=False),
    sa.UniqueConstraint("pipeline", "day", "step", "attempt", name="steps_attempt"),
)

batches = sa.Table(
    "batches",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("rows", Number, nullable=False),
    sa.Column("uri", Words, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("refused", Number, nullable=False),
    sa.Column("refused_uri", Words),
    sa.Column("violations", Json, nullable=False),
    sa.Column("upstream", Json, nullable=False),
    sa.Column("profile", Words),
    sa.Column("seen", Json),
    sa.Column("at", Utc, nullable=False),
    sa.Index("batches_day", "pipeline", "day", "id"),
)

quarantine_acts = sa.Table(
    "quarantine_acts",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("act", sa.String(16), nullable=False),
    sa.Column("by", Words, nullable=False),
    sa.Column("why", Words, nullable=False),
    sa.Column("rules", Json, nullable=False),
    sa.Column("at", Utc, nullable=False),
    *_chain("quarantine_acts"),
    sa.Index("quarantine_acts_day", "pipeline", "day", "id"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("retrain", sa.Boolean, nullable=False),
    sa.Column("reasons", Json, nullable=False),
    sa.Column("against", Json, nullable=False),
    sa.Column("window", sa.Integer),
    sa.Column("dry_run", sa.Boolean, nullable=False),
    sa.Column("by", Words, nullable=False),
    sa.Column("at", Utc, nullable=False),
    *_chain("decisions"),
    sa.Index("decisions_day", "pipeline", "day", "id"),
)

promotions = sa.Table(
    "promotions",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("previous", sa.Integer),
    sa.Column("run_id", sa.String(64), nullable=False),
    sa.Column("snapshot", Words, nullable=False),
    sa.Column("by", Words, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("why", Words, nullable=False),
    sa.Column("recipe", sa.String(64)),
    sa.Column("at", Utc, nullable=False),
    *_chain("promotions"),
    sa.Index("promotions_at", "pipeline", "at", "id"),
)

settlements = sa.Table(
    "settlements",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("promotion", Number, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.UniqueConstraint("promotion", name="settlements_promotion"),
)

questions = sa.Table(
    "questions",
    metadata,
    _id(),
    *_of_version(),
    sa.Column("champion_version", sa.Integer),
    sa.Column("reasons", Json, nullable=False),
    sa.Column("users", Json, nullable=False),
    sa.Column("deadline", Utc, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.UniqueConstraint("pipeline", "version", name="questions_version"),
)

answers = sa.Table(
    "answers",
    metadata,
    _id(),
    *_of_version(),
    sa.Column("answer", sa.String(16), nullable=False),
    sa.Column("by", Words, nullable=False),
    sa.Column("why", Words, nullable=False),
    sa.Column("at", Utc, nullable=False),
    *_chain("answers"),
    sa.Index("answers_version", "pipeline", "version", "id"),
)

tryouts = sa.Table(
    "tryouts",
    metadata,
    _id(),
    *_of_version(),
    sa.Column("champion_version", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("share", sa.Float, nullable=False),
    sa.Column("metric", sa.String(64), nullable=False),
    sa.Column("alpha", sa.Float, nullable=False),
    sa.Column("undecided", sa.String(16), nullable=False),
    sa.Column("deadline", Utc, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.UniqueConstraint("pipeline", "version", name="tryouts_version"),
)

tryout_verdicts = sa.Table(
    "tryout_verdicts",
    metadata,
    _id(),
    *_of_version(),
    sa.Column("passed", sa.Boolean, nullable=False),
    sa.Column("by", sa.String(16), nullable=False),
    sa.Column("why", Words, nullable=False),
    sa.Column("worse_by", sa.Float),
    sa.Column("interval", Json),
    sa.Column("rows", Number, nullable=False),
    sa.Column("blocks", sa.Integer, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.UniqueConstraint("pipeline", "version", name="tryout_verdicts_version"),
)

drift = sa.Table(
    "drift",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("reference_first", sa.Date, nullable=False),
    sa.Column("reference_last", sa.Date, nullable=False),
    sa.Column("current_first", sa.Date, nullable=False),
    sa.Column("current_last", sa.Date, nullable=False),
    sa.Column("reference_rows", Number, nullable=False),
    sa.Column("current_rows", Number, nullable=False),
    sa.Column("columns", Json, nullable=False),
    sa.Column("html", Words),
    sa.Column("alarm", sa.Boolean, nullable=False),
    sa.Column("calibration", Words),
    sa.Column("notes", Json, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Index("drift_day", "pipeline", "day", "id"),
)

calibrations = sa.Table(
    "calibrations",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("asked", sa.Integer, nullable=False),
    sa.Column("sentence", Words, nullable=False),
    sa.Column("settings", sa.String(64), nullable=False),
    sa.Column("calendar", sa.String(64), nullable=False),
    sa.Column("data", sa.String(64), nullable=False),
    sa.Column("first", sa.Date),
    sa.Column("last", sa.Date),
    sa.Column("nights", sa.Integer, nullable=False),
    sa.Column("blocks", sa.Integer, nullable=False),
    sa.Column("alarms", sa.Integer, nullable=False),
    sa.Column("interval", Json, nullable=False),
    sa.Column("level", sa.Float),
    sa.Column("thresholds", Json, nullable=False),
    sa.Column("uri", Words),
    sa.Column("expires", sa.Date, nullable=False),
    sa.Column("code_version", sa.String(80), nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Index("calibrations_day", "pipeline", "day", "id"),
)

callers = sa.Table(
    "callers",
    metadata,
    _id(),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("by", Words, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("revoked", Utc),
    sa.Column("revoked_by", Words),
    sa.Column("seen", Utc),
    # a name may come back after its caller was revoked
    sa.Index(
        "callers_name",
        "name",
        unique=True,
        postgresql_where=sa.text("revoked IS NULL"),
        sqlite_where=sa.text("revoked IS NULL"),
    ),
)

predictions = sa.Table(
    "predictions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("pipeline", sa.String(64), nullable=False),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("caller", Words),
    sa.Column("at", Utc, nullable=False),
    sa.Column("key", Json, nullable=False),
    sa.Column("event_time", sa.DateTime),
    sa.Column("probability", sa.Float, nullable=False),
    sa.Column("features", Json),
    sa.Index("predictions_day", "pipeline", "day"),
    postgresql_partition_by="RANGE (day)",
)

outcomes = sa.Table(
    "outcomes",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("night", sa.Date, nullable=False),
    sa.Column("predictions", Number, nullable=False),
    sa.Column("known", Number, nullable=False),
    sa.Column("waiting", Number, nullable=False),
    sa.Column("never", Number, nullable=False),
    sa.Column("unmatched", Number, nullable=False),
    sa.Column("batch", sa.String(64)),
    sa.Column("uri", Words, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Index("outcomes_day", "pipeline", "day", "id"),
)

performance = sa.Table(
    "performance",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("column", Words),
    sa.Column("value", Words),
    sa.Column("metric", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("why", Words, nullable=False),
    sa.Column("rows", Number, nullable=False),
    sa.Column("metrics", Json, nullable=False),
    sa.Column("interval", Json),
    sa.Column("level", sa.Float, nullable=False),
    sa.Column("blocks", sa.Integer, nullable=False),
    sa.Column("night", sa.Date, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Index("performance_day", "pipeline", "day", "id"),
)

weighings = sa.Table(
    "weighings",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("other", sa.Integer, nullable=False),
    sa.Column("against", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("why", Words, nullable=False),
    sa.Column("rows", Number, nullable=False),
    sa.Column("weighed", Number, nullable=False),
    sa.Column("losses", Json, nullable=False),
    sa.Column("scores", Json, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.UniqueConstraint("pipeline", "day", "against", name="weighings_day"),
)

estimates = sa.Table(
    "estimates",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("metric", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("why", Words, nullable=False),
    sa.Column("value", sa.Float),
    sa.Column("interval", Json),
    sa.Column("level", sa.Float, nullable=False),
    sa.Column("rows", Number, nullable=False),
    sa.Column("learned", Json),
    sa.Column("guess", sa.Float),
    sa.Column("night", sa.Date, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.UniqueConstraint("pipeline", "day", "role", "metric", name="estimates_day"),
)

feature_tables = sa.Table(
    "feature_tables",
    metadata,
    _id(),
    *_of_day(),
    sa.Column("at", Utc, nullable=False),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("features", Json, nullable=False),
    sa.Column("rows", Number, nullable=False),
    sa.Column("uri", Words, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("made", Utc, nullable=False),
    sa.Index("feature_tables_day", "pipeline", "day", "id"),
)

feature_values = sa.Table(
    "feature_values",
    metadata,
    sa.Column("pipeline", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("key", Words, primary_key=True),
    sa.Column("value", sa.Float),
    sa.Column("definition", sa.String(16), nullable=False),
    sa.Column("at", Utc, nullable=False),
)

removals = sa.Table(
    "removals",
    metadata,
    _id(),
    sa.Column("pipeline", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("what", sa.String(400), nullable=False),
    sa.Column("bytes", Number, nullable=False),
    sa.Column("why", Words, nullable=False),
    sa.Column("since", Utc, nullable=False),
    sa.Column("by", Words, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Index("removals_what", "what", "id"),
    sa.Index("removals_pipeline", "pipeline", "kind", "id"),
)

alerts = sa.Table(
    "alerts",
    metadata,
    _id(),
    sa.Column("key", sa.String(200), nullable=False, unique=True),
    *_of_day(),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("subject", Words, nullable=False),
    sa.Column("text", Words, nullable=False),
    sa.Column("html", Words, nullable=False),
    sa.Column("images", Json, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("delivered", Json, nullable=False),
    sa.Column("last_error", Words),
    sa.Column("at", Utc, nullable=False),
    sa.Column("sent_at", Utc),
    sa.Index("alerts_state", "state", "pipeline"),
)
