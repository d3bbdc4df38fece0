"""A classifier that is asked which rows are new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from ml.calibration.tails import Scale
from ml.days import Days
from ml.detectors.counts import as_words, floats
from ml.detectors.detector import Kind, Place, ScoredDetector
from ml.detectors.windows import Night

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from ml.detectors.detector import Scores

    Array = np.ndarray[Any, Any]

FOLDS = 4
CATEGORIES = 12


@dataclass(frozen=True)
class Sampled:
    """Some of a day's rows: its numbers (NaN where there is none) and its words; ``rows`` counts all rows."""

    numbers: Array
    words: Array
    rows: int


class Classifier(ScoredDetector):
    """How well a logistic regression tells the newest days' rows from the reference's: no column need move alone.

    It is asked about days that it was not fitted on, or it would know each day by its weather. The score is how far
    its area under the curve lies above 0.5, the mean over folds of whole days. A classifier two-sample test (Lopez-Paz
    and Oquab 2017, https://arxiv.org/abs/1610.06545), in Failing Loudly the domain classifier (Rabanser, Günnemann
    and Lipton 2019, https://arxiv.org/abs/1810.11953). It sees numbers by their rank in the reference, the square of
    it, and their gaps; of categories the most frequent of the reference.
    """

    scale: ClassVar[Scale] = Scale(limit=0.5, floor=0.01)
    says: ClassVar[str] = "how well a classifier tells the newest days from the reference"

    kind: Literal["classifier"] = "classifier"
    columns: tuple[str, ...] = Field(default=(), description="What it sees; left out, all columns that are compared.")
    days: Annotated[Days, Field(ge=2)] = Field(
        default=2, description="So many of the newest days are told from those before; each is left out in turn."
    )
    rows: int = Field(default=400, ge=50, description="At most so many rows of each side, of each day an equal share.")

    def names(self, place: Place) -> tuple[str, ...]:
        return self.called(("whole rows",)) if self.columns or place.columns else ()

    def summary(self, rows: pl.DataFrame, place: Place) -> Sampled:
        seen = rows[even(rows.height, -(-self.rows // self.days)).tolist()]
        return Sampled(
            _numbers(seen, self._columns(place, "numerical")),
            _words(seen, self._columns(place, "categorical")),
            rows.height,
        )

    def scores(
        self, days: Sequence[date], summaries: Sequence[Sampled], nights: Sequence[Night], min_rows: int, place: Place
    ) -> Scores:
        import numpy as np

        words = _coded(summaries)
        names = self.names(place)
        return {name: np.array([self._score(summaries, words, n, min_rows) for n in nights]) for name in names}

    def _columns(self, place: Place, kind: Kind) -> tuple[str, ...]:
        wanted = self.columns or tuple(place.columns)
        return tuple(column for column in wanted if place.columns.get(column, "categorical") == kind)

    def _score(self, summaries: Sequence[Sampled], words: Sequence[Array], night: Night, min_rows: int) -> float:
        old, new = self._sides(summaries, night)
        rows = (sum(summaries[p].rows for p in side) for side in (old, night.current))
        if min(rows) < min_rows or min(len(old), len(new)) < 2:
            return float("nan")
        folds = min(FOLDS, len(old), len(new))
        picked = [
            (place, even(len(words[place]), -(-self.rows // len(side))), float(side is new), number % folds)
            for side in (old, new)
            for number, place in enumerate(side)
        ]
        truth = _joined([_full(len(which), newest) for _, which, newest, _ in picked])
        fold = _joined([_full(len(which), its) for _, which, _, its in picked])
        numbers = _joined([summaries[place].numbers[which] for place, which, _, _ in picked])
        codes = _joined([words[place][which] for place, which, _, _ in picked])
        return max(_auc(_features(numbers, codes, int((truth == 0).sum())), truth, fold) - 0.5, 0.0)

    def _sides(self, summaries: Sequence[Sampled], night: Night) -> tuple[list[int], list[int]]:
        """The days before, and the newest ones, those without rows left out."""
        places = [p for p in (*night.reference, *night.current) if summaries[p].rows]
        split = max(len(places) - max(self.days, len(night.current)), 0)
        return places[:split], places[split:]


def even(count: int, most: int) -> Array:
    """Places of at most so many of ``count`` rows, at even distances."""
    import numpy as np

    taken = min(count, most)
    return np.arange(taken) * count // max(taken, 1)


def _joined(parts: Sequence[Array]) -> Array:
    import numpy as np

    return np.concatenate(parts)


def _full(count: int, value: float) -> Array:
    import numpy as np

    return np.full(count, value)


def _numbers(rows: pl.DataFrame, columns: Sequence[str]) -> Array:
    import numpy as np

    gone = np.full(rows.height, np.nan)
    table = [floats(rows[c]).fill_null(float("nan")).to_numpy() if c in rows.columns else gone for c in columns]
    return np.column_stack(table) if table else np.empty((rows.height, 0))


def _words(rows: pl.DataFrame, columns: Sequence[str]) -> Array:
    """The categories as text, "" where there is none."""
    import numpy as np

    gone = np.full(rows.height, "", dtype=object)
    table = [as_words(rows[c]).fill_null("").to_numpy() if c in rows.columns else gone for c in columns]
    return np.column_stack(table).astype(object) if table else np.empty((rows.height, 0), dtype=object)


def _coded(summaries: Sequence[Sampled]) -> list[Array]:
    """The words of all days as numbers, the same for the same word."""
    import numpy as np

    whole = _joined([s.words for s in summaries])
    codes = np.empty(whole.shape, dtype=int)
    for column in range(whole.shape[1]):
        codes[:, column] = np.unique(whole[:, column].astype(str), return_inverse=True)[1]
    return np.split(codes, np.cumsum([len(s.words) for s in summaries])[:-1])


def _features(numbers: Array, words: Array, old: int) -> Array:
    """What the classifier sees; the first ``old`` rows are the reference's."""
    import numpy as np

    parts = [_ranked(numbers[:, column], old) for column in range(numbers.shape[1])]
    parts += [_flagged(words[:, column], old) for column in range(words.shape[1])]
    return np.column_stack(parts)


def _ranked(values: Array, old: int) -> Array:
    """Rank in the reference from -1 to 1, its square, and gaps."""
    import numpy as np

    known = np.sort(values[:old][~np.isnan(values[:old])])
    gap = np.isnan(values)
    both = np.searchsorted(known, values, "left") + np.searchsorted(known, values, "right")
    rank = np.where(gap, 0.0, both / max(len(known), 1) - 1)
    return np.column_stack([rank, np.where(gap, 1 / 3, rank**2), gap])


def _flagged(codes: Array, old: int) -> Array:
    import numpy as np

    values, counts = np.unique(codes[:old], return_counts=True)
    frequent = values[np.argsort(-counts, kind="stable")[:CATEGORIES]]
    flags = codes[:, None] == frequent[None, :]
    return np.column_stack([flags, ~flags.any(axis=1)]).astype(float)


def _auc(features: Array, truth: Array, fold: Array) -> float:
    """The mean area under the curve on the days of each fold, for a classifier fitted on those of the others."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    found = []
    for left_out in np.unique(fold):
        inside = fold == left_out
        asked = LogisticRegression(solver="newton-cholesky", class_weight="balanced").fit(
            features[~inside], truth[~inside]
        )
        found.append(roc_auc_score(truth[inside], asked.decision_function(features[inside])))
    return float(np.mean(found))
