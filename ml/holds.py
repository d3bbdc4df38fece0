"""Days that a diagnosis set aside, or is in doubt about, though they kept their contract.

A day that was set aside is judged again whenever it is pulled again, and its contract would let it in. So what the
diagnosis saw is held against it: the day stays set aside until the damaged columns change upstream, or a person
releases it. A day whose shift is not proven is accepted, and only not learned from until it is cleared (``doubted``).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import cast

from ml.days import Span
from ml.diagnosis.actions import LEARNED
from ml.inspection import Inspection
from ml.profiles import Profile
from ml.recall import read_profile
from ml.records import Batch, Diagnosis, Violation, from_json
from ml.workspace import Run, Workspace

RULE = "diagnosis"
DOUBT = "//doubt"  # what a person lets pass who knows that a doubted day is right
DOUBT_DAYS = 14  # as long as a day that is set aside is read again; then the world is taken to be so


def set_aside(run: Run, diagnosis: Diagnosis) -> None:
    """Quarantine the day of a diagnosis that says so; once more changes nothing."""
    ledger, day = run.workspace.ledger, Span(diagnosis.day, diagnosis.day)
    for batch in ledger.batches(run.name, day, state="accepted"):
        came = ledger.pulls(run.name, day)[0]
        judged = batch.model_copy(update={"uri": came.uri, "fingerprint": came.fingerprint, "rows": came.rows})
        stops = (violation(diagnosis, came.rows), *batch.violations)
        ledger.record_batches([judged.model_copy(update={"state": "quarantined", "violations": stops})])


def of(run: Run) -> dict[date, Diagnosis]:
    """The newest diagnosis of each day on which one was made, if it set the day aside."""
    return {day: diagnosis for day, diagnosis in _diagnoses(run).items() if diagnosis.action == "quarantine"}


def doubted(run: Run) -> dict[date, Diagnosis]:
    """The days up to the run's whose shift is not proven and that nobody cleared: no retrain learns from them yet.

    A day is in doubt when its night alarmed, or when what alarmed hangs on it, as on the labels of an earlier day. It
    is cleared when a later night of its episode proves the shift, when a person releases it, or after
    ``DOUBT_DAYS`` days; not by time where the episode turned out to be a broken feed.
    """
    known = {day: diagnosis for day, diagnosis in sorted(_diagnoses(run).items()) if day <= run.day}
    cleared = {day for day, rules in run.workspace.ledger.waived(run.name).items() if DOUBT in rules}
    episodes = _episodes(known, run.pipeline.diagnosis.quiet)
    found = [d for episode in episodes for d in _unproven(episode, run.day)]
    return {day: d for d in found for day in sorted({*d.hangs_on, d.day}) if day not in cleared}


def doubted_now(place: Workspace, pipeline: str) -> dict[date, Diagnosis]:
    """The days that are in doubt in the newest night of a pipeline."""
    judged = place.ledger.batches(pipeline)
    return doubted(place.run(pipeline, judged[-1].day)) if judged else {}


def _episodes(diagnoses: Mapping[date, Diagnosis], quiet: int) -> Iterator[list[Diagnosis]]:
    """The diagnoses of alarms with fewer than ``quiet`` days between them."""
    episode: list[Diagnosis] = []
    for day, diagnosis in diagnoses.items():
        if episode and (day - episode[-1].day).days > quiet:
            yield episode
            episode = []
        episode.append(diagnosis)
    if episode:
        yield episode


def _unproven(episode: Collection[Diagnosis], today: date) -> Iterator[Diagnosis]:
    proven = max((d.day for d in episode if d.action in LEARNED), default=date.min)
    broken = any(d.kind == "data fault" for d in episode)
    for found in episode:
        young = (today - found.day).days < DOUBT_DAYS
        if found.doubts and found.action == "mail" and found.day > proven and (young or broken):
            yield found


def _diagnoses(run: Run) -> dict[date, Diagnosis]:
    """The newest diagnosis of each day on which one was made."""
    found = run.workspace.ledger.outputs(run.name, "diagnose")
    return {day: cast(Diagnosis, from_json(output)) for day, output in found.items()}


def held(
    run: Run, inspection: Inspection, diagnosis: Diagnosis | None, waived: Collection[str] = frozenset()
) -> Inspection:
    """The inspection with the diagnosis as a broken rule of the day, unless it is waived or the columns changed."""
    if diagnosis is None or diagnosis.profile is None:
        return inspection
    found = violation(diagnosis, inspection.profile.own.rows)
    seen = read_profile(run, diagnosis.profile)
    if found.key in waived or mended(diagnosis, seen, inspection.profile, run.pipeline.model.label):
        return inspection
    return replace(inspection, violations=(found, *inspection.violations))


def violation(diagnosis: Diagnosis, rows: int) -> Violation:
    """The diagnosis as the rule that stops the day."""
    columns = _columns(diagnosis)
    return Violation(
        column=columns[0] if len(columns) == 1 else None,
        rule=RULE,
        rows=rows,
        sentence=f"diagnosed as a {diagnosis.sentence}",
        stops=True,
    )


def mended(diagnosis: Diagnosis, seen: Profile, now: Profile, label: str) -> bool:
    """Whether the columns that the signs named, or all but the label, are no longer what they were, or the rows."""
    named = [c for c in _columns(diagnosis) if c in seen.own.columns] or list(seen.own.columns)
    return seen.own.rows != now.own.rows or any(
        seen.own.columns.get(c) != now.own.columns.get(c) for c in named if c != label
    )


def _columns(diagnosis: Diagnosis) -> list[str]:
    return list(dict.fromkeys(s.column for s in diagnosis.evidence if s.kind == diagnosis.kind and s.column))


def diagnosed(batch: Batch) -> bool:
    """Whether a diagnosis is among what set the day aside."""
    return any(v.rule == RULE for v in batch.stops)
