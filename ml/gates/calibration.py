"""Probabilities that mean what they say."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from ml import estimate
from ml.gates.gate import BaseGate, number, where
from ml.gates.trial import Trial
from ml.metrics import Task
from ml.records import Evaluation, Finding, Measurement, Role

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

STEPS = 25
EXTREME, TIMID, FAR = 0.8, 1.25, 0.02


class Calibration(BaseGate):
    """What the challenger says is what happens, or at least as nearly as what the champion says.

    The labels are fitted on the predictions by one line: a logistic one through the log-odds (Cox 1958, Biometrika
    45, 562; Van Calster et al. 2019, doi:10.1186/s12916-019-1466-7), a straight one for numbers. Its slope is 1 and it
    wins nothing when the challenger is calibrated. ``loss`` is the most that it may win: a share of the loss of knowing
    nothing but the held-out rows' own average. Beside a champion that lost as much on the same rows within ``worse``
    there is no objection, since those days surprised both. Both are judged by the low end of an interval from whole
    days.

    >>> Calibration(loss=0.05)
    Calibration(kind='calibration', loss=0.05, worse=0.01)
    """

    kind: Literal["calibration"] = "calibration"
    loss: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.05
    worse: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.01

    def measure(self, trial: Trial) -> tuple[Measurement, ...]:
        return tuple(self._measured(trial))

    def _measured(self, trial: Trial) -> Iterator[Measurement]:
        import numpy

        place = estimate.blocks(trial.days)
        roles: list[Role] = [role for role in ("challenger", "champion") if role in trial.predictions]
        odd = int((~numpy.isfinite(trial.predictions["challenger"])).sum())
        yield self._number("not finite", float(odd), "challenger", len(trial.y))
        if odd:
            return
        for role in roles:
            yield from self._of(trial, role, place)
        if "champion" in roles:
            ours, theirs = (trial.predictions[role] for role in roles)
            found = estimate.without_each(
                lambda m: miss(trial.task, trial.y[m], ours[m]) - miss(trial.task, trial.y[m], theirs[m]), place
            )
            yield self._estimated("loss beyond the champion's", found, "challenger", len(trial.y))

    def _of(self, trial: Trial, role: Role, place: "Array") -> Iterator[Measurement]:
        y, p, rows = trial.y, trial.predictions[role], len(trial.y)
        found = estimate.without_each(lambda m: miss(trial.task, y[m], p[m]), place)
        yield self._estimated("calibration loss", found, role, rows)
        yield self._number("slope", line(trial.task, y, p)[1], role, rows)
        yield self._number("too high by", float((p - y).mean()), role, rows)
        yield self._number("spread", float(p.max() - p.min()), role, rows)

    def _number(self, name: str, value: float, of: str, rows: int) -> Measurement:
        return Measurement(gate=self.kind, name=name, value=value, of=of, rows=rows)

    def _estimated(self, name: str, found: estimate.Estimate, of: str, rows: int) -> Measurement:
        return self._number(name, found.value, of, rows).model_copy(update={"interval": found.interval(0.9)})

    def finding(self, evaluation: Evaluation) -> Finding:
        found = {(m.name, m.of): m for m in evaluation.measured(self.kind)}
        if ("not finite", "challenger") not in found:
            return self.unmeasured()
        if odd := found["not finite", "challenger"].value:
            return self.found(False, f"{odd:,.0f} predictions of the challenger are not finite {where(evaluation)}")
        if found["spread", "challenger"].value == 0:
            return self.found(False, f"the challenger predicts the same for all rows {where(evaluation)}: a constant")
        lost, beyond = found["calibration loss", "challenger"], found.get(("loss beyond the champion's", "challenger"))
        passed = _low(lost) <= self.loss or (beyond is not None and _low(beyond) <= self.worse)
        worst = beyond is not None and _low(beyond) > self.worse
        passed = passed and not worst
        how = _how(found["slope", "challenger"].value, found["too high by", "challenger"].value)
        beside = f" and {number(beyond.value)} more than the champion's{_between(beyond)}" if beyond else ""
        return self.found(
            passed,
            f"the challenger's predictions are {how} {where(evaluation)}: it lost {number(lost.value)} of the loss of "
            f"the average by its calibration{_between(lost)}{beside}; at most {number(self.loss)} is allowed, and "
            f"{number(self.worse)} more than the champion",
        )


def _low(measured: Measurement) -> float:
    """The low end of its interval, or the number itself where too few days give one."""
    return measured.interval[0] if measured.interval else measured.value


def _between(measured: Measurement) -> str:
    return f" ({number(measured.interval[0])} to {number(measured.interval[1])})" if measured.interval else ""


def _how(slope: float, high: float) -> str:
    """What is wrong with predictions, in words and with the two numbers that say it."""
    words = []
    if slope < 0:
        words.append("the wrong way round")
    elif slope < EXTREME:
        words.append("too extreme")
    elif slope > TIMID:
        words.append("too timid")
    if abs(high) > FAR:
        words.append(f"too {'high' if high > 0 else 'low'}")
    said = " and ".join(words) or "calibrated"
    return f"{said} (slope {number(slope)}, mean off by {number(high)})"


def miss(task: Task, y: "Array", p: "Array") -> float:
    """What a line through the predictions wins, as a share of the loss of the rows' own average; NaN without both."""
    intercept, slope = line(task, y, p)
    if task == "regression":
        spread = float(((y - y.mean()) ** 2).mean())
        fitted = ((y - intercept - slope * p) ** 2).mean()
        return float((((y - p) ** 2).mean() - fitted) / spread) if spread else float("nan")
    average = float(y.mean())
    if not 0 < average < 1:
        return float("nan")
    odds = _log_odds(p)
    return (_loss(y, odds) - _loss(y, intercept + slope * odds)) / _loss(y, _log_odds(y * 0 + average))


def line(task: Task, y: "Array", p: "Array") -> tuple[float, float]:
    """Intercept and slope of the labels on the predictions, logistic for classification, by Newton's steps.

    The slope of predictions that are all the same is 0.
    """
    import numpy

    x = p.astype("float64") if task == "regression" else _log_odds(p)
    if numpy.ptp(x) == 0:
        return (float(y.mean()), 0.0) if task == "regression" else (float(_log_odds(y.mean())), 0.0)
    design = numpy.column_stack([numpy.ones(len(x)), x])
    if task == "regression":
        intercept, slope = numpy.linalg.lstsq(design, y.astype("float64"), rcond=None)[0]
        return float(intercept), float(slope)
    found = numpy.array([float(_log_odds(y.mean())), 0.0])
    for _ in range(STEPS):
        chance = 1 / (1 + numpy.exp(-numpy.clip(design @ found, -30, 30)))
        weight = chance * (1 - chance) + 1e-9
        step = numpy.linalg.solve((design.T * weight) @ design, design.T @ (y - chance))
        found = found + numpy.clip(step, -5, 5)
        if abs(step).max() < 1e-8:
            break
    return float(found[0]), float(found[1])


def _log_odds(p: "Array") -> "Array":
    import numpy

    p = numpy.clip(p, 1e-6, 1 - 1e-6)
    return numpy.asarray(numpy.log(p / (1 - p)))


def _loss(y: "Array", odds: "Array") -> float:
    import numpy

    return float((numpy.logaddexp(0, odds) - y * odds).mean())
