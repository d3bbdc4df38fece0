"""The calibration of a night: the one that still holds, or a new one from the accepted days before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ml.calibration.check import (
    BLOCK_DAYS,
    FEWEST_NIGHTS,
    Fitted,
    HeldOut,
    Quiet,
    Rule,
    calibrate,
    held_out,
    promise,
)
from ml.days import Span
from ml.detectors.windows import nights
from ml.errors import ConfigError, DataError
from ml.nightwatch.history import History
from ml.records import Batch, Calibration
from ml.workspace import Run

if TYPE_CHECKING:
    import numpy as np

    from ml.drift.replay import Scores

# what a score and its tail mean; a new number makes every calibration before it void
ARITHMETIC = 2


def wanted(run: Run) -> bool:
    """Whether the owner asked for a rate of false alarms."""
    return run.pipeline.drift.false_alarms is not None


def settings(history: History) -> str:
    """What thresholds belong to: everything that a score or the rule of alarm depends on."""
    plan = history.run.pipeline.drift.model_dump(mode="json")
    place = history.replay.place
    known = [place.event_time, place.predict is not None, place.label, place.label_delay, str(place.fitted_to)]
    return _digest([ARITHMETIC, plan, *known])


def valid(history: History) -> Calibration | None:
    """The newest calibration that holds for the run's day; None when there is none, or it is due again."""
    run = history.run
    made = run.workspace.ledger.calibrations(run.name, until=run.day)
    newest = made[-1] if made else None
    if newest is None or newest.settings != settings(history) or newest.expires <= run.day:
        return None
    days = _before(history, newest)
    return newest if newest.calendar == _calendar(days) and (newest.ready or newest.day == run.day) else None


def make(history: History) -> Calibration:
    """A new calibration from all accepted days before the run's day, kept in the lake and in the ledger."""
    run, plan = history.run, history.run.pipeline.drift
    asked = plan.false_alarms
    if asked is None:
        raise ConfigError(f"{run.name}: drift has no false_alarms, so there is no rate to calibrate to")
    batches = _before(history)
    quiet = _quiet(history, batches)
    made = _empty(history, batches, asked, len(quiet.days))
    if len(quiet.days) >= FEWEST_NIGHTS:
        rule = Rule(plan.at_least, plan.nights)
        fitted, found = calibrate(quiet, 1 / asked, rule), held_out(quiet, 1 / asked, rule)
        made = _fitted(history, made, quiet, fitted, found, batches)
    run.workspace.ledger.record_calibration(made)
    return made


def refuse_foreign(history: History, calibration: Calibration) -> None:
    """Thresholds of other settings are none.

    Raises
    ------
    ConfigError
        The calibration belongs to other settings than the pipeline has now.
    """
    if calibration.settings != settings(history):
        raise ConfigError(
            f"{history.run}: the calibration of {calibration.day} belongs to other settings of drift; "
            f"run nightshift calibrate {history.run.name}, or the night from its step calibrate on"
        )


def limits(history: History, calibration: Calibration | None) -> dict[str, float]:
    """Every threshold that holds tonight: the calibrated ones, and before them those that the owner gave."""
    return {**(calibration.thresholds if calibration else {}), **history.run.pipeline.drift.given}


def _before(history: History, like: Calibration | None = None) -> list[Batch]:
    """The quiet days before the run's day, or those that a calibration may have seen."""
    run = history.run
    last = (like.day if like else run.day) - timedelta(days=1)
    return history.quiet(Span.ending(last, run.pipeline.source.history))


def _quiet(history: History, batches: list[Batch]) -> Quiet:
    """Every past night that had all its windows, scored as tonight will be."""
    plan, days = history.run.pipeline.drift, history.summed(batches)
    past = nights([day.day for day in days], plan.reference, plan.current)
    scores = history.replay.scores(days, past)
    given = plan.given
    young = _young(history, scores)
    free = {name: values for name, values in scores.items() if name not in given and name not in young}
    return Quiet([n.day for n in past], free, history.replay.scales(), _passed(history, scores))


def _young(history: History, scores: Scores) -> set[str]:
    """The detectors' scores that too few past nights have: of those no tail is known, so none can alarm."""
    import numpy as np

    names = {name for detector in history.replay.detectors for name in detector.names(history.replay.place)}
    return {name for name in names if np.count_nonzero(~np.isnan(scores[name])) < FEWEST_NIGHTS}


def _passed(history: History, scores: Scores) -> np.ndarray[Any, Any] | None:
    """Which nights pass a threshold that the owner wrote down."""
    import numpy as np

    given, scales = history.run.pipeline.drift.given, history.replay.scales()
    spread = {name: scales[name].spread(limit) for name, limit in given.items()}
    columns = [[scales[name].spread(float(s)) >= spread[name] for s in scores[name]] for name in given]
    return np.array(columns).T if columns else None


def _empty(history: History, batches: list[Batch], asked: int, count: int) -> Calibration:
    from ml.ledger.code import code_version

    run, plan = history.run, history.run.pipeline.drift
    return Calibration(
        pipeline=run.name,
        day=run.day,
        asked=asked,
        sentence=f"not calibrated: {count} quiet nights, {FEWEST_NIGHTS} needed",
        settings=settings(history),
        calendar=_calendar(batches),
        data=_digest([[str(b.day), b.fingerprint] for b in batches]),
        first=batches[0].day if batches else None,
        last=batches[-1].day if batches else None,
        nights=count,
        blocks=len({b.day.toordinal() // BLOCK_DAYS for b in batches}),
        expires=run.day + timedelta(days=plan.recalibrate),
        code_version=code_version(),
    )


def _fitted(
    history: History, made: Calibration, quiet: Quiet, fitted: Fitted, found: HeldOut, batches: list[Batch]
) -> Calibration:
    """The calibration with thresholds; its file in the lake has the tails and the days beside them."""
    judged = made.model_copy(
        update={
            "sentence": f"{promise(made.nights, made.asked)}; {_realised(found)}",
            "alarms": found.alarms,
            "interval": found.interval,
            "level": fitted.level,
            "thresholds": fitted.thresholds(quiet.scales),
        }
    )
    document = judged.model_dump(mode="json", exclude={"code_version", "uri"})
    document["tails"] = {name: tail.as_json() for name, tail in fitted.tails.items()}
    document["days"] = {str(batch.day): batch.fingerprint for batch in batches}
    lake = history.run.workspace.lake
    stored = lake.put_bytes(json.dumps(document, indent=1).encode(), made.pipeline, "calibrations", suffix=".json")
    return judged.model_copy(update={"uri": stored.uri})


def _realised(found: HeldOut) -> str:
    low, high = found.interval
    return f"on blocks left out it alarms {found.alarms} times (95 %: {low:.1%} to {high:.1%} of nights)"


def _calendar(batches: Iterable[Batch]) -> str:
    return _digest([str(batch.day) for batch in batches])


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def tails(history: History, calibration: Calibration) -> dict[str, dict[str, float]]:
    """The fitted tails of a calibration, by the name of their score.

    Raises
    ------
    DataError
        Its file is not in the lake, or damaged.
    """
    if calibration.uri is None:
        raise DataError(f"{history.run}: {calibration.sentence}; there are no tails")
    found: dict[str, dict[str, float]] = json.loads(history.run.workspace.lake.read_bytes(calibration.uri))["tails"]
    return found
