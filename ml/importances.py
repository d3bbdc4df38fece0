"""How much each model leans on each feature: how much worse it gets when the feature's values are shuffled."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ml import training
from ml.metrics import METRICS, Task, compute
from ml.records import Importance, Role

if TYPE_CHECKING:
    import numpy
    import pandas as pd

ROWS, REPEATS, SEED = 2000, 3, 0


def importances(
    task: Task, metric: str, y: "numpy.ndarray[Any, Any]", models: Mapping[Role, tuple[Any, "pd.DataFrame"]]
) -> tuple[Importance, ...]:
    """The permutation importance of every feature for every model, the one that matters most to the first model first.

    Each model comes with the rows as it takes them. Measured on at most 2,000 of them, evenly spread, three shuffles
    each, the same for all models, so that what differs between two models is not the shuffle (Breiman 2001,
    https://doi.org/10.1023/A:1010933404324; Fisher, Rudin and Dominici 2019,
    https://jmlr.org/papers/v20/18-760.html). A feature that another one stands in for looks less important than it is.
    Empty when the metric is not defined on these rows.

    Raises
    ------
    TrainingError
        A model cannot predict the rows.
    """
    import numpy

    step = -(-len(y) // ROWS)
    y = y[::step]
    shuffles = [numpy.random.default_rng([SEED, n]).permutation(len(y)) for n in range(REPEATS)]
    found = [
        each
        for role, (model, rows) in models.items()
        for each in _of_model(task, metric, y, rows.iloc[::step], shuffles, role, model)
    ]
    weight = {each.feature: -each.worse_by for each in reversed(found)}
    return tuple(sorted(found, key=lambda each: weight[each.feature]))


def _of_model(
    task: Task,
    metric: str,
    y: "numpy.ndarray[Any, Any]",
    rows: "pd.DataFrame",
    shuffles: list[Any],
    role: Role,
    model: Any,
) -> Iterator[Importance]:
    """One feature after the other; all its shuffles are predicted at once, since a call costs more than its rows."""
    import numpy
    import pandas as pd

    whole = compute(task, y, training.predict(task, model, rows)).get(metric)
    if whole is None:
        return
    many = pd.concat([rows] * len(shuffles), ignore_index=True)
    for feature in map(str, model.feature_names_in_):
        values = rows[feature]
        mixed = pd.concat([values.iloc[order] for order in shuffles], ignore_index=True)
        parts = numpy.split(training.predict(task, model, many.assign(**{feature: mixed})), len(shuffles))
        worse = [METRICS[metric].worse_by(compute(task, y, part)[metric], whole) for part in parts]
        yield Importance(
            feature=feature,
            role=role,
            metric=metric,
            worse_by=float(numpy.mean(worse)),
            spread=(min(worse), max(worse)),
        )
