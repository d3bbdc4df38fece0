"""What the labels say: the answer itself moved, or what leads to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from ml.diagnosis.case import DAY, Case, Doubt, Evidence, Kind

if TYPE_CHECKING:
    import pandas

LEAST_LABELS, LEAST_DAYS = 200, 10
FAR = 3.0
FORETOLD = "__foretold"
MENDED = -1.5


def answers(case: Case) -> Iterator[Evidence]:
    """Label shift or concept shift, told apart by how well the champion still orders the rows; or columns exchanged.

    The gap between what happened and what the champion foretold rises in both. When only the base rate moved, the
    rows of each class look as they did, so the order holds (Lipton et al. 2018, https://arxiv.org/abs/1802.03916);
    when what leads to the label changed, the order breaks.
    """
    told = Told.of(case)
    if told is not None:
        yield from told.said()
        yield from _exchanged(case, told)


def _exchanged(case: Case, told: "Told") -> Iterator[Evidence]:
    """Two numbers that changed places unseen, as they look alike: exchanged, the champion orders the rows as it did."""
    if told.far("order") > -FAR:
        return
    known = [c for c in case.numbers if c in case.columns]
    for one, other in combinations(known, 2):
        back = told.newest.assign(**{one: told.newest[other], other: told.newest[one]})
        mended = told.with_newest(_foretold(case, back))
        if mended is not None and mended.far("order") >= MENDED:
            aucs = f"{mended.after['order']:.2f}, and {told.after['order']:.2f} as they came"
            sentence = f"with {one} and {other} exchanged the champion orders the rows as before (AUC {aucs})"
            yield Evidence("data fault", "exchanged", 0.8, sentence, one)


def of_one_day(case: Case, kind: Kind) -> Iterator[Doubt]:
    """The day without whose labels nothing would be said."""
    told = Told.of(case)
    if told is None or kind not in told.kinds():
        return
    for day in told.newest[DAY].drop_duplicates().sort_values():
        rest = told.with_newest(told.newest[told.newest[DAY] != day])
        if rest is None or kind not in rest.kinds():
            yield Doubt(f"it hangs on the labels of {day:%Y-%m-%d}", day.date())
            return


@dataclass(frozen=True)
class Told:
    """What was foretold and what happened: rows with labels, older and newest, and the figures of both.

    ``before`` has a row for each block of reference days, as many days long as the newest ones are.
    """

    label: str
    older: "pandas.DataFrame"
    newest: "pandas.DataFrame"
    before: "pandas.DataFrame"
    after: "pandas.Series[Any]"

    @classmethod
    def of(cls, case: Case) -> "Told | None":
        """None without a champion, or with too few labels to say anything."""
        if case.label is None or case.predict is None or case.label not in case.answered:
            return None
        newest = case.answered[case.answered[case.label].notna()]
        older = case.before[case.label].notna() & ~case.before[DAY].isin(newest[DAY])
        if len(newest) < LEAST_LABELS or case.before[DAY][older].nunique() < LEAST_DAYS:
            return None
        foretold = case.before.assign(**{FORETOLD: case.foretold})
        return cls.between(case.label, foretold[older], _foretold(case, newest))

    @classmethod
    def between(cls, label: str, older: "pandas.DataFrame", newest: "pandas.DataFrame") -> "Told | None":
        import pandas

        if len(newest) < LEAST_LABELS:
            return None
        size = newest[DAY].nunique()
        figures = [_figures(label, block) for block in _blocks(older, size)]
        before = pandas.DataFrame([f for f in figures if f is not None])
        after = _figures(label, newest)
        if after is None or len(before) < LEAST_DAYS // 2:
            return None
        return cls(label, older, newest, before, pandas.Series(after))

    def with_newest(self, rows: "pandas.DataFrame") -> "Told | None":
        """The same with other newest rows."""
        return Told.between(self.label, self.older, rows)

    def far(self, name: str) -> float:
        """How many robust deviations the current figure lies from the reference days' median."""
        middle = self.before[name].median()
        spread = 1.4826 * (self.before[name] - middle).abs().median()
        return float((self.after[name] - middle) / max(spread, 0.005))

    def kinds(self) -> set[Kind]:
        return {evidence.kind for evidence in self.said()}

    def said(self) -> Iterator[Evidence]:
        gap, order, after = abs(self.far("gap")), self.far("order"), self.after
        if order <= -FAR or (gap >= 2 * FAR and order <= -0.7 * FAR):
            aucs = f"AUC {after['order']:.2f}, usually {self.before['order'].median():.2f}"
            yield Evidence("concept shift", "order", 0.8, f"the champion orders the rows worse than it did: {aucs}")
        elif gap >= FAR:
            rates = f"the label's rate is {after['rate']:.1%} where the champion foretold {after['foretold']:.1%}"
            sentence = f"{rates}, and it orders the rows as before (AUC {after['order']:.2f})"
            yield Evidence("label shift", "base rate", 0.8, sentence)


def _foretold(case: Case, rows: "pandas.DataFrame") -> "pandas.DataFrame":
    return rows.assign(**{FORETOLD: case.predict(rows)})  # type: ignore[misc]


def _blocks(frame: "pandas.DataFrame", size: int) -> Iterator["pandas.DataFrame"]:
    days = sorted(frame[DAY].unique())
    for n in range(0, len(days) - size + 1, size):
        yield frame[frame[DAY].isin(days[n : n + size])]


def _figures(label: str, frame: "pandas.DataFrame") -> dict[str, float] | None:
    from sklearn.metrics import roc_auc_score

    truth, foretold = frame[label].astype(float).to_numpy(), frame[FORETOLD].to_numpy()
    if len(set(truth)) != 2:
        return None
    rate, mean = float(truth.mean()), float(foretold.mean())
    order = float(roc_auc_score(truth, foretold))
    return {"rate": rate, "foretold": mean, "gap": rate - mean, "order": order}
