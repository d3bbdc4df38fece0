"""More of one kind of row and fewer of another: every kind is as it was."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ml.diagnosis.case import HOUR, Case, Evidence

if TYPE_CHECKING:
    import pandas

MOST_VALUES = 60


def reweighted(case: Case) -> Iterator[Evidence]:
    """A shift that is gone once the reference is drawn with the current shares of one column."""
    others = [c for c in case.moved if c in (*case.numbers, *case.categories)]
    if not others:
        return
    found = min(_trials(case, others), default=None)
    if found is None:
        return
    worst, column, explained = found
    name = "hour" if column == HOUR else column
    sentence = f"with the current shares of {name}, {explained} look as before (at most {worst:.1f} of a threshold)"
    yield Evidence("mix", "reweighted", 0.7, sentence, column)


def _trials(case: Case, moved: list[str]) -> Iterator[tuple[float, str, str]]:
    for column in (*case.categories, HOUR):
        rest = [c for c in moved if c != column]
        if not rest or not 2 <= case.before[column].nunique() <= MOST_VALUES:
            continue
        drawn = _drawn(case, column)
        if drawn is None:
            continue
        after = [case.strength(c, drawn, case.current) for c in rest]
        before = [case.strength(c, case.reference, case.current) for c in rest]
        if max(after) < 1.0 and all(b >= 1.0 for b in before):
            yield max(after), column, ", ".join(rest)


def _drawn(case: Case, column: str) -> "pandas.DataFrame | None":
    """As many reference rows as there are, drawn so that the column's values have their current shares."""
    now = case.after[column].value_counts(normalize=True)
    then = case.before[column].value_counts(normalize=True)
    known = now[now.index.isin(then.index)]
    if known.sum() < 0.97:
        return None
    weights: Any = case.before[column].map(known / then.reindex(known.index)).astype(float).fillna(0.0)
    return case.before.sample(len(case.before), replace=True, weights=weights, random_state=0)
