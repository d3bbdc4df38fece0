"""Pictures of a challenger beside the champion: where they disagree, and what each leans on."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ml.figures import COLORS, FAINT, blank, styled
from ml.records import Importance

if TYPE_CHECKING:
    import numpy
    from matplotlib.figure import Figure

MOST_FEATURES = 15


def of_roles(
    predictions: Mapping[str, "numpy.ndarray[Any, Any]"], importances: Sequence[Importance]
) -> "dict[str, Figure]":
    """The figures by file name; each only when there is something to show."""
    import numpy

    found = {}
    pair = [predictions[role] for role in ("champion", "challenger") if role in predictions]
    if len(pair) == 2 and all(numpy.isfinite(side).all() for side in pair):
        found["agreement.png"] = agreement(*pair)
    if importances:
        found["importances.png"] = what_they_lean_on(importances)
    return found


def agreement(champion: "numpy.ndarray[Any, Any]", challenger: "numpy.ndarray[Any, Any]") -> "Figure":
    """What the challenger says of each row against what the champion says of it."""
    import numpy

    figure = blank(5.4, 5.0)
    apart = abs(challenger - champion)
    ends = [min(champion.min(), challenger.min()), max(champion.max(), challenger.max())]
    title = f"Predictions differ by {apart.mean():.3g} on average"
    axes = styled(figure.subplots(), title, "champion", "challenger")
    axes.hexbin(champion, challenger, gridsize=45, mincnt=1, bins="log", cmap="Blues", linewidths=0.2)
    axes.plot(ends, ends, color=FAINT, linewidth=1, linestyle=":")
    far = numpy.quantile(apart, 0.99)
    axes.text(0.02, 0.97, f"99 of 100 by less than {far:.3g}", transform=axes.transAxes, va="top", color=FAINT)
    return figure


def what_they_lean_on(importances: Sequence[Importance]) -> "Figure":
    """Each feature's importance for each role, joined by a line, so that a change is seen at once."""
    names = list(dict.fromkeys(each.feature for each in importances))[:MOST_FEATURES]
    figure = blank(6.4, 1.4 + 0.3 * len(names))
    metric = importances[0].metric
    axes = styled(figure.subplots(), "What the models lean on", f"{metric} gets worse by, when shuffled", "")
    for role in dict.fromkeys(each.role for each in importances):
        own = {each.feature: each for each in importances if each.role == role}
        known = [(place, own[name]) for place, name in enumerate(names) if name in own]
        places, values = [place for place, _ in known], [each.worse_by for _, each in known]
        spread = [
            [each.worse_by - each.spread[0] for _, each in known],
            [each.spread[1] - each.worse_by for _, each in known],
        ]
        marker = "o" if role == "challenger" else "D"
        axes.errorbar(
            values, places, xerr=spread, fmt=marker, markersize=5, elinewidth=1, color=COLORS[role], label=role
        )
    axes.axvline(0, color=FAINT, linewidth=1, linestyle=":")
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.legend(frameon=False, loc="lower right")
    return figure
