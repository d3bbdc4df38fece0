"""Columns that stopped: frozen at one value, or no longer there."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ml.diagnosis.case import DAY, Case, Evidence

if TYPE_CHECKING:
    import pandas

JUMP, CALM_DAYS, LEAST_ROWS = 0.1, 0.05, 15


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


def gone_missing(case: Case) -> Iterator[Evidence]:
    """Columns that are null far more often than on any day before; together when they come from one table."""
    jumped = {c: jump for c in (*case.numbers, *case.categories) if (jump := _jump(case, c)) is not None}
    for table, columns in _by_table(case, jumped).items():
        now = max(jumped[c] for c in columns)
        if table and len(columns) > 1:
            sentence = (
                f"{', '.join(columns)} are null together in up to {now:.0%} of the rows: the join with {table} failed"
            )
        else:
            sentence = f"{', '.join(columns)} null in {now:.0%} of the rows, more than on any day before"
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


def _jump(case: Case, column: str) -> float | None:
    """The share of nulls when it is higher than on any reference day by 0.1."""
    now = float(case.after[column].isna().mean())
    usual = case.before[column].isna().groupby(case.before[DAY]).mean()
    return now if now > float(usual.max()) + JUMP else None


def _by_table(case: Case, columns: Sequence[str] | dict[str, float]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column in columns:
        table = case.tables.get(column)
        found.setdefault(table or f"/{column}", []).append(column)
    return {("" if table.startswith("/") else table): names for table, names in found.items()}


def _tells(frame: "pandas.DataFrame", column: str, label: str) -> float:
    """How well a column orders the labels, 0.5 to 1: the area under its ROC curve, either way round."""
    from sklearn.metrics import roc_auc_score

    known = frame[[column, label]].dropna()
    classes = known[label].astype(float)
    if classes.nunique() != 2 or len(known) < 50:
        return 0.5
    auc = float(roc_auc_score(classes, known[column].astype(float)))
    return max(auc, 1 - auc)
