"""No step back from the model that serves now."""

from math import isfinite
from typing import Annotated, Literal

from pydantic import Field

from ml.gates.gate import HARM, MetricGate, gap, number, span, where
from ml.metrics import MetricName
from ml.records import Comparison, Evaluation, Finding

Answer = Literal["better", "not worse", "not shown"]
AS_IT_IS = ("as served", "own rows")
SAME_ROWS = "same rows"


class BeatsChampion(MetricGate):
    """The challenger is shown not to be worse than the champion by more than ``margin``, in units of the metric.

    There are three answers: better, not worse, not shown. They rest on intervals, never on two numbers side by side.
    The champion's own recipe on fresher rows cannot be worse as a recipe; it is stopped when tonight's rows did it harm
    that shows, which is when tonight's whole interval is above 0. Another recipe must be shown to be no worse, on all
    held-out days on which it stood beside this champion; asking again every night is paid for
    (``evaluation.alpha``). ``require: better`` asks for an interval wholly on the better side. Without a champion
    there is no objection.

    >>> BeatsChampion(metric="log_loss", margin=0.002)
    BeatsChampion(kind='beats_champion', metric='log_loss', margin=0.002, require='not worse')
    """

    kind: Literal["beats_champion"] = "beats_champion"
    metric: MetricName = "log_loss"
    margin: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    require: Literal["not worse", "better"] = "not worse"

    def finding(self, evaluation: Evaluation) -> Finding:
        if evaluation.champion_version is None:
            return self.found(True, "no version is in Production, so there is no champion to compare with")
        tonight = self._tonight(evaluation)
        if tonight is None:
            return self.found(False, f"{self._scores(evaluation)}: they cannot be compared")
        answer, why = self._answered(evaluation, tonight)
        passed = answer == "better" or answer == self.require
        asked = "; better is required" if answer == "not worse" and not passed else ""
        return self.found(passed, f"{self._scores(evaluation)}: {gap(tonight)}; {why}{asked}")

    def answer(self, evaluation: Evaluation) -> Answer | None:
        """Better, not worse, or not shown; None without a champion."""
        if evaluation.champion_version is None:
            return None
        tonight = self._tonight(evaluation)
        return self._answered(evaluation, tonight)[0] if tonight else "not shown"

    def _tonight(self, evaluation: Evaluation) -> Comparison | None:
        """The comparison with the champion as it is; None where one of the two has no score."""
        scores = [self.score_of(evaluation, role) for role in ("challenger", "champion")]
        return evaluation.compared(self.metric, *AS_IT_IS) if all(isfinite(score) for score in scores) else None

    def _answered(self, evaluation: Evaluation, tonight: Comparison) -> tuple[Answer, str]:
        """The answer, and what it rests on."""
        if self._harmed(tonight):
            return "not shown", f"this is worse, and at most {number(self.margin)} is allowed{_lies(evaluation)}"
        shown = [c for c in (tonight, evaluation.compared(self.metric, SAME_ROWS)) if c is not None]
        ends = {c.looks.interval[1]: c for c in shown if c.looks is not None and c.looks.interval is not None}
        best = min(ends, default=None)
        if best is not None and best < 0:
            return "better", f"better: {_over(ends[best])}"
        if self._same(evaluation):
            return "not worse", "not worse: it is the champion's own recipe, and its rows did it no harm that shows"
        if best is not None and best <= self.margin:
            return "not worse", f"not worse by more than {number(self.margin)}: {_over(ends[best])}"
        return "not shown", f"not shown to be at most {number(self.margin)} worse: {self._so_far(tonight, ends, best)}"

    def _harmed(self, tonight: Comparison) -> bool:
        if tonight.interval is None:
            return tonight.worse_by > self.margin
        low, high = tonight.interval
        return low > 0 and high > self.margin

    def _same(self, evaluation: Evaluation) -> bool:
        """Whether the recipes are one, by name or because they predict the same to the last digit."""
        twin = evaluation.compared(self.metric, SAME_ROWS)
        return evaluation.same_procedure or (twin is not None and all(day.worse_by == 0 for day in twin.days))

    def _so_far(self, tonight: Comparison, ends: dict[float, Comparison], best: float | None) -> str:
        if best is not None:
            return f"{_over(ends[best])}; each night adds to it"
        days = tonight.looks.blocks * tonight.looks.block_days if tonight.looks else len(tonight.days)
        return f"another recipe than the champion's is judged on whole weeks, and {days} held-out days are too few"

    def _scores(self, evaluation: Evaluation) -> str:
        challenger, champion = (self.score_of(evaluation, role) for role in ("challenger", "champion"))
        score = evaluation.score("champion")
        how = f", {score.how}" if score else ""
        return (
            f"the challenger's {self.metric} is {number(challenger)} and the champion's (version "
            f"{evaluation.champion_version}{how}) {number(champion)} {where(evaluation)}"
        )


def _lies(evaluation: Evaluation) -> str:
    """Where most of the harm lies, as the gate ``slices`` measured it; empty when it lies in no slice, or was not."""
    found = [m.note for m in evaluation.measurements if m.name == HARM and m.note]
    return "".join(f"; {note}" for note in found)


def _over(comparison: Comparison) -> str:
    looks = comparison.looks
    if looks is None or looks.interval is None:
        raise ValueError(f"{comparison.basis}: a comparison without an interval over its looks")
    beside = "its recipe on the same rows" if comparison.basis == SAME_ROWS else "it as it is"
    return (
        f"beside {beside}, {span(looks.interval)} at {looks.level:.1%} over {looks.blocks * looks.block_days} held-out "
        f"days of {looks.nights} nights"
    )
