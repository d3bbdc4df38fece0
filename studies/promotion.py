"""What a gate lets in over a year, what it costs, and which bad models it stops.

    .venv/bin/python -m studies.promotion [--quick] [--keep FOLDER] [--whole-year] [--write]

1. Years of nights in which a recipe of a known worth asks every night (``studies/years.py``). Counted are the years in
   which one that is worse by just the margin, the hardest case, is let in on any night; beside it what the usual gates
   let in, how long better ones wait, and how intervals of few days hold.
2. The flights of 2013 lived through with the gate and always taking the freshest (``studies/retrains.py``): every week
   from the ninth on, with the window of the pipeline and with one of 16 weeks; and every night of two stretches of six
   weeks with 16 weeks, where the windows of champion and challenger differ. With the pipeline's window champion and
   challenger are fitted on the same rows in their first year, so that the gate costs nothing there by construction.
   About 350 fits, an hour of one core; with ``--whole-year`` every night from the ninth week on, some 900 fits more.
3. Injected bad models, each stopped by an objection that names its cause, and good ones on the same way
   (``studies/bad_models.py``).

With ``--keep`` the years, every fit's predictions and every bad model's answer are kept in FOLDER: the next call goes
on where one was ended, and the last one prints all figures. ``--quick`` leaves flights and bad models out and lives
fewer years; ``--write`` draws docs/images/promotion.png. Ends with one JSON line.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ml.gates import BeatsChampion
from studies import bad_models, retrains, years

ROOT = Path(__file__).parents[1]
SIZES = (-0.01, -0.005, -0.003, -0.002, -0.001, 0.0, 0.001, 0.002)
HARMS = (0.0, 0.005, 0.01, 0.015, 0.02, 0.03)
GOOD = 6
STRETCHES = ((date(2013, 6, 10), date(2013, 7, 22)), (date(2013, 10, 28), date(2013, 12, 9)))
YEAR = (date(2013, 3, 4), date(2013, 12, 30))
BLUE, ORANGE, GREY, INK = "#0072B2", "#D55E00", "#8b949e", "#24292f"


def of_years(lived: int) -> dict[str, Any]:
    """What the gate does in simulated years: error, power, and how good few days are."""
    counted = years.wrong(years.MARGIN, lived)
    worst = max(counts["gate"] for counts in counted.values())
    return {
        "by_world": counted,
        "worst_world": {"wrong": worst, "years": lived, "interval": _interval(worst, lived)},
        "twice_the_margin": sum(counts["gate"] for counts in years.wrong(2 * years.MARGIN, lived, seed=50).values()),
        "six_recipes_a_year": years.restless(lived),
        "power": {str(size): years.nights_until(size, lived) for size in SIZES},
        "harm_stopped_at_once": {str(size): round(years.harm(size, lived), 3) for size in HARMS},
        "intervals, normal days": {str(n): years.coverage(n) for n in (5, 7)},
        "intervals, skewed days": {str(n): years.coverage(n, years.skewed) for n in (5, 7)},
    }


def _interval(wrong: int, lived: int) -> list[float]:
    """Clopper and Pearson's 95 % interval of a share."""
    from scipy import stats  # type: ignore[import-untyped]

    found = stats.binomtest(wrong, lived).proportion_ci(0.95, method="exact")
    return [round(float(end), 4) for end in found]


def of_flights(keep: Path | None, whole_year: bool = False) -> dict[str, Any]:
    """What the gate costs on flights, weekly and nightly."""
    fits, gate = retrains.Fits(keep), BeatsChampion(metric="log_loss", margin=years.MARGIN)
    lived = {
        "weekly, 48 weeks": retrains.weekly(fits, 336, gate),
        "weekly, 16 weeks": retrains.weekly(fits, 112, gate),
    }
    spans = [YEAR] if whole_year else STRETCHES
    nights = [tuple((day - retrains.FIRST).days for day in span) for span in spans]
    nightly = {
        span[0]: retrains.nightly(fits, 112, gate, (first, last))
        for span, (first, last) in zip(spans, nights, strict=True)
    }
    rows = sum(each.rows for each in nightly.values())
    return {
        **{name: _told(each) for name, each in lived.items()},
        **{f"nightly, 16 weeks, {first}": _told(each) for first, each in nightly.items()},
        "nightly, 16 weeks": {
            "cost": round(sum(each.cost * each.rows for each in nightly.values()) / rows, 5),
            "nights": sum(each.nights for each in nightly.values()),
        },
    }


