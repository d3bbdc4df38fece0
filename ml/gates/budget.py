"""A model that the service can afford."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from ml.gates.gate import BaseGate, number
from ml.gates.trial import Trial
from ml.records import Evaluation, Finding, Measurement

MEGA = 1_000_000
UNITS = {"size": "MB", "memory": "MB", "one row": "ms", "100 rows": "ms", "one row, busy": "ms", "100 rows, busy": "ms"}
TOLD = ("size", "memory", "one row", "100 rows")
BESIDE = ("size", "memory", "one row, busy", "100 rows, busy")


class Budget(BaseGate):
    """Files, memory and waiting stay within limits, and within ``times`` what the champion takes.

    ``size`` and ``memory`` are in megabytes: the model's files, and what a fresh process grows by when it loads them.
    ``latency`` is in milliseconds: of 100 requests of one row, 95 are answered within it. Challenger and champion are
    asked in turns, and the quietest round counts for each. How many ``times`` slower one is, for one row and for 100,
    is told by the processor's time, so that a busy machine refuses nobody. A champion that needs less than 5 ms or
    5 MB is no measure, since next to nothing is not a limit.

    >>> Budget(latency=50)
    Budget(kind='budget', size=500.0, memory=1000.0, latency=50.0, times=3.0)
    """

    kind: Literal["budget"] = "budget"
    size: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 500.0
    memory: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1000.0
    latency: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 500.0
    times: Annotated[float, Field(gt=1, allow_inf_nan=False)] = 3.0

    def measure(self, trial: Trial) -> tuple[Measurement, ...]:
        return tuple(self._measured(trial))

    def _measured(self, trial: Trial) -> Iterator[Measurement]:
        for role, served in trial.served.items():
            if served.refused:
                yield Measurement(gate=self.kind, name="opens", value=0.0, of=role, note=served.refused)
                continue
            values = {"size": served.size / MEGA, "memory": served.memory / MEGA}
            values |= {"one row": served.milliseconds[1], "100 rows": served.milliseconds[100]}
            values |= {"one row, busy": served.busy[1], "100 rows, busy": served.busy[100]}
            for name, value in values.items():
                yield Measurement(gate=self.kind, name=name, value=value, unit=UNITS[name], of=role)

    def finding(self, evaluation: Evaluation) -> Finding:
        found = {(m.name, m.of): m for m in evaluation.measured(self.kind)}
        if not found:
            return self.unmeasured()
        if ("opens", "challenger") in found:
            return self.found(
                False, f"the challenger does not run in a fresh process: {found['opens', 'challenger'].note}"
            )
        ours = {name: found[name, "challenger"].value for name in UNITS}
        over = list(
            self._over(ours, {name: found[name, "champion"].value for name in UNITS if (name, "champion") in found})
        )
        costs = ", ".join(f"{number(value)} {UNITS[name]} {_of(name)}" for name, value in ours.items() if name in TOLD)
        if over:
            return self.found(False, f"the challenger needs {'; and '.join(over)}")
        return self.found(True, f"the challenger needs {costs}, all within the budget")

    def _over(self, ours: dict[str, float], champion: dict[str, float]) -> Iterator[str]:
        limits = {"size": self.size, "memory": self.memory, "one row": self.latency}
        for name, value in ours.items():
            took, limit = f"{number(value)} {UNITS[name]} {_of(name)}", limits.get(name)
            if limit is not None and value > limit:
                yield f"{took}, at most {number(limit)} is allowed"
            elif name in BESIDE and name in champion and value > self.times * max(champion[name], 5.0):
                yield (
                    f"{took}, {number(value / champion[name])} times the champion's {number(champion[name])} "
                    f"{UNITS[name]}, at most {number(self.times)} times is allowed"
                )


def _of(name: str) -> str:
    where = {"size": "on disk", "memory": "of memory"}
    rows, busy, _ = name.partition(", busy")
    return where.get(name, f"{'of the processor ' if busy else ''}for a request of {rows}")
