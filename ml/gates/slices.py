"""No part of the rows pays for a better average."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from ml import estimate
from ml.gates.gate import HARM, BaseGate, number, where
from ml.gates.parts import Part, parts
from ml.gates.trial import Trial
from ml.metrics import log_losses, squared_errors
from ml.records import Evaluation, Finding, Measurement, Role

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

TOLD = 5
HALF, FAR = 0.5, 3.0
"""Added loss is told with its slice when so much of it lies there, and so many times the slice's share of rows."""


@dataclass(frozen=True)
class _Tested:
    part: Part
    rows: int
    worse: estimate.Estimate
    share: float
    chance: float


class Slices(BaseGate):
    """In no slice of the held-out rows is the challenger worse than the champion, as far as the rows can show.

    Looked at are the values of ``columns`` (left out: of ``evaluation.slices``) and, with ``search``, of every feature:
    each value that ``min_rows`` rows on three days have, numbers in fifths, moments in parts of the day. A slice is an
    objection when the challenger loses more there than the champion and ``margin`` of that, so clearly that by chance
    any slice at all would do so in one of ``1 / level`` evaluations: rows of one day count together, and all slices
    are counted (Holm 1979). Slices found by looking are found so in Chung et al. 2019 (Slice Finder, ICDE,
    doi:10.1109/ICDE.2019.00139). Without a champion the baseline stands in for it. Loss is log-loss, or the squared
    error. A prediction that is no number is an objection of its own, with the slice that most of them are in.

    >>> Slices(columns=["town"], search=False).columns
    ('town',)
    """

    kind: Literal["slices"] = "slices"
    columns: tuple[str, ...] = ()
    search: bool = True
    min_rows: Annotated[int, Field(ge=20)] = 100
    margin: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.05
    level: Annotated[float, Field(gt=0, lt=0.5)] = 0.05

    def measure(self, trial: Trial) -> tuple[Measurement, ...]:
        import numpy

        columns = dict.fromkeys((*(self.columns or trial.slices), *(trial.features if self.search else ())))
        found = [part for column in columns for part in parts(trial.newest[column], trial.older[column], self.min_rows)]
        odd = ~numpy.isfinite(trial.predictions["challenger"])
        if odd.any():
            return (self._odd(found, odd),)
        tested = list(self._tested(trial, found))
        # of the slices that are clearly worse the one that loses most says best what is wrong
        clear = sorted((one for one in tested if one.chance <= self.level), key=lambda one: -one.worse.value)
        rest = sorted((one for one in tested if one.chance > self.level), key=lambda one: (one.chance, -one.share))
        shown = [*clear, *rest][:TOLD]
        count = Measurement(gate=self.kind, name="slices", value=float(len(tested)), of=self._other(trial))
        return (count, *self._harm(trial, found), *(m for one in shown for m in self._told(one)))

    def _harm(self, trial: Trial, found: list[Part]) -> Iterator[Measurement]:
        """The slice in which most of the added loss lies, when half of it lies in few rows: no test, but where to look.

        What is worse over all rows is not shown to be worse in one of many slices: some days are too few for that.
        """
        added = self._losses(trial, "challenger") - self._losses(trial, self._other(trial))
        if not found or added.sum() <= 0:
            return
        shares = [(float(added[part.inside].sum() / added.sum()), float(part.inside.mean()), part) for part in found]
        harm, rows, part = max(shares, key=lambda each: each[0] - each[1])
        if harm >= HALF and harm >= FAR * rows:
            count = int(part.inside.sum())
            note = f"{min(harm, 1.0):.0%} of the loss that it adds lies in {count:,} rows ({rows:.0%}) with {part.name}"
            yield Measurement(gate=self.kind, name=HARM, value=harm, of=part.name, rows=count, note=note)

    def _losses(self, trial: Trial, role: Role) -> "Array":
        losses = squared_errors if trial.task == "regression" else log_losses
        return losses(trial.y, trial.predictions[role])

    def _odd(self, found: list[Part], odd: "Array") -> Measurement:
        whole = Part("all rows", odd | True)
        most = max([whole, *found], key=lambda part: (float(odd[part.inside].mean()), int(odd[part.inside].sum())))
        count, rows = int(odd[most.inside].sum()), int(most.inside.sum())
        note = f"{count:,} of {rows:,} rows of {most.name}"
        return Measurement(gate=self.kind, name="not finite", value=float(odd.sum()), rows=len(odd), note=note)

    def _tested(self, trial: Trial, found: list[Part]) -> Iterator[_Tested]:
        ours, theirs = self._losses(trial, "challenger"), self._losses(trial, self._other(trial))
        place = estimate.blocks(trial.days)
        some = []
        for part in found:
            inside = part.inside
            beyond = estimate.mean(ours[inside] - (1 + self.margin) * theirs[inside], place[inside])
            if beyond.blocks >= estimate.FEWEST:
                worse = estimate.mean(ours[inside] - theirs[inside], place[inside])
                some.append((part, int(inside.sum()), worse, float(theirs[inside].mean()), beyond.above(0)))
        for (part, rows, worse, other, _), chance in zip(some, estimate.holm([one[-1] for one in some]), strict=True):
            yield _Tested(part, rows, worse, worse.value / other if other else 0.0, chance)

    def _other(self, trial: Trial) -> Role:
        return "champion" if "champion" in trial.predictions else "baseline"

    def _told(self, one: _Tested) -> Iterator[Measurement]:
        def told(name: str, value: float, **more: Any) -> Measurement:
            return Measurement(gate=self.kind, name=name, value=value, of=one.part.name, rows=one.rows, **more)

        yield told("worse by", one.worse.value, interval=one.worse.interval())
        yield told("worse by a share of", one.share)
        yield told("adjusted p", one.chance)

    def finding(self, evaluation: Evaluation) -> Finding:
        measured = evaluation.measured(self.kind)
        if not measured:
            return self.unmeasured()
        if odd := next((m for m in measured if m.name == "not finite"), None):
            return self.found(
                False,
                f"{odd.value:,.0f} of {odd.rows:,} predictions of the challenger are not finite {where(evaluation)}: "
                f"they are in {odd.note}",
            )
        count = next(m for m in measured if m.name == "slices")
        if not count.value:
            return self.found(
                False,
                f"no slice has {self.min_rows} rows on {estimate.FEWEST} days {where(evaluation)}; none was compared",
            )
        found = {(m.name, m.of): m for m in measured}
        names = [m.of for m in measured if m.name == "worse by"]
        shown = [name for name in names if found["adjusted p", name].value <= self.level]
        return self.found(not shown, self._sentence(names[0], shown, count, found, evaluation))

    def _sentence(self, name: Any, shown: list[Any], count: Measurement, found: Any, evaluation: Evaluation) -> str:
        worse, share, chance = (found[what, name] for what in ("worse by", "worse by a share of", "adjusted p"))
        low, high = worse.interval
        others = f", and in {len(shown) - 1} more slices" if len(shown) > 1 else ""
        said = (
            f"worse than the {count.of} by {number(worse.value)} a row ({number(low)} to {number(high)}), "
            f"{share.value:.0%} of its loss, in {worse.rows:,} rows with {name}{others} {where(evaluation)}"
        )
        tested = f"of {count.value:.0f} slices, by chance in {chance.value:.2g} of evaluations"
        if shown:
            return f"the challenger is {said}; {tested}, at most {self.margin:.0%} is allowed"
        return f"no slice is shown to be worse by more than {self.margin:.0%}: the nearest is {said} ({tested})"
