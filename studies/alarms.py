"""Does an alarm mean something? How often the calibrated check cries wolf, and what it sees how soon.

    .venv/bin/python -m studies.alarms [--quick] [--write] [--worlds 10-25]

The rate is counted on nights that the calibration never saw: of the flights of 2013 on fortnights left out in turn, of
each synthetic stream on two further years of several worlds, lived through as nights are: calibrated every four weeks
on the nights before. ``once`` is the same with each world's first year as its only calibration, which no real night
has, since a calibration expires. Power is the share of starts at which an injected fault alarms within one and within
three nights, under thresholds that never saw that start's fortnight. ``--write`` draws ``docs/images/power.png``. Ends
with one JSON line.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import binom

from ml.calibration.check import Fitted, HeldOut, Quiet, Rule, blocks, calibrate, held_out, interval
from ml.config import load_pipeline
from ml.detectors.detector import Place
from ml.detectors.windows import night, nights
from ml.drift import EvidentlyDrift
from ml.drift.replay import Day, Replay
from ml.drills import Ground
from studies import damage, flights
from studies.streams import Stream, streams

ROOT = Path(__file__).parents[1]
RATES = (30, 90)
LONGEST = 3
YEAR = 365
WORLDS = 7

Spans = dict[int, list[HeldOut]]


@dataclass(frozen=True)
class Bench:
    """Days of a pipeline with the scores of all their nights, and thresholds for each fold left out."""

    name: str
    plan: EvidentlyDrift
    time: str
    frames: Mapping[date, pl.DataFrame]
    label: str | None = None
    label_delay: int = 0

    @cached_property
    def replay(self) -> Replay:
        columns = {name: check.column_kind for name, check in self.plan.columns.items()}
        detectors = tuple(d for d in self.plan.detectors if d.kind not in ("champion", "concept"))
        place = Place(self.time, columns, label=self.label, label_delay=self.label_delay)
        return Replay(self.plan.columns, detectors, self.plan.min_rows, place)

    @cached_property
    def days(self) -> list[date]:
        return list(self.frames)

    @cached_property
    def summed(self) -> list[Day]:
        return [self.replay.day(day, rows) for day, rows in self.frames.items()]

    @cached_property
    def quiet(self) -> Quiet:
        past = nights(self.days, self.plan.reference, self.plan.current)
        return Quiet([n.day for n in past], self.replay.scores(self.summed, past), self.replay.scales())

    def judge(self, asked: int) -> "Judge":
        """The check at a rate of one in ``asked`` nights."""
        fold = blocks(self.quiet.days)
        fitted = {int(f): calibrate(self.quiet.of(fold != f), 1 / asked, Rule()) for f in np.unique(fold)}
        return Judge(self, fitted)

    def struck(self, start: int, hit: damage.Damage, length: int) -> dict[str, np.ndarray[Any, Any]]:
        """Scores of the nights from ``start`` on with a fault in each; the reference takes the damaged days in."""
        span = self.days[start : start + length]
        bad = [self.replay.day(day, rows) for day, rows in zip(span, hit([self.frames[d] for d in span]), strict=True)]
        known = self.summed[max(0, start - self.plan.reference - self.plan.current) : start] + bad
        dates = [day.day for day in known]
        return self.replay.scores(known, [night(dates, d, self.plan.reference, self.plan.current) for d in span])

    def starts(self, step: int, length: int) -> list[int]:
        """Places of days at which a fault may begin."""
        return list(range(self.plan.reference + self.plan.current, len(self.days) - length, step))


@dataclass(frozen=True)
class Judge:
    """Which nights alarm, each under thresholds that were fitted without its fortnight."""

    bench: Bench
    fitted: Mapping[int, Fitted]

    def alarms(self, day: date, scores: Mapping[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
        fitted = self.fitted[int(blocks([day])[0])]
        scales, count = self.bench.replay.scales(), len(next(iter(scores.values())))
        passed = np.zeros(count, dtype=bool)
        for name, tail in fitted.tails.items():
            limit = tail.at(fitted.level)
            passed |= np.array([scales[name].spread(float(s)) > limit for s in scores[name]])
        return passed


def of_flights() -> Bench:
    """The year, without what the contract sets aside: the storm of 1,048 mph, the day whose weather is absent."""
    pipeline = load_pipeline(ROOT / "config" / "pipelines" / "flight_delays.yaml")
    rows = flights.frame().filter(
        pl.col("wind_speed").fill_null(0) < 150, pl.col("sched_dep").dt.date() < date(2013, 12, 31)
    )
    days = by_day(rows, "sched_dep")
    return Bench("flights", pipeline.drift, "sched_dep", days, pipeline.model.label, pipeline.source.label_delay)


def by_day(rows: pl.DataFrame, time: str) -> dict[date, pl.DataFrame]:
    """The rows of each day, in order of days."""
    parts = rows.with_columns(__day=pl.col(time).dt.date()).partition_by("__day", as_dict=True, include_key=False)
    return {day: part for (day,), part in sorted(parts.items())}


def of_stream(stream: Stream, days: int) -> Bench:
    return Bench(stream.name, stream.plan, stream.time, dict(stream.days(days)))


def forward(bench: Bench, asked: int, warm: int = 100, holds: int = 28) -> HeldOut:
    """The rate as it is lived through: calibrated every ``holds`` nights, on nothing but the nights before.

    The first ``warm`` nights are calibrated on only.
    """
    alarms, count = 0, 0
    places = np.arange(len(bench.quiet.days))
    for start in range(warm, len(places), holds):
        fitted = calibrate(bench.quiet.of(places < start), 1 / asked, Rule())
        fresh = bench.quiet.of((places >= start) & (places < start + holds))
        alarms += int((fresh.strangest(fitted.tails, Rule()) <= fitted.level).sum())
        count += len(fresh.days)
    return HeldOut(count, alarms, interval(alarms, count))


def pooled(found: Sequence[HeldOut]) -> HeldOut:
    """Several spans as one."""
    nights_, alarms = sum(one.nights for one in found), sum(one.alarms for one in found)
    return HeldOut(nights_, alarms, interval(alarms, nights_))


def inside(found: HeldOut, asked: int) -> bool:
    """Whether so many alarms are what a check of that very rate gives in 95 of 100 such spans."""
    low, high = binom.interval(0.95, found.nights, 1 / asked)
    return bool(low <= found.alarms <= high)


def power(
    bench: Bench,
    faults: Mapping[str, damage.Damage],
    judges: Mapping[int, Judge],
    step: int,
    told: Callable[[str], None],
) -> dict[str, dict[str, float]]:
    """For each fault the share of starts at which it alarms, by rate and within how many nights."""
    found = {}
    for name, hit in faults.items():
        told(f"{bench.name}: {name}")
        seen: dict[str, list[bool]] = {
            f"1 in {asked}, {n}": [] for asked in judges for n in ("first night", "3 nights")
        }
        for start in bench.starts(step, LONGEST):
            scores = bench.struck(start, hit, LONGEST)
            for asked, judge in judges.items():
                alarms = judge.alarms(bench.days[start], scores)
                seen[f"1 in {asked}, first night"].append(bool(alarms[0]))
                seen[f"1 in {asked}, 3 nights"].append(bool(alarms.any()))
        found[name] = {key: round(float(np.mean(values)), 2) for key, values in seen.items()}
    return found


def drilled(bench: Bench, ground: Ground, judge: Judge, step: int, told: Callable[[str], None]) -> dict[str, str]:
    """Of each fault of the fire drills, at how many starts it alarms within three nights, without any contract."""
    seen: dict[str, list[bool]] = {}
    for start in bench.starts(step, LONGEST):
        told(f"{bench.name}: fire drills from {bench.days[start]}")
        for name, hit in damage.roster(ground, seed=start):
            try:
                alarms = judge.alarms(bench.days[start], bench.struck(start, hit, LONGEST))
            except damage.CannotStrike:
                continue
            seen.setdefault(name, []).append(bool(alarms.any()))
    return {name: f"{sum(values)} of {len(values)}" for name, values in seen.items()}


def study(
    bench: Bench, found: Callable[[int], HeldOut], faults: Mapping[str, damage.Damage], step: int, told: Any
) -> Any:
    """All figures of one bench."""
    told(f"{bench.name}: {len(bench.frames)} days")
    rates = {asked: found(asked) for asked in RATES}
    goal = rates[90]
    return {
        "target": round(1 / 90, 4),
        "nights": goal.nights,
        "alarms": goal.alarms,
        "inside_interval": inside(goal, 90),
        "at_1_in_30": {"alarms": rates[30].alarms, "inside_interval": inside(rates[30], 30)},
        "power": power(bench, faults, {asked: bench.judge(asked) for asked in RATES}, step, told),
    }


def main(words: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="two faults of one stream only, to see that it runs")
    options.add_argument("--write", action="store_true", help="draw docs/images/power.png")
    options.add_argument("--worlds", help="of these worlds of the streams the rates alone, such as 10-25")
    chosen = options.parse_args(words)
    begun = monotonic()

    def told(what: str) -> None:
        print(f"{monotonic() - begun:6.0f} s  {what}", file=sys.stderr, flush=True)

    if chosen.quick:
        print(json.dumps(_quick(told)))
        return
    if chosen.worlds:
        first, last = map(int, chosen.worlds.split("-"))
        worlds = range(first, last + 1)
        print(json.dumps({s.name: _pooled(lived_rates(n, worlds, told)[0]) for n, s in enumerate(streams())}))
        return
    found: dict[str, Any] = {}
    bench = of_flights()
    found["flights"] = study(bench, lambda asked: held_out(bench.quiet, 1 / asked, Rule()), damage.flights(), 6, told)
    lived = forward(bench, 90)
    found["flights"]["lived_forward"] = {"nights": lived.nights, "alarms": lived.alarms, "inside": inside(lived, 90)}
    ground = Ground.of(load_pipeline(ROOT / "config" / "pipelines" / "flight_delays.yaml"))
    found["flights"]["drills"] = drilled(bench, ground, bench.judge(90), 28, told)
    for place, stream in enumerate(streams()):
        found[stream.name] = _of_worlds(place, told)
    if chosen.write:
        from studies.curves import draw

        draw(bench, ROOT / "docs" / "images" / "power.png", told)
    print(json.dumps(found, ensure_ascii=False))


def _of_worlds(place: int, told: Callable[[str], None]) -> dict[str, Any]:
    """A stream's figures: the rate over all worlds, how far single worlds lie apart, and power in the first."""
    lived, once = lived_rates(place, range(WORLDS), told)
    first = of_stream(streams()[place], YEAR)
    figures = study(first, lambda asked: pooled(lived[asked]), damage.of_stream(streams()[place]), 12, told)
    figures["at_1_in_30"] |= _by_world(lived[30], 30)
    return figures | _by_world(lived[90], 90) | {"once": _pooled(once)}


