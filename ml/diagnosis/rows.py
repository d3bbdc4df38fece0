"""Rows that are not there, there twice, or there at another hour."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ml.diagnosis.case import DAY, HOUR, Case, Evidence

if TYPE_CHECKING:
    import pandas

HOUR_SHARE, EMPTY_HOURS, EXPECTED_ROWS = 0.02, 3, 10
FEW, USUAL, ALIKE = 0.7, 0.15, 4
SURE = 2.5  # deviations, were rows to come by chance alone
SHIFTS = (-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6)


def absent_hours(case: Case) -> Iterator[Evidence]:
    """Hours in which there always were rows and now are none."""
    days = case.after[DAY].nunique()
    usual = case.before.groupby(HOUR).size() / max(case.before[DAY].nunique(), 1)
    always = usual[(usual >= HOUR_SHARE * usual.sum()) & (usual * days >= EXPECTED_ROWS)].index
    empty = sorted(set(always) - set(case.after[HOUR]))
    if len(empty) >= EMPTY_HOURS:
        hours = f"from {empty[0]}:00 to {empty[-1]}:59"
        sentence = f"{len(empty)} hours {hours}, which always had rows, have none: a part of the day is missing"
        yield Evidence("data fault", "absent hours", 0.9, sentence, case.event_time)


def shifted_clock(case: Case) -> Iterator[Evidence]:
    """Rows that lie as they always lay over the day, some hours earlier or later."""
    usual, noise = _hours(case.before), _daily_noise(case)
    now = _hours(case.after)
    apart = {k: _apart(usual, now, k) for k in (0, *SHIFTS)}
    best = min(apart, key=lambda k: (apart[k], abs(k)))
    if best and apart[0] > 1.2 * noise and apart[best] <= min(1.5 * noise, 0.6 * apart[0]):
        sentence = (
            f"the rows lie over the day as they always did, but {abs(best)} h {'later' if best > 0 else 'earlier'}"
        )
        yield Evidence("data fault", "clock", 0.8, sentence, case.event_time)


def absent_source(case: Case) -> Iterator[Evidence]:
    """One source that sent far fewer rows a day than ever, the others all the same share of what they always send."""
    for column in case.places(20):
        before, after = _a_day(_alike(case), column), _a_day(case.after, column).mean()
        usual, least = before.median(), before.min()
        ratio = (after.reindex(usual.index).fillna(0.0) / usual)[usual >= EXPECTED_ROWS]
        days = case.after[DAY].nunique()
        lacking = (usual - after.reindex(usual.index).fillna(0.0)) * days / (usual * days) ** 0.5
        few = [v for v in ratio.index if ratio[v] < FEW and after.get(v, 0.0) < 0.9 * least[v] and lacking[v] >= SURE]
        few = [v for v in few if ratio[v] < FEW * ratio.drop(few).median()] if len(few) < len(ratio) else []
        others = ratio.drop(few)
        if len(few) == 1 and len(others) and (others - others.median()).abs().median() <= USUAL:
            value = few[0]
            sent = (
                f"{column} {value!r} sent {after.get(value, 0.0):,.0f} rows a day, {ratio[value]:.0%} of what is usual"
            )
            sentence = f"{sent}; the others sent {others.median():.0%}"
            yield Evidence("data fault", "absent source", 0.8, sentence, column)


def duplicated(case: Case) -> Iterator[Evidence]:
    """Rows that are there twice, every value the same, or that were there at the same time of an earlier day."""
    twice, usual = (float(_values(case, frame).duplicated().mean()) for frame in (case.after, case.before))
    if twice > 0.2 and twice > 4 * usual:
        sentence = f"{twice:.0%} of the rows are there twice, every value the same; {usual:.1%} is usual"
        yield Evidence("data fault", "duplicated", 0.9, sentence)
    again, usual = _again(case, case.after), max(_again(case, day) for day in _last_days(case))
    if again > 0.3 and again > 4 * usual:
        sentence = f"{again:.0%} of the rows were there, every value the same, at the same time of an earlier day"
        yield Evidence("data fault", "repeated day", 0.9, sentence)


def _values(case: Case, frame: "pandas.DataFrame") -> "pandas.DataFrame":
    return frame[[case.event_time, *(c for c in case.columns if c != case.event_time and c in case.current)]]


def _again(case: Case, day: "pandas.DataFrame") -> float:
    """The share of the rows that some reference day before them had too, at the same time of the day."""
    import pandas

    earlier, later = (
        _values(case, frame).assign(**{case.event_time: frame[case.event_time] - frame[DAY]}).drop_duplicates()
        for frame in (case.before[case.before[DAY] < day[DAY].min()], day)
    )
    return float(pandas.concat([earlier, later]).duplicated().iloc[len(earlier) :].mean())


def _last_days(case: Case, most: int = 5) -> Iterator["pandas.DataFrame"]:
    for day in sorted(case.before[DAY].unique())[-most:]:
        yield case.before[case.before[DAY] == day]


def _hours(frame: "pandas.DataFrame") -> Any:
    import numpy

    return numpy.bincount(frame[HOUR], minlength=24) / max(len(frame), 1)


def _apart(usual: Any, now: Any, shift: int) -> float:
    import numpy

    return float(numpy.abs(numpy.roll(usual, shift) - now).sum() / 2)


def _daily_noise(case: Case) -> float:
    """How far the hours of a usual block of days, as long as the current one, lie from those of all days."""
    import numpy

    days = case.after[DAY].nunique()
    usual = _hours(case.before)
    known = sorted(case.before[DAY].unique())
    blocks = [known[n : n + days] for n in range(0, len(known) - days + 1, days)]
    found = [_apart(usual, _hours(case.before[case.before[DAY].isin(block)]), 0) for block in blocks]
    return float(numpy.quantile(found, 0.95)) if found else 1.0


def _alike(case: Case) -> "pandas.DataFrame":
    """The reference days of the same weekdays, where there are enough; a Saturday is not a broken Friday."""
    same = case.before[case.before[DAY].dt.weekday.isin(case.after[DAY].dt.weekday.unique())]
    return same if same[DAY].nunique() >= ALIKE else case.before


def _a_day(frame: "pandas.DataFrame", column: str) -> "pandas.DataFrame":
    """Rows for each day and value."""
    return frame.groupby([DAY, column], observed=True).size().unstack(fill_value=0)
