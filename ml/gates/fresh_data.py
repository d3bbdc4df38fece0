"""A model of rows that are complete, new, and like those that it will meet."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from ml.gates.gate import BaseGate, where
from ml.gates.trial import Trial
from ml.records import Evaluation, Finding, Measurement

if TYPE_CHECKING:
    import pandas as pd


class FreshData(BaseGate):
    """Little of the window was set aside, its newest labelled row is not old, and the held-out rows look like the rest.

    ``set_aside`` is the largest share of the window's rows that may be missing because they were refused, or their day
    quarantined. ``stale`` is how many days the newest row may lie before the newest day whose labels are due.
    ``unseen`` is the largest share of held-out rows that may have, in one feature, a value that the challenger was
    never fitted on: another category, or a number or moment of the day outside the range. Another unit, a renamed
    category and a source that lost a sender are seen so.

    >>> FreshData(stale=7)
    FreshData(kind='fresh_data', set_aside=0.1, stale=7, unseen=0.25)
    """

    kind: Literal["fresh_data"] = "fresh_data"
    set_aside: Annotated[float, Field(ge=0, le=1)] = 0.1
    stale: Annotated[int, Field(ge=0)] = 3
    unseen: Annotated[float, Field(ge=0, le=1)] = 0.25

    def measure(self, trial: Trial) -> tuple[Measurement, ...]:
        return tuple(self._measured(trial))

    def _measured(self, trial: Trial) -> Iterator[Measurement]:
        around = trial.surroundings
        pulled = sum(batch.rows + batch.refused for batch in around.batches)
        out = [batch for batch in around.batches if batch.state in ("quarantined", "discarded")]
        aside = sum(batch.refused for batch in around.batches) + sum(batch.rows for batch in out)
        days = ", ".join(str(batch.day) for batch in out[-3:])
        yield self._share("set aside", aside / pulled if pulled else 0.0, pulled, f"{len(out)} days", days)
        newest: date = trial.newest[trial.event_time].max().date()
        yield Measurement(
            gate=self.kind, name="age", value=float((around.due - newest).days), unit="days", note=str(newest)
        )
        strange = [(share, column, what) for column in trial.features for share, what in [_unseen(trial, column)]]
        for share, column, what in sorted(strange, key=lambda one: -one[0])[:3]:
            yield self._share("unseen", share, len(trial.newest), column, what)

    def _share(self, name: str, value: float, rows: int, of: str, note: str) -> Measurement:
        return Measurement(gate=self.kind, name=name, value=value, of=of, rows=rows, note=note or None)

    def finding(self, evaluation: Evaluation) -> Finding:
        found = evaluation.measured(self.kind)
        if not found:
            return self.unmeasured()
        aside = next(m for m in found if m.name == "set aside")
        age = next(m for m in found if m.name == "age")
        strange = next((m for m in found if m.name == "unseen"), None)
        against = list(self._against(aside, age, strange, evaluation))
        if against:
            return self.found(False, "; and ".join(against))
        most = f", and no feature has unseen values in more than {strange.value:.1%} of rows" if strange else ""
        return self.found(
            True,
            f"{aside.value:.1%} of the window's {aside.rows:,} rows were set aside ({self.set_aside:.1%} may be), the "
            f"newest labelled row is of {age.note}{most}",
        )

    def _against(
        self, aside: Measurement, age: Measurement, strange: Measurement | None, evaluation: Evaluation
    ) -> Iterator[str]:
        if aside.value > self.set_aside:
            days = f", whole: {aside.of}, the last of them {aside.note}" if aside.note else ""
            yield (
                f"{aside.value:.1%} of the window's {aside.rows:,} rows were set aside{days}; at most "
                f"{self.set_aside:.1%} may be"
            )
        if age.value > self.stale:
            yield (
                f"the snapshot is stale: its newest labelled row is of {age.note}, {age.value:.0f} days before the "
                f"newest day whose labels are due; at most {self.stale} are allowed"
            )
        if strange is not None and strange.value > self.unseen:
            yield (
                f"{strange.value:.1%} of the rows have a value of {strange.of} that the challenger was never fitted on "
                f"({strange.note}) {where(evaluation)}; at most {self.unseen:.1%} may"
            )


def _unseen(trial: Trial, column: str) -> tuple[float, str]:
    """The share of held-out rows whose value was never fitted on, and what is strange about it."""
    old, new = trial.older[column], trial.newest[column]
    if not len(new):
        return 0.0, ""
    if _ordered(old) and _ordered(new):
        old, new = _number(old), _number(new)
        low, high = old.min(), old.max()
        outside = (new < low) | (new > high) | (new.notna() & bool(old.isna().all()))
        return float(outside.mean()), f"{low:g} to {high:g} then, {new.min():g} to {new.max():g} now"
    strange = new.notna() & ~new.astype(str).isin(set(old.dropna().astype(str)))
    common = new[strange].astype(str).value_counts()
    return float(strange.mean()), f"for example {common.index[0]}" if len(common) else ""


def _ordered(column: "pd.Series[Any]") -> bool:
    from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

    kind = column.dtype
    return is_datetime64_any_dtype(kind) or (is_numeric_dtype(kind) and not is_bool_dtype(kind))


def _number(column: "pd.Series[Any]") -> Any:
    """Numbers as floats; of a moment the hour of its day, since every later date is a new one."""
    from pandas.api.types import is_datetime64_any_dtype

    if is_datetime64_any_dtype(column.dtype):
        return (column - column.dt.normalize()).dt.total_seconds() / 3600
    return column.astype("float64")
