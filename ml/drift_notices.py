"""What a night owes its owner about drift: one mail when an episode opens, one if it doubles, one when it ends."""

from collections.abc import Sequence
from datetime import date

from ml import attachments, messages, provenance
from ml.days import Span
from ml.drift.methods import reached
from ml.episodes import Chapter, Episode, Night, last_chapter
from ml.records import Alert, Batch, ColumnDrift, Decision, Diagnosis, DriftReport
from ml.workspace import Run

AT_THRESHOLD = 1.0


def of(
    run: Run, batch: Batch, report: DriftReport | None, diagnosis: Diagnosis | None, decision: Decision
) -> list[Alert]:
    """The mail that the night adds to its episode; most nights add none.

    A diagnosis that the owner only wants logged opens no story; it is told from the night on that has another one.
    """
    story = nights(run) if report is not None else []
    chapter = last_chapter(story, run.pipeline.diagnosis.quiet)
    if chapter is None or chapter.episode is None or report is None:
        return []
    told = _told(run, story, chapter.episode)
    links = provenance.links(run)
    if chapter.news == "ended":
        return [messages.ended_alert(report, chapter.episode, links)] if told else []
    if not report.alarm or (diagnosis is not None and diagnosis.action == "log"):
        return []
    if not told:
        images = attachments.before_after(run, report, batch)
        return [messages.opened_alert(report, decision, diagnosis, links, images)]
    return _worse(run, batch, report, diagnosis, chapter)


def nights(run: Run) -> list[Night]:
    """The drift checks up to the run's day, each with how far its alarming columns went."""
    history = run.workspace.ledger.drift_history(run.name, Span(date.min, run.day))
    return [Night(report.day, _reached(report)) for report in history]


def _reached(report: DriftReport) -> dict[str, float]:
    if not report.alarm:
        return {}
    return {column.column: _far(column) for column in report.columns if column.drifted}


def _far(column: ColumnDrift) -> float:
    strength = reached(column.method, column.score, column.threshold)
    return AT_THRESHOLD if strength is None else max(strength, AT_THRESHOLD)


def _told(run: Run, story: Sequence[Night], episode: Episode) -> bool:
    """Whether a night of the episode before this one has opened its story in a mail."""
    days = [night.day for night in story if episode.opened <= night.day < run.day]
    keys = (messages.opened_key(run.name, day) for day in days)
    return any(run.workspace.ledger.alert(key) is not None for key in keys)


def _worse(run: Run, batch: Batch, report: DriftReport, diagnosis: Diagnosis | None, chapter: Chapter) -> list[Alert]:
    if chapter.news != "worse" or chapter.episode is None:
        return []
    images = attachments.before_after(run, report, batch)
    return [messages.worse_alert(report, chapter.episode, diagnosis, provenance.links(run), images)]
