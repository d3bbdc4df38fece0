"""Columns that stopped: frozen at one value, or no longer there."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from ml.diagnosis.case import DAY, HOUR, Case, Evidence

if TYPE_CHECKING:
    import pandas

JUMP, CALM_DAYS, LEAST_ROWS = 0.1, 0.05, 15
STUCK, MORE = 0.25, 0.2
LEAST_HOURS = 8


def frozen(case: Case) -> Iterator[Evidence]:
    """A number that kept one value for a whole day, at one source or all, and hardly ever did before."""
    for column in case.numbers:
        for place in (None, *case.places(6)):
            still = _still(case.after, column, place)
            usual = _still(case.before, column, place)
            if still and len(usual) and sum(usual) / len(usual) <= CALM_DAYS and sum(still) / len(still) > 0:
                if sum(usual) and sum(still) / len(still) < 4 * sum(usual) / len(usual):
                    continue
                where = f" at one value of {place}" if place and sum(still) < len(still) else ""
                sentence = (
                    f"{column} kept one value all day{where}; it did so on {sum(usual)} of {len(usual)} days before"
                )
                yield Evidence("data fault", "frozen", 0.85, sentence, column)
                break


def stuck(case: Case) -> Iterator[Evidence]:
    """A number that had one value in far more rows of a day than any value had on any day before: it froze for hours.

    A value that rests anyway (no rain, a visibility of ten miles) is no sign: others had it as often.
    """
    for column in case.numbers:
        for place in (None, *case.places(6)):
            usual, now = (_fullest(frame, column, place) for frame in (case.before, case.after))
            if usual is not None and now is not None and now >= STUCK and now >= usual + MORE:
                where = f" at one value of {place}" if place else ""
                sentence = f"{column} had one value in {now:.0%} of a day's rows{where}; at most {usual:.0%} before"
                yield Evidence("data fault", "stuck", 0.7, sentence, column)
                break


def echoed(case: Case) -> Iterator[Evidence]:
    """Two sources that say exactly the same, hour after hour, and hardly ever did."""
    for place in case.places(6):
        for columns in _tables(case):
            usual, now = _echo(case.before, place, columns), _echo(case.after, place, columns)
            for pair, share in now.items():
                if share > 0.8 and usual.get(pair, 0.0) < 0.2:
                    said = f"{pair[0]!r} and {pair[1]!r} have the same {', '.join(columns)} in {share:.0%} of the hours"
                    sentence = f"{place} {said}; {usual.get(pair, 0.0):.0%} is usual: one has the rows of the other"
                    yield Evidence("data fault", "echo", 0.85, sentence, place)


def _tables(case: Case) -> list[list[str]]:
    """The numbers of each upstream table that gives several."""
    found: dict[str, list[str]] = {}
    for column in case.numbers:
        if column in case.tables:
            found.setdefault(case.tables[column], []).append(column)
    return [sorted(columns) for columns in found.values() if len(columns) >= 3]


def _echo(frame: "pandas.DataFrame", place: str, columns: list[str]) -> dict[tuple[str, str], float]:
    """For each two values of place: the share of common hours in which all columns are the same."""
    hours = frame.dropna(subset=columns, how="all").groupby([DAY, HOUR, place], observed=True)[columns].first()
    sides = {str(value): rows.droplevel(place) for value, rows in hours.groupby(level=place)}
    found = {}
    for one, other in combinations(sorted(sides), 2):
        left, right = sides[one].align(sides[other], join="inner")
        if len(left) >= LEAST_HOURS:
            found[one, other] = float(((left == right) | (left.isna() & right.isna())).all(axis=1).mean())
    return found


def gone_missing(case: Case) -> Iterator[Evidence]:
    """Columns that are null far more often than on any day before; together when they come from one table."""
    jumped = {c: jump for c in (*case.numbers, *case.categories) if (jump := _jump(case, c)) is not None}
    for columns in _together(case, jumped):
        now = max(jumped[c] for c in columns)
        if len(columns) > 1:
            joined = f"the join with {case.tables[columns[0]]} failed"
            sentence = f"{', '.join(columns)} are null together in up to {now:.0%} of the rows: {joined}"
        else:
            sentence = f"{columns[0]} null in {now:.0%} of the rows, more than on any day before"
        yield Evidence("data fault", "gone missing", 0.85, sentence, columns[0])


def leaked(case: Case) -> Iterator[Evidence]:
    """An input that suddenly tells the label."""
    if case.label is None or case.label not in case.current or case.label not in case.reference:
        return
    for column in case.numbers:
        before, after = (_tells(frame, column, case.label) for frame in (case.reference, case.current))
        if after > 0.95 and before < 0.8:
            sentence = (
                f"{column} orders the labels with an AUC of {after:.2f}, it was {before:.2f}: it knows the answer"
            )
            yield Evidence("data fault", "leak", 0.95, sentence, column)


def _still(frame: "pandas.DataFrame", column: str, place: str | None) -> list[bool]:
    """For each day (and source) with enough rows: whether the column had one value only."""
    groups = frame.dropna(subset=[column]).groupby([DAY, place] if place else [DAY], observed=True)[column]
    found = groups.agg(["size", "nunique"])
    return [bool(n == 1) for n in found[found["size"] >= LEAST_ROWS]["nunique"]]


def _fullest(frame: "pandas.DataFrame", column: str, place: str | None) -> float | None:
    """The largest share that one value had of the rows of a day (and source) with enough rows."""
    by = [DAY, place] if place else [DAY]
    known = frame.dropna(subset=[column])
    rows = known.groupby(by, observed=True).size()
    most = known.groupby([*by, column], observed=True).size().groupby(level=list(range(len(by)))).max()
    shares = (most / rows)[rows >= LEAST_ROWS]
    return float(shares.max()) if len(shares) else None


def _jump(case: Case, column: str) -> float | None:
    """The share of nulls when it is higher than on any reference day by 0.1."""
    now = float(case.after[column].isna().mean())
    usual = case.before[column].isna().groupby(case.before[DAY]).mean()
    return now if now > float(usual.max()) + JUMP else None


def _together(case: Case, columns: Iterable[str]) -> list[list[str]]:
    """The columns by the table that they come from; one without a table stands alone."""
    found: dict[str, list[str]] = {}
    for column in columns:
        found.setdefault(case.tables.get(column) or f"/{column}", []).append(column)
    return list(found.values())


def _tells(frame: "pandas.DataFrame", column: str, label: str) -> float:
    """How well a column orders the labels, 0.5 to 1: the area under its ROC curve, either way round."""
    from sklearn.metrics import roc_auc_score

    known = frame[[column, label]].dropna()
    classes = known[label].astype(float)
    if classes.nunique() != 2 or len(known) < 50:
        return 0.5
    auc = float(roc_auc_score(classes, known[column].astype(float)))
    return max(auc, 1 - auc)
