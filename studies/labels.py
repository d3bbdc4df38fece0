"""What a detector of labels adds to the flights' check, and what it costs.

    .venv/bin/python -m studies.labels [--with label|concept|classifier]

A champion is fitted on the first 150 days of 2013. Faults of labels last twelve nights, others three, from every
twelfth day on that a champion of that age is judged on. Told are the rate on fortnights left out, of faults the share
of starts at which the whole check alarms on the first night and on any, the threshold, and seconds. Ends with one
JSON line for the check without the detector and one for the check with it.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from time import monotonic
from typing import Any

import numpy as np
import polars as pl

from ml.calibration.check import Quiet, Rule, calibrate, held_out
from ml.detectors import Classifier, Concept, Label, Place, ScoredDetector
from ml.drift.replay import Replay
from ml.pipelines.flight_delays import estimator
from studies import damage, flights
from studies.alarms import Bench, of_flights

KNOWN, STEP, LONG, SHORT, ASKED = 150, 12, 12, 3, 90
SCHEDULE = ("carrier", "origin", "dest", "distance", "sched_elapsed", "plane_age", "seats")
ADDED: Mapping[str, ScoredDetector] = {
    "label": Label(),
    "concept": Concept(),
    "classifier": Classifier(columns=SCHEDULE),
}


@dataclass(frozen=True)
class Judged(Bench):
    """The flights with a champion of 150 days; ``more`` is what watches beside the pipeline's own detectors."""

    more: tuple[ScoredDetector, ...] = ()

    @cached_property
    def replay(self) -> Replay:
        known = {*self.more, *(d for d in self.plan.detectors if d.kind not in ("champion", *ADDED))}
        columns = {name: check.column_kind for name, check in self.plan.columns.items()}
        place = Place(self.time, columns, predict(self), self.label, "classification", self.label_delay)
        place = replace(place, fitted_to=self.days[KNOWN - 1])
        ordered = tuple(sorted(known, key=lambda d: str(d.kind)))
        return Replay(self.plan.columns, ordered, self.plan.min_rows, place)


def predict(bench: Bench) -> Any:
    """The scores of a model that is fitted on the first days."""
    features = list(flights.plain().model.features)
    rows = pl.concat([bench.frames[day] for day in bench.days[:KNOWN]]).drop_nulls(bench.label)
    model = estimator(seed=0).fit(rows.select(features).to_pandas(), rows[str(bench.label)].cast(pl.Int8).to_numpy())
    return lambda frame: model.predict_proba(frame.select(features).to_pandas())[:, 1]


def faults() -> dict[str, tuple[damage.Damage, int]]:
    """Three faults of labels, and five of rows that must be seen as they were."""
    late, origin = pl.col("late"), pl.col("origin")
    fourth = pl.int_range(pl.len()).hash(1) % 4 == 0
    labels = {
        "late and in time turned round at one airport": pl.when(origin == "EWR").then(~late).otherwise(late),
        "a quarter of all flights late that were not": pl.when(fourth & late.is_not_null()).then(True).otherwise(late),
        "labels of two airports dealt anew": pl.when(origin != "JFK").then(late.shuffle(seed=3)).otherwise(late),
    }
    rows = ("half of one airport missing", "clock one hour off", "visibility frozen everywhere", "°F in °C")
    known = {name: damage.flights()[name] for name in (*rows, "wind in km/h")}
    changed = {name: damage.each(lambda frame, its=its: frame.with_columns(late=its)) for name, its in labels.items()}  # type: ignore[misc]
    return {name: (hit, LONG) for name, hit in changed.items()} | {name: (hit, SHORT) for name, hit in known.items()}


def study(bench: Judged) -> dict[str, Any]:
    """All figures of the check with its detectors."""
    begun, quiet = monotonic(), bench.quiet
    found: dict[str, Any] = {"seconds": round(monotonic() - begun, 1), **_rate(quiet)}
    judge = bench.judge(ASKED)
    names = [name for detector in bench.more for name in detector.names(bench.replay.place)]
    limits = calibrate(quiet, 1 / ASKED, Rule()).thresholds(bench.replay.scales())
    found["thresholds"] = {name: round(limits[name], 3) for name in names}
    starts = [s for s in bench.starts(STEP, LONG) if s >= KNOWN + 15]
    for name, (hit, length) in faults().items():
        alarms = [judge.alarms(bench.days[s], bench.struck(s, hit, length)) for s in starts]
        found[name] = {
            "first night": round(float(np.mean([a[0] for a in alarms])), 2),
            f"{length} nights": round(float(np.mean([a.any() for a in alarms])), 2),
        }
    return found


def _rate(quiet: Quiet) -> dict[str, int]:
    found = held_out(quiet, 1 / ASKED, Rule())
    return {"nights": found.nights, "alarms": found.alarms}


def main(words: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--with", dest="which", choices=list(ADDED), default="concept")
    which = options.parse_args(words).which
    flights = of_flights()
    for more in ((), (ADDED[which],)):
        bench = Judged(flights.name, flights.plan, flights.time, flights.frames, "late", flights.label_delay, more)
        print(json.dumps({"with": [d.kind for d in more], **study(bench)}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
