"""More of one kind of row and fewer of another: every kind is as it was."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ml.diagnosis.case import HOUR, Case, Evidence

if TYPE_CHECKING:
    import pandas

MOST_VALUES = 60
LEAST_ROWS = 10
NEAR, CALM, LEFT = 1.5, 0.8, 0.2


def reweighted(case: Case) -> Iterator[Evidence]:
    """A shift that is gone once the reference is drawn with the current shares of one column."""
    others = [c for c in case.moved if c in (*case.numbers, *case.categories)]
    if len(others) == 1 and others[0] in case.categories and _same_values(case, others[0]):
        sentence = f"only the shares of {others[0]} moved: its values are the same, every other column is as before"
        yield Evidence("mix", "one column", 0.6, sentence, others[0])
        return
    found = min(_trials(case, others), default=None)
    if found is None:
        return
    left, column, explained = found
    name = "hour" if column == HOUR else column
    sentence = f"with the current shares of {name}, {explained} look as before: {1 - left:.0%} of the shift is gone"
    yield Evidence("mix", "reweighted", 0.7, sentence, column)


def _same_values(case: Case, column: str) -> bool:
    """Whether hardly a row has a value that is new, and none that was frequent is gone."""
    then = case.before[column].value_counts(normalize=True)
    now = case.after[column].value_counts(normalize=True)
    expected = then[then * len(case.after) >= LEAST_ROWS]
    return float(now[~now.index.isin(then.index)].sum()) < 0.01 and bool(expected.index.isin(now.index).all())


def explains(case: Case, column: str, moved: list[str]) -> bool:
    """Whether the moved columns are as before once the reference is drawn with the current shares of this one."""
    return _left(case, column, moved) is not None


def _trials(case: Case, moved: list[str]) -> Iterator[tuple[float, str, str]]:
    for column in (*case.categories, HOUR):
        rest = [c for c in moved if c != column]
        left = _left(case, column, rest) if rest else None
        if left is not None:
            yield left, column, ", ".join(rest)


def _left(case: Case, column: str, moved: list[str]) -> float | None:
    """The part of the shift that is left once the shares are the same; None when it is too much to be explained."""
    known = 2 <= case.before[column].nunique() <= MOST_VALUES
    drawn = _drawn(case, column) if known and column in case.after else None
    if drawn is None:
        return None
    after = [case.strength(c, drawn, case.current) for c in moved]
    before = [case.strength(c, case.reference, case.current) for c in moved]
    if max(after) < NEAR and _excess(after) <= LEFT * _excess(before):
        return _excess(after) / max(_excess(before), 1e-12)
    return None


def _excess(strengths: list[float]) -> float:
    """How far all columns together lie beyond what a quiet day reaches."""
    return sum(max(strength - CALM, 0.0) for strength in strengths)


def _drawn(case: Case, column: str) -> "pandas.DataFrame | None":
    """As many reference rows as there are, drawn so that the column's values have their current shares."""
    now = case.after[column].value_counts(normalize=True)
    then = case.before[column].value_counts(normalize=True)
    known = now[now.index.isin(then.index)]
    if known.sum() < 0.97:
        return None
    weights: Any = case.before[column].map(known / then.reindex(known.index)).astype(float).fillna(0.0)
    return case.before.sample(len(case.before), replace=True, weights=weights, random_state=0)
