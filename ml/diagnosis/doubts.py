"""What keeps a shift from being proven, so that nothing is learned from it yet.

Signs of a broken feed are never complete, so that none was found proves little. What a shift looks like says more: a
feed breaks at one place, on one day, in one column; the world moves broadly, and it lasts. A shift that hangs on one
day, one source or one column is told to the owner and waits. To wait costs little where the labels still follow the
inputs, which is what covariate shift means: the champion holds. To learn from a broken feed costs a model.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ml.diagnosis import labels, mix
from ml.diagnosis.case import DAY, Case, Doubt, Kind

if TYPE_CHECKING:
    import pandas

LEAST_SHARE = 0.01


def doubts(case: Case, kind: Kind) -> tuple[Doubt, ...]:
    """Why a retrain should wait; empty when the shift is proven, or asks for no retrain."""
    if kind == "covariate shift":
        return tuple(_of_inputs(case))
    if kind not in ("label shift", "concept shift"):
        return ()
    found = list(labels.of_one_day(case, kind))
    if case.moved and not _apart_from_inputs(case, kind):
        found += _of_inputs(case)
    return tuple(found)


def _of_inputs(case: Case) -> Iterator[Doubt]:
    if not case.moved:
        yield Doubt("no input moved")
        return
    if len(case.moved) == 1:
        yield Doubt(f"{case.moved[0]} moved alone, as it does when its feed breaks")
    yield from _one_day(case)
    yield from _one_source(case)


def _one_day(case: Case) -> Iterator[Doubt]:
    """The day without which most of what moved did not, or went the other way."""
    days = case.lasting[DAY].drop_duplicates().sort_values()
    for day in days:
        rest = case.lasting[case.lasting[DAY] != day]
        if rest.empty or 2 * sum(_goes_along(case, column, rest) for column in case.moved) < len(case.moved):
            yield Doubt(f"it is seen on {day:%Y-%m-%d} alone so far", day.date())
            return


def _goes_along(case: Case, column: str, rest: "pandas.DataFrame") -> bool:
    """Whether the column is beyond its threshold in the rest too, and a number on the same side."""
    if case.strength(column, case.reference, rest) < 1.0:
        return False
    if column not in case.numbers:
        return True
    usual = case.reference[column].mean()
    return bool((rest[column].mean() - usual) * (case.current[column].mean() - usual) > 0)


def _one_source(case: Case) -> Iterator[Doubt]:
    """The value of a category without whose rows nothing moved; of two values neither is the odd one."""
    for column in case.places(20):
        if case.reference[column].nunique() < 3:
            continue
        shares = case.reference[column].value_counts(normalize=True)
        for value in shares[shares >= LEAST_SHARE].index:
            before, after = (side[side[column] != value] for side in (case.reference, case.current))
            if before.empty or after.empty or not _moves(case, before, after):
                yield Doubt(f"nothing moved but the rows of {column} {value!r}")
                return


def _moves(case: Case, before: "pandas.DataFrame", after: "pandas.DataFrame") -> bool:
    """Whether any column that moved is still beyond its threshold between these rows."""
    return any(case.strength(column, before, after) >= 1.0 for column in case.moved)


def _apart_from_inputs(case: Case, kind: Kind) -> bool:
    """Whether the labels moved, and not merely because an input did.

    Label shift: drawn with the current share of each label, the reference's inputs look like the current ones, as they
    do when only the base rate moved. Concept shift: the champion is wrong also where it cannot see what moved.
    """
    if kind == "label shift":
        return case.label is not None and mix.explains(case, case.label, list(case.moved))
    return any(evidence.kind == kind for evidence in labels.answers(_blind(case)))


def _blind(case: Case) -> Case:
    """The case with values of any reference row in the columns that moved."""
    return replace(
        case,
        reference=_shuffled(case, case.reference),
        current=_shuffled(case, case.current),
        labelled=None if case.labelled is None else _shuffled(case, case.labelled),
    )


def _shuffled(case: Case, rows: "pandas.DataFrame") -> "pandas.DataFrame":
    drawn: Any = case.reference.sample(len(rows), replace=True, random_state=0)
    return rows.assign(**{column: drawn[column].to_numpy() for column in case.moved})
