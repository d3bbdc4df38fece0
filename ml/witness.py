"""What the ledger's chained books had as their newest rows, remembered outside of the ledger.

A chain proves that no row in it was changed. It cannot tell that its newest rows are gone, after a restore of an older
backup or by hand: what is left is a whole chain. So each night leaves the heads in the lake, and each training in its
MLflow run; a chain that has them no longer has lost rows, or was made anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pydantic_core import from_json, to_json

from ml.workspace import Run, Workspace

if TYPE_CHECKING:
    from ml.ledger import Head

FOLDER = "heads"
TAG = "nightshift.ledger_heads"


@dataclass(frozen=True)
class Remembered:
    """A head that some place outside of the ledger remembers."""

    book: str
    number: int
    hash: str
    place: str


def remember(run: Run, run_id: str | None = None) -> None:
    """Leave the newest row of each chained book in the lake, and in an MLflow run where there is one."""
    heads = [asdict(head) for head in sorted(run.workspace.ledger.heads().values(), key=_by_book)]
    text = to_json(heads)
    run.workspace.lake.put_bytes(text, run.name, FOLDER, suffix=".json")
    if run_id is not None:
        run.workspace.registry.log(run_id, tags={TAG: text.decode()})


def remembered(place: Workspace, pipeline: str) -> Iterator[Remembered]:
    """All heads that the lake and MLflow remember of a pipeline's nights; a damaged file raises DataError."""
    for uri in place.lake.within(pipeline, FOLDER):
        yield from _read(place.lake.read_bytes(uri), f"the lake ({uri})")
    for run_id, text in place.registry.tagged(pipeline, TAG).items():
        yield from _read(text.encode(), f"MLflow run {run_id}")


def _read(text: bytes, place: str) -> Iterator[Remembered]:
    return (Remembered(**head, place=place) for head in from_json(text))


def _by_book(head: Head) -> str:
    return head.book
