"""The lake against the ledger: what the ledger names is there, under the name of its content."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from ml.audit.discrepancy import Checked, Discrepancy
from ml.audit.scope import Scope
from ml.errors import DataError
from ml.records import Batch, Evaluation, Promotion, Record, from_json


@dataclass(frozen=True)
class Named:
    """A file that the ledger names: what it is, for which day, and its sha256 where a row has it."""

    uri: str
    what: str
    day: date
    sha256: str | None = None


def files(scope: Scope) -> Checked:
    """Every file that the ledger names is in the lake; ``deep`` also reads them all and compares their sha256."""
    named = {one.uri: one for one in _named(scope) if not _removed(scope, one)}
    found = tuple(one for one in (_judged(scope, named[uri], scope.deep) for uri in sorted(named)) if one)
    how = "their sha256 compared" if scope.deep else "by name; --deep compares their sha256"
    return Checked("files", f"{len(named):,} files of the lake, {how}", found)


def snapshots(scope: Scope) -> Checked:
    """The rows that Production and the version before it were fitted on are there, to the last byte."""
    needed = list(_kept(scope))
    found = [one for promotion in needed for one in _snapshot(scope, promotion)]
    return Checked("snapshots", f"{len(needed)} of Production and of the version before it, read whole", tuple(found))


def _kept(scope: Scope) -> Iterator[Promotion]:
    """How the version in Production, and the one before it, came there last."""
    promoted = scope.promoted
    for version in (promoted.version, promoted.previous) if promoted else ():
        yield from [one for one in scope.promotions if one.version == version][-1:]


def _snapshot(scope: Scope, promotion: Promotion) -> Iterator[Discrepancy]:
    known = scope.snapshots.get(promotion.snapshot)
    if known is None:
        yield Discrepancy(
            f"{scope.pipeline}: version {promotion.version} was fitted on the snapshot {promotion.snapshot}, "
            "which no night of the ledger froze",
            f"nightshift explain-decision {scope.pipeline} {promotion.day}",
        )
        return
    found = _judged(scope, Named(known.uri, f"the snapshot of version {promotion.version}", known.day), deep=True)
    if found:
        yield found


def _judged(scope: Scope, named: Named, deep: bool) -> Discrepancy | None:
    """What is wrong with one file."""
    lake, lead = scope.place.lake, f"{scope.pipeline} {named.day}: {named.what}"
    if named.sha256 and not named.sha256.startswith(PurePosixPath(named.uri).stem):
        sentence = f"{lead} is noted with the sha256 {named.sha256}, but named {named.uri}"
        return Discrepancy(sentence, "nightshift audit --deep tells which of the two the file is")
    if deep:
        try:
            lake.verify(named.uri)
        except DataError as error:
            return Discrepancy(f"{lead}: {error}", _mend(scope, named))
    elif not _is_there(lake.path(named.uri)):
        return Discrepancy(f"{lead} is not in the lake, or empty: {named.uri}", _mend(scope, named))
    return None


def _removed(scope: Scope, named: Named) -> bool:
    """Whether retention took it away; a file that was written again since is looked at like any other."""
    return named.uri in scope.removed and not _is_there(scope.place.lake.path(named.uri))


def _is_there(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _mend(scope: Scope, named: Named) -> str:
    again = {"the snapshot": "snapshot", "the drift report": "detect", "a picture": "evaluate"}
    again |= {"the feature table": "materialise"}
    step = next((step for what, step in again.items() if named.what.startswith(what)), "pull")
    return f"restore it from a backup, or: nightshift step {step} {scope.pipeline} --day {named.day}"


def _named(scope: Scope) -> Iterator[Named]:
    ledger, name = scope.place.ledger, scope.pipeline
    judged = [row.batch for rows in ledger.verdicts(name).values() for row in rows]
    for batch in [*ledger.pulls(name), *judged]:
        yield from _of_batch(batch)
    yield from (Named(r.html, "the drift report", r.day) for r in ledger.drift_history(name) if r.html)
    yield from (Named(c.uri, "the calibration", c.day) for c in ledger.calibrations(name) if c.uri)
    for table in (made.table for made in ledger.feature_tables(name)):
        yield Named(table.uri, "the feature table", table.day, table.fingerprint)
    for snapshot in scope.snapshots.values():
        yield Named(snapshot.uri, "the snapshot", snapshot.day, snapshot.fingerprint)
    for output in ledger.outputs(name, "evaluate").values():
        yield from _of_evaluation(from_json(output))


def _of_batch(batch: Batch) -> Iterator[Named]:
    yield Named(batch.uri, f"the {batch.state} rows", batch.day, batch.fingerprint)
    for uri, what in ((batch.refused_uri, "the refused rows"), (batch.profile, "the profile")):
        if uri:
            yield Named(uri, what, batch.day)
    if batch.seen and batch.seen.uri != batch.uri:
        yield Named(batch.seen.uri, "the rows that the drift check sees", batch.day, batch.seen.fingerprint)
    for table, part in batch.upstream.items():
        yield Named(part.uri, f"the rows of {table}", batch.day, part.fingerprint)
        if part.refused_uri:
            yield Named(part.refused_uri, f"the refused rows of {table}", batch.day)


def _of_evaluation(record: Record) -> Iterator[Named]:
    if isinstance(record, Evaluation):
        yield from (Named(uri, f"a picture ({name})", record.day) for name, uri in record.pictures)
