"""Nobody is served worse for what they are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from ml import estimate
from ml.gates.gate import BaseGate, number, where
from ml.gates.trial import Trial
from ml.records import Evaluation, Finding, Measurement

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

Rate = Literal["selected", "true positive", "false positive", "loss"]
RATES: dict[str, tuple[Rate, ...]] = {
    "demographic_parity": ("selected",),
    "equal_opportunity": ("true positive",),
    "equalized_odds": ("true positive", "false positive"),
    "loss": ("loss",),
}
TOLD = 5


class Fairness(BaseGate):
    """No group of a declared attribute is treated so differently from the others that the rows show it.

    For each value of each of ``attributes`` (left out: of ``evaluation.slices``) that ``min_rows`` rows have, a rate of
    its rows is compared with that of all the others: who is selected (``demographic_parity``, Dwork et al. 2012), found
    when it is so (``equal_opportunity``), found and wrongly accused (``equalized_odds``, both of Hardt et al.
    2016, arXiv:1610.02413), or the mean absolute error (``loss``, in units of the prediction; always that for a
    regression). Selected is a probability of at least ``at``. A gap is an objection when it is shown to be more than
    ``limit``, days counted together and all groups counted (Holm 1979); with ``than: champion`` the limit is for how
    much wider it is than the champion's gap for the same group.

    >>> Fairness(attributes=["town"], limit=0.05).rate
    'equalized_odds'
    """

    kind: Literal["fairness"] = "fairness"
    attributes: tuple[str, ...] = ()
    rate: Literal["demographic_parity", "equal_opportunity", "equalized_odds", "loss"] = "equalized_odds"
    at: Annotated[float, Field(gt=0, lt=1)] = 0.5
    limit: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.1
    than: Literal["nothing", "champion"] = "nothing"
    min_rows: Annotated[int, Field(ge=20)] = 200
    level: Annotated[float, Field(gt=0, lt=0.5)] = 0.05

    def measure(self, trial: Trial) -> tuple[Measurement, ...]:
        found = list(self._gaps(trial))
        chances = estimate.holm([gap.above(self.limit) for _, _, gap in found])
        worst = sorted(zip(found, chances, strict=True), key=lambda one: (one[1], -one[0][2].value))[:TOLD]
        count = Measurement(gate=self.kind, name="groups", value=float(len(found)))
        return (count, *(m for (of, rows, gap), chance in worst for m in self._told(of, rows, gap, chance)))

    def _told(self, of: str, rows: int, gap: estimate.Estimate, chance: float) -> Iterator[Measurement]:
        interval = gap.interval()
        yield Measurement(gate=self.kind, name="gap", value=gap.value, of=of, rows=rows, interval=interval)
        yield Measurement(gate=self.kind, name="adjusted p", value=chance, of=of, rows=rows)

    def _gaps(self, trial: Trial) -> Iterator[tuple[str, int, estimate.Estimate]]:
        place = estimate.blocks(trial.days)
        beside = self.than == "champion" and "champion" in trial.predictions
        rates = RATES["loss" if trial.task == "regression" else self.rate]
        for attribute in self.attributes or trial.slices:
            values = (
                trial.newest[attribute].astype(object).where(trial.newest[attribute].notna(), "missing").astype(str)
            )
            for value, rows in values.value_counts().items():
                inside = (values == value).to_numpy()
                if min(rows, len(values) - rows) < self.min_rows:
                    continue
                for rate in rates:
                    gap = estimate.without_each(self._gap_of(trial, rate, inside, beside), place)
                    if gap.blocks >= estimate.FEWEST and gap.value == gap.value:
                        yield f"{rate} rate of {attribute} {value}", int(rows), gap

    def _gap_of(self, trial: Trial, rate: Rate, inside: "Array", beside: bool) -> Any:
        """How far the rate of the group is from the others', of the rows of a mask."""

        def gap(mask: "Array", role: Any) -> float:
            y, p = trial.y[mask], trial.predictions[role][mask]
            return abs(self._rate(rate, y, p, inside[mask]) - self._rate(rate, y, p, ~inside[mask]))

        if beside:
            return lambda mask: gap(mask, "challenger") - gap(mask, "champion")
        return lambda mask: gap(mask, "challenger")

    def _rate(self, rate: Rate, y: "Array", p: "Array", group: "Array") -> float:
        import numpy

        if rate == "loss":
            return float(abs(p - y)[group].mean()) if group.any() else float("nan")
        asked = {"selected": group, "true positive": group & (y == 1), "false positive": group & (y == 0)}[rate]
        return float((p >= self.at)[asked].mean()) if asked.any() else float(numpy.nan)

    def finding(self, evaluation: Evaluation) -> Finding:
        measured = evaluation.measured(self.kind)
        if not measured:
            return self.unmeasured()
        found = {(m.name, m.of): m for m in measured}
        names = [m.of for m in measured if m.name == "gap"]
        if not names:
            return self.found(
                False,
                f"no group of {', '.join(self.attributes) or 'evaluation.slices'} has {self.min_rows} rows on "
                f"{estimate.FEWEST} days {where(evaluation)}, so none was compared; name attributes that it has",
            )
        shown = [name for name in names if found["adjusted p", name].value <= self.level]
        gap = found["gap", names[0]]
        low, high = gap.interval or (gap.value, gap.value)
        wider = " wider than the champion's" if self.than == "champion" and evaluation.champion_version else ""
        others = f", and in {len(shown) - 1} more groups" if len(shown) > 1 else ""
        return self.found(
            not shown,
            f"the challenger's {names[0]} is {number(gap.value)} ({number(low)} to {number(high)}) from the others'"
            f"{wider}{others} {where(evaluation)}; at most {number(self.limit)} is allowed",
        )