def _told(lived: retrains.Lived) -> dict[str, Any]:
    losses = {name: round(getattr(lived, name), 5) for name in ("freshest", "gated", "never", "cost")}
    return {**losses, "nights": lived.nights, "refused": [str(day) for day in lived.refused]}


def picture(lived: int, path: Path) -> None:
    """How often worse recipes are let in, and how long better ones wait."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.4), dpi=110, layout="constrained", facecolor="white")
    left, right = figure.subplots(1, 2)
    _draw_wrong(left, lived)
    _draw_power(right, lived)
    figure.savefig(path)


def _draw_wrong(axes: Any, lived: int) -> None:
    """The share of years in which a worse recipe is in Production by a night, by three gates."""
    import numpy as np

    found = years.days(years.WORLDS["days like their neighbours"], years.MARGIN, lived, 70)
    shown = np.repeat(years.shown(found, years.first_level()), years.WEEK, axis=1)
    ways = {
        "two numbers side by side": (years.side_by_side(found), GREY),
        "an interval each night": (years.one_look(found), ORANGE),
        "Nightshift": (shown, BLUE),
    }
    for name, (passed, colour) in ways.items():
        share = np.maximum.accumulate(passed, axis=1).mean(axis=0)
        axes.plot(np.arange(len(share)) + years.NIGHTS - len(share), share, color=colour, label=name, linewidth=1.8)
    axes.axhline(years.ALPHA, color=INK, linewidth=1, linestyle=":")
    axes.text(350, years.ALPHA + 0.015, f"alpha {years.ALPHA:g}", ha="right", color=INK)
    _plain(axes, "A recipe worse by the margin is in Production", "night of the year", "share of years")


def _draw_power(axes: Any, lived: int) -> None:
    """The share of years in which a recipe is in Production, by how much better it is."""
    import numpy as np

    for size, style in ((-0.01, "-"), (-0.005, "--"), (-0.002, "-."), (0.0, ":")):
        found = years.days(years.WORLDS["days like their neighbours"], size, lived, 80)
        share = np.maximum.accumulate(years.shown(found, years.first_level()), axis=1).mean(axis=0)
        name = f"better by {-size:g}" if size else "just as good"
        axes.plot((np.arange(len(share)) + 1) * years.WEEK, share, style, color=BLUE, label=name, linewidth=1.8)
    _plain(axes, "Another recipe is in Production", "night of the year", "share of years")


def _plain(axes: Any, title: str, x: str, y: str) -> None:
    axes.set_title(title, loc="left", color=INK, fontsize=12, fontweight="bold")
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_ylim(-0.02, 1.02)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="center right")


def main(words: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--keep", type=Path)
    options.add_argument("--whole-year", action="store_true")
    options.add_argument("--write", action="store_true")
    asked = options.parse_args(words)
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
    lived = 200 if asked.quick else 2000
    simulated = kept(asked.keep, f"years_{lived}", lambda: of_years(lived))
    print(json.dumps({"years": simulated}), flush=True)
    flights = {} if asked.quick else of_flights(asked.keep, asked.whole_year)
    print(json.dumps({"flights": flights}), flush=True)
    if asked.write:
        picture(lived, ROOT / "docs" / "images" / "promotion.png")
    print(json.dumps(_line(simulated, flights, lived) | ({} if asked.quick else judged(asked.keep))))


def kept(folder: Path | None, name: str, find: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What the file of that name in the folder holds; if there is none it is found, and written whole or not at all."""
    path = folder / f"{name}.json" if folder else None
    if path and path.exists():
        return dict(json.loads(path.read_text()))
    found = find()
    if path:
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(found))
        fresh.rename(path)
    return found


def judged(keep: Path | None) -> dict[str, Any]:
    """What became of the injected bad models, and of good ones on the same way."""
    return bad_models.figures_of(bad_models.run(keep=keep), bad_models.good(GOOD, keep=keep))


def _line(simulated: dict[str, Any], flights: dict[str, Any], lived: int) -> dict[str, Any]:
    wrong = sum(counts["gate"] for counts in simulated["by_world"].values())
    total = lived * len(simulated["by_world"])
    costs = [flights[name]["cost"] for name in ("weekly, 48 weeks", "weekly, 16 weeks", "nightly, 16 weeks") if flights]
    return {
        "alpha": years.ALPHA,
        "wrong_promotions": wrong,
        "simulated": total,
        "wrong_interval": _interval(wrong, total),
        "worst_world_interval": simulated["worst_world"]["interval"],
        "gate_cost_log_loss": max(costs, default=None),
    }


if __name__ == "__main__":
    main()
