"""Pictures of an evaluation. Plain Figure objects: nothing global, no window, no pyplot."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ml.metrics import Task

if TYPE_CHECKING:
    import numpy
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Array = numpy.ndarray[Any, Any]

COLORS = {"challenger": "#1f6feb", "champion": "#d97706", "baseline": "#8b949e"}
INK, FAINT, GRID = "#24292f", "#57606a", "#e6e9ed"
BINS = 10


def of_evaluation(task: Task, y: "Array", predictions: Mapping[str, "Array"]) -> dict[str, "Figure"]:
    """The figures of an evaluation by file name. ``predictions`` maps each role to its prediction of ``y``.

    A role whose predictions are not all finite cannot be drawn; without the challenger there is nothing to show.
    """
    import numpy

    predictions = {role: p for role, p in predictions.items() if numpy.isfinite(p).all()}
    if "challenger" not in predictions:
        return {}
    if task == "regression":
        return {"residuals.png": residuals(y, predictions)}
    return {
        "confusion_matrix.png": confusion_matrix(y, predictions["challenger"]),
        "calibration.png": calibration(y, predictions),
        "roc_pr.png": roc_pr(y, predictions),
    }


def png(figure: "Figure") -> bytes:
    """The figure as the bytes of a PNG file."""
    import io

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def confusion_matrix(y: "Array", probability: "Array", threshold: float = 0.5) -> "Figure":
    """Rows by label and by what the challenger says at a threshold, with the share of each label's rows."""
    import numpy

    said = (probability >= threshold).astype(int)
    counts = numpy.array([[((y == label) & (said == s)).sum() for s in (0, 1)] for label in (0, 1)])
    shares = counts / numpy.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = blank(4.6, 4.2)
    axes = styled(figure.subplots(), f"Confusion matrix at {threshold:g}", "challenger says", "label", grid=False)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1.15)
    for row, column in numpy.ndindex(2, 2):
        ink = "white" if shares[row, column] > 0.6 else INK
        text = f"{counts[row, column]:,}\n{shares[row, column]:.1%} of label {row}"
        axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=11)
    axes.set_xticks([0, 1], ["0", "1"])
    axes.set_yticks([0, 1], ["0", "1"])
    return figure


def calibration(y: "Array", predictions: Mapping[str, "Array"]) -> "Figure":
    """How often the label is 1 where a role says so with some probability; below, how often it says that.

    Ten bins of equal width; a bar is a 95 % Wilson interval (Wilson 1927) as if the rows were independent.
    """
    import numpy

    figure = blank(6.4, 5.8)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    styled(upper, f"Calibration on {len(y):,} held-out rows", "", "share of label 1")
    styled(lower, "", "predicted probability", "rows")
    upper.plot([0, 1], [0, 1], color=FAINT, linewidth=1, linestyle=":")
    edges = numpy.linspace(0, 1, BINS + 1)
    for role in _learned(predictions):
        p = predictions[role]
        x, share, low, high = _bins(y, p, edges)
        upper.errorbar(x, share, yerr=[share - low, high - share], color=COLORS[role], label=role, **_DOTS)
        lower.hist(p, bins=40, range=(0, 1), histtype="step", color=COLORS[role], linewidth=1.6)
    upper.set_ylim(-0.02, 1.02)
    upper.legend(frameon=False, loc="upper left")
    return figure


_DOTS: dict[str, Any] = {"marker": "o", "markersize": 5, "linewidth": 1.6, "elinewidth": 1, "capsize": 2}


def _bins(y: "Array", p: "Array", edges: "Array") -> tuple["Array", "Array", "Array", "Array"]:
    """Mean prediction and share of ones, with its interval, of each bin that has rows."""
    import numpy

    place = numpy.clip(numpy.digitize(p, edges) - 1, 0, len(edges) - 2)
    n = numpy.bincount(place, minlength=len(edges) - 1)
    full = n > 0
    n, ones = n[full], numpy.bincount(place, weights=y, minlength=len(edges) - 1)[full]
    mean = numpy.bincount(place, weights=p, minlength=len(edges) - 1)[full] / n
    share, z = ones / n, 1.96
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * numpy.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return mean, share, numpy.minimum(middle - half, share), numpy.maximum(middle + half, share)


