"""From signs to a diagnosis.

Every sign looks at the case by itself and gives what it found. A data fault goes before everything else, since a
model must never learn from it; then what needs no retrain; then what the labels say; what remains is covariate shift.
"""

from collections.abc import Callable, Iterator

from ml.diagnosis import categories, joint, labels, mix, rows, seasons, sensors, units
from ml.diagnosis.case import Case, Evidence, Kind

Sign = Callable[[Case], Iterator[Evidence]]

SIGNS: tuple[Sign, ...] = (
    units.converted,
    units.swapped,
    units.outside,
    categories.renamed,
    categories.merged,
    categories.disfigured,
    rows.absent_hours,
    rows.shifted_clock,
    rows.absent_source,
    rows.duplicated,
    sensors.frozen,
    sensors.stuck,
    sensors.echoed,
    sensors.gone_missing,
    sensors.leaked,
    joint.impossible,
    joint.impossible_rows,
    seasons.returned,
    labels.answers,
    mix.reweighted,
)
ORDER: tuple[Kind, ...] = ("data fault", "seasonal return", "concept shift", "label shift", "mix")
COUNTS = 0.5


def signs(case: Case) -> tuple[Evidence, ...]:
    """All that was found, the strongest first."""
    found = [evidence for sign in SIGNS for evidence in sign(case)]
    return tuple(sorted(found, key=lambda e: (-e.weight, e.sign, e.column or "")))


def explain(case: Case) -> tuple[Kind, tuple[Evidence, ...]]:
    """The diagnosis, and all evidence, that for the diagnosis first.

    Raises
    ------
    ValueError
        One side has no rows: nothing moved that could be explained.
    """
    if case.reference.empty or case.current.empty:
        raise ValueError(f"{len(case.reference)} reference and {len(case.current)} current rows explain nothing")
    found = signs(case)
    kinds = {evidence.kind for evidence in found if evidence.weight >= COUNTS}
    kind: Kind = next((k for k in ORDER if k in kinds), "covariate shift")
    return kind, tuple(sorted(found, key=lambda e: e.kind != kind))
