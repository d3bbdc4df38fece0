"""What a drift check keeps of a day: counted when the day is first looked at, merged with other days ever after.

    <lake>/<pipeline>/summaries/<first 32 digits of the day's sha256>-<16 of what was asked>/<32 of its own>.parquet

A day whose rows change has another sha256, a check with other settings asks something else, so an old summary is never
mistaken for what it is not; it is simply not found. A file is one row: every array of the summary one after the other,
numbers and words apart, and an outline in JSON that says where each begins.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ml.detectors.classifier import Sampled
from ml.detectors.counts import Counts
from ml.detectors.relation import Moments
from ml.lake import Lake
from ml.records import Batch

if TYPE_CHECKING:
    import polars as pl

RECORDS: Mapping[str, type[Any]] = {kind.__name__: kind for kind in (Counts, Moments, Sampled)}
# what a summary holds of the same rows and settings; a new number has every day counted anew
COUNTED = 1


def summary_of(lake: Lake, batch: Batch, asked: str, count: Callable[[], Any]) -> Any:
    """What ``count`` gives for a day, from the lake where it was counted before.

    ``asked`` is everything that the answer depends on besides the day's rows (see ``asking``). A summary that is
    damaged is counted again, and the log says so.
    """
    folder = (batch.pipeline, "summaries", f"{batch.fingerprint[:32]}-{asked[:16]}")
    return unpacked(lake.once(lambda: packed(count()), *folder))


def asking(*settings: Any) -> str:
    """A digest of what a summary depends on besides the rows; Polars has a say in how a number is written as text."""
    import polars as pl

    return hashlib.sha256(json.dumps([COUNTED, pl.__version__, settings]).encode()).hexdigest()


def packed(summary: Any) -> pl.DataFrame:
    """A summary (numbers, text, arrays, and tuples, dicts and records of those) as one row of a frame.

    Raises
    ------
    TypeError
        Something else is in it.
    """
    import polars as pl

    store = _Store()
    outline = json.dumps(store.outline(summary))
    return pl.DataFrame({"outline": [outline], "numbers": [store.joined(False)], "words": [store.joined(True)]})


def unpacked(frame: pl.DataFrame) -> Any:
    """The summary that was packed; its arrays are to be read only."""
    numbers, words = frame["numbers"][0].to_numpy(), frame["words"][0].to_numpy()
    return _filled(json.loads(frame["outline"][0]), numbers, words)


class _Store:
    """The arrays of a summary, each once: columns and detectors share some."""

    def __init__(self) -> None:
        self.parts: tuple[list[Any], list[Any]] = [], []
        self.ends = [0, 0]
        self.known: dict[int, dict[str, Any]] = {}

    def outline(self, node: Any) -> Any:
        import numpy as np

        if isinstance(node, np.ndarray):
            return self.known.get(id(node)) or self._add(node)
        if isinstance(node, tuple):
            return [self.outline(part) for part in node]
        if isinstance(node, dict):
            return {"dict": {name: self.outline(part) for name, part in node.items()}}
        if type(node).__name__ in RECORDS:
            return {type(node).__name__: {name: self.outline(part) for name, part in vars(node).items()}}
        if node is None or isinstance(node, str | int | float):
            return node
        raise TypeError(f"a summary cannot keep {type(node).__name__}")

    def joined(self, words: bool) -> pl.Series:
        import numpy as np
        import polars as pl

        parts = self.parts[words]
        if words:
            return pl.Series([word for part in parts for word in part], dtype=pl.String)
        return pl.Series(np.concatenate(parts) if parts else [], dtype=pl.Float64)

    def _add(self, array: Any) -> dict[str, Any]:
        words = array.dtype == object
        if not words and array.dtype != "float64":
            raise TypeError(f"a summary cannot keep an array of {array.dtype}")
        self.parts[words].append(array.ravel())
        start, self.ends[words] = self.ends[words], self.ends[words] + array.size
        place = {"words" if words else "numbers": [start, self.ends[words], *array.shape]}
        self.known[id(array)] = place
        return place


def _filled(outline: Any, numbers: Any, words: Any) -> Any:
    if isinstance(outline, list):
        return tuple(_filled(part, numbers, words) for part in outline)
    if not isinstance(outline, dict):
        return outline
    ((kind, inside),) = outline.items()
    if kind in ("numbers", "words"):
        start, end, *shape = inside
        return (words if kind == "words" else numbers)[start:end].reshape(shape)
    parts = {name: _filled(part, numbers, words) for name, part in inside.items()}
    return parts if kind == "dict" else RECORDS[kind](**parts)