def lived_rates(place: int, worlds: Iterable[int], told: Callable[[str], None]) -> tuple[Spans, Spans]:
    """For each rate what two further years of every world found: lived through, and by the first year's calibration."""
    lived: Spans = {asked: [] for asked in RATES}
    once: Spans = {asked: [] for asked in RATES}
    for world in worlds:
        stream = streams(world)[place]
        told(f"{stream.name}: world {world}")
        bench = of_stream(stream, 3 * YEAR)
        known = sum(day < bench.days[YEAR] for day in bench.quiet.days)
        for asked in RATES:
            lived[asked].append(forward(bench, asked, known))
            once[asked].append(forward(bench, asked, known, holds=2 * YEAR))
    return lived, once


def _by_world(spans: Sequence[HeldOut], asked: int) -> dict[str, Any]:
    """How far single worlds lie apart; ``dispersion`` is their variance in units of a binomial one."""
    alarms = [one.alarms for one in spans]
    expected = spans[0].nights / asked * (1 - 1 / asked)
    return {
        "alarms_by_world": alarms,
        "worlds_inside": sum(inside(one, asked) for one in spans),
        "dispersion": round(float(np.var(alarms, ddof=1)) / expected, 2),
    }


def _pooled(spans: Spans) -> dict[str, Any]:
    return {f"1 in {a}": {"alarms": pooled(found).alarms, **_by_world(found, a)} for a, found in spans.items()}


def _quick(told: Callable[[str], None]) -> dict[str, Any]:
    stream = streams()[0]
    bench = of_stream(stream, 130)
    faults = dict(list(damage.of_stream(stream).items())[:2])
    return {stream.name: study(bench, lambda asked: held_out(bench.quiet, 1 / asked, Rule()), faults, 30, told)}


if __name__ == "__main__":
    main()
