"""What may not go, whatever its age: what the versions that stay refer to, and what the ledger's days need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from ml.records import Batch, Snapshot
from ml.registry import STAGING

if TYPE_CHECKING:
    from ml.ledger import VerdictRow
    from ml.registry import KnownVersion
    from ml.workspace import Workspace

ARCHIVED = "Archived"


@dataclass(frozen=True)
class Staying:
    """The versions that stay, and what they refer to in MLflow and in the lake.

    ``referred`` are the models of all versions, also of those that may go: a file is never a stray while a version
    refers to it.
    """

    versions: frozenset[int]
    runs: frozenset[str]
    models: frozenset[str]
    snapshots: frozenset[str]
    referred: frozenset[str]


def staying(place: Workspace, pipeline: str) -> Staying:
    """Every version that serves, has an alias other than ``staging``, waits for an approval or for its promotion, or is
    the newest promotion of the ledger or the one before it; and what Nightshift did not make, unless it is archived.

    A version in Staging, or in no stage, that nobody waits for any more is kept no longer than an archived one.
    """
    known = place.registry.known_versions(pipeline)
    aliases = {name: version for name, version in place.registry.aliases(pipeline).items() if name != STAGING}
    named = {*aliases.values(), *_promoted(place, pipeline), *_asked(place, pipeline)}
    stay = [version for version in known if version.version in named or _stands(version)]
    return Staying(
        versions=frozenset(version.version for version in stay),
        runs=frozenset(version.run_id for version in stay),
        models=frozenset(version.model_id for version in stay),
        snapshots=frozenset(_snapshots(stay)),
        referred=frozenset(version.model_id for version in known),
    )


def _stands(version: KnownVersion) -> bool:
    return version.stage == "Production" or (version.snapshot is None and version.stage != ARCHIVED)


def _promoted(place: Workspace, pipeline: str) -> set[int | None]:
    newest = place.ledger.promotions(pipeline)[-1:]
    return {number for promotion in newest for number in (promotion.version, promotion.previous)}


def _asked(place: Workspace, pipeline: str) -> Iterator[int]:
    """The versions that a person was asked about and has not answered, or let in and which are not in yet."""
    newest = place.ledger.in_production(pipeline)
    for question in place.ledger.questions(pipeline):
        answer = place.ledger.answer(pipeline, question.version)
        if answer is None or (answer.answer == "approved" and (not newest or question.version > newest.version)):
            yield question.version


def _snapshots(versions: Iterable[KnownVersion]) -> Iterator[str]:
    for version in versions:
        if version.snapshot:
            yield Snapshot.model_validate_json(version.snapshot).uri


@dataclass(frozen=True)
class Days:
    """The files of the days: those that the ledger's newest rows name, and since when the others are replaced.

    ``fingerprints`` are the first 32 digits of the newest rows' sha256, by which samples and summaries are named.
    """

    current: frozenset[str]
    fingerprints: frozenset[str]
    replaced: dict[str, datetime]


def days(place: Workspace, pipeline: str) -> Days:
    """Of each day its newest pull and its newest verdict are current, and what diagnoses looked at."""
    current: set[str] = set(_diagnosed(place, pipeline))
    fingerprints: set[str] = set()
    replaced: dict[str, datetime] = {}
    for rows in (said for day in place.ledger.rows_ever(pipeline).values() for said in _pulls_and_verdicts(day)):
        current.update(uri for row in rows[-1:] for uri in files(row.batch))
        fingerprints.update(each[:32] for row in rows[-1:] for each in _fingerprints(row.batch))
        for row, after in pairwise(rows):
            replaced.update({uri: max(after.at, replaced.get(uri, after.at)) for uri in files(row.batch)})
    return Days(frozenset(current), frozenset(fingerprints), replaced)


def _pulls_and_verdicts(rows: list[VerdictRow]) -> tuple[list[VerdictRow], list[VerdictRow]]:
    pulled = [row for row in rows if row.batch.state == "pulled"]
    return pulled, [row for row in rows if row.batch.state != "pulled"]


def files(batch: Batch) -> Iterator[str]:
    """Every file of the lake that a batch names."""
    parts = batch.upstream.values()
    named = [batch.uri, batch.refused_uri, batch.profile, *(p.uri for p in parts), *(p.refused_uri for p in parts)]
    seen = batch.seen.uri if batch.seen else None
    yield from (uri for uri in (*named, seen) if uri is not None)


def _fingerprints(batch: Batch) -> Iterator[str]:
    """Of the day's rows, and of those that its drift check sees."""
    yield batch.fingerprint
    if batch.seen is not None:
        yield batch.seen.fingerprint


def _diagnosed(place: Workspace, pipeline: str) -> Iterator[str]:
    for output in place.ledger.outputs(pipeline, "diagnose").values():
        if output.get("profile"):
            yield str(output["profile"])