def roc_pr(y: "Array", predictions: Mapping[str, "Array"]) -> "Figure":
    """ROC and precision-recall curves of all roles; rows of one class have neither."""
    from sklearn import metrics

    figure = blank(10, 4.8)
    left, right = figure.subplots(1, 2)
    styled(left, "ROC", "false positive rate", "true positive rate")
    styled(right, "Precision and recall", "recall", "precision")
    if not 0 < y.sum() < len(y):
        figure.suptitle(f"all {len(y):,} held-out labels are {int(y[0])}: no curve", color=INK)
        return figure
    for role, p in predictions.items():
        fpr, tpr, _ = metrics.roc_curve(y, p)
        left.plot(fpr, tpr, **_line(role, f"{role}, area {metrics.auc(fpr, tpr):.3f}"))
        precision, recall, _ = metrics.precision_recall_curve(y, p)
        area = metrics.average_precision_score(y, p)
        # before the first hit precision is 0 or 1 by convention, which says nothing
        precision[recall == 0] = precision[recall > 0][-1]
        right.plot(recall, precision, drawstyle="steps-post", **_line(role, f"{role}, average {area:.3f}"))
    left.legend(frameon=False, loc="lower right")
    right.legend(frameon=False, loc="upper right")
    right.set_ylim(-0.02, 1.02)
    return figure


def _line(role: str, label: str) -> dict[str, Any]:
    return {"color": COLORS[role], "linewidth": 1.8, "linestyle": ":" if role == "baseline" else "-", "label": label}


def residuals(y: "Array", predictions: Mapping[str, "Array"]) -> "Figure":
    """Predicted against true values of the challenger, and how the errors of all roles spread."""
    import numpy

    figure = blank(10, 4.8)
    left, right = figure.subplots(1, 2)
    challenger = predictions["challenger"]
    styled(left, f"Challenger on {len(y):,} held-out rows", "label", "prediction")
    left.hexbin(y, challenger, gridsize=45, mincnt=1, bins="log", cmap="Blues", linewidths=0.2)
    ends = [min(y.min(), challenger.min()), max(y.max(), challenger.max())]
    left.plot(ends, ends, color=FAINT, linewidth=1, linestyle=":")
    styled(right, "Errors", "prediction minus label", "rows")
    errors = {role: p - y for role, p in predictions.items()}
    low, high = numpy.percentile(numpy.concatenate(list(errors.values())), [0.5, 99.5])
    span = (low, high) if high > low else (low - 0.5, high + 0.5)
    for role, error in errors.items():
        style = {"color": COLORS[role], "linewidth": 1.6, "linestyle": ":" if role == "baseline" else "-"}
        right.hist(error, bins=60, range=span, histtype="step", label=f"{role}, mean {error.mean():+.3g}", **style)
    right.set_ylim(top=right.get_ylim()[1] * 1.3)
    right.legend(frameon=False, loc="upper left")
    return figure


def _learned(predictions: Mapping[str, Any]) -> Sequence[str]:
    return [role for role in predictions if role != "baseline"]


def blank(width: float, height: float) -> "Figure":
    """An empty figure, so many inches wide and high, in the look of all of them."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=110, layout="constrained", facecolor="white")


def styled(axes: Any, title: str, x: str, y: str, grid: bool = True) -> "Axes":
    """The axes with title and names in the look of all of them."""
    axes.set_title(title, loc="left", color=INK, fontsize=12, fontweight="bold")
    axes.set_xlabel(x, color=FAINT)
    axes.set_ylabel(y, color=FAINT)
    axes.tick_params(colors=FAINT, length=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GRID)
    axes.set_axisbelow(True)
    if grid:
        axes.grid(color=GRID, linewidth=0.8)
    return axes  # type: ignore[no-any-return]
