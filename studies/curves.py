"""Power curves: how many nights until a fault of this size alarms, beside Evidently's defaults on the same nights."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from studies import damage
from studies.alarms import Bench, Judge

NIGHTS = 7
STEP = 18
DEFAULT_THRESHOLD, DEFAULT_SHARE = 0.1, 0.5
OURS, DEFAULTS, INK = "#0072B2", "#D55E00", "#24292f"

Sized = Callable[[float], damage.Damage]


def faults() -> dict[str, tuple[Sized, tuple[float, ...], str]]:
    """Faults that come in sizes; size 0 is no fault."""
    return {
        "thermometer reads too high": (lambda size: damage.times("temp", 1, size), (0, 2, 4, 8, 16, 32), "°F"),
        "wind in a larger unit": (
            lambda size: damage.times("wind_speed", 1 + size),
            (0, 0.1, 0.2, 0.4, 0.6, 1),
            "factor - 1",
        ),
        "rows of one airport missing": (
            lambda size: damage.thinner("origin", "EWR", size),
            (0, 0.1, 0.2, 0.3, 0.5, 0.8),
            "share",
        ),
        "values of distance missing": (_gaps, (0, 0.01, 0.03, 0.1, 0.3, 1), "share of rows"),
    }


def _gaps(size: float) -> damage.Damage:
    empty = pl.int_range(pl.len()).hash(3) % 1000 < int(size * 1000)
    return damage.each(lambda frame: frame.with_columns(distance=pl.when(empty).then(None).otherwise("distance")))


def draw(bench: Bench, path: Path, told: Callable[[str], None]) -> None:
    """A PNG with one panel for each fault: size against the median of nights until the first alarm."""
    from matplotlib.figure import Figure

    judge, loud = bench.judge(90), _default_rate(bench)
    figure = Figure(figsize=(10, 6.4), dpi=110, layout="constrained")
    for axes, (name, (sized, sizes, unit)) in zip(figure.subplots(2, 2).flat, faults().items(), strict=True):
        told(f"curve: {name}")
        curves = [_waits(bench, judge, sized(size) if size else None) for size in sizes]
        _panel(axes, name, unit, sizes, curves)
    figure.suptitle(
        "Nights until a fault alarms (median, and the middle half of the starts), flights of 2013\n"
        f"calibrated to 1 false alarm per 90 nights; Evidently's defaults alarm on {loud:.0%} of quiet nights",
        x=0.01,
        ha="left",
        fontsize=11,
        color=INK,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})


def _waits(bench: Bench, judge: Judge, hit: damage.Damage | None) -> Mapping[str, list[float]]:
    """For each start how many nights it took, NIGHTS + 1 when longer, by ours and by the defaults."""
    found: dict[str, list[float]] = {"ours": [], "defaults": []}
    for start in bench.starts(STEP, NIGHTS):
        scores = bench.struck(start, hit or (lambda frames: list(frames)), NIGHTS)
        found["ours"].append(_first(judge.alarms(bench.days[start], scores)))
        found["defaults"].append(_first(_default_alarms(bench, scores)))
    return found


def _first(alarms: Any) -> float:
    return float(np.argmax(alarms)) + 1 if alarms.any() else NIGHTS + 1.0


def _default_alarms(bench: Bench, scores: Mapping[str, Any]) -> Any:
    """Evidently's preset: drift where half of the columns score 0.1 or more."""
    passed = np.array([scores[name] >= DEFAULT_THRESHOLD for name in bench.plan.columns])
    return passed.mean(axis=0) >= DEFAULT_SHARE


def _default_rate(bench: Bench) -> float:
    return float(_default_alarms(bench, bench.quiet.scores).mean())


def _panel(axes: Any, name: str, unit: str, sizes: Any, curves: list[Mapping[str, list[float]]]) -> None:
    places = np.arange(len(sizes))
    for who, colour, mark, label in (
        ("ours", OURS, "o-", "calibrated, 1 in 90"),
        ("defaults", DEFAULTS, "s--", "Evidently's defaults"),
    ):
        low, middle, high = np.array([np.quantile(curve[who], (0.25, 0.5, 0.75)) for curve in curves]).T
        axes.fill_between(places, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.plot(places, middle, mark, color=colour, label=label, markersize=5)
    axes.set_title(name, fontsize=10, loc="left", color=INK)
    axes.set_xticks(places, [f"{size:g}" for size in sizes])
    axes.set_xlabel(unit, fontsize=9)
    axes.set_ylim(0.5, NIGHTS + 1.5)
    axes.set_yticks([1, 3, 5, 7, 8], ["1", "3", "5", "7", "later"])
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=8, frameon=False)


__all__ = ["draw", "faults"]
