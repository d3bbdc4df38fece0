"""The report in words: one sentence first, then a line for each policy and each promotion."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ml.estimate import FEWEST
from ml.worth.balance import Balance
from ml.worth.entries import Entry
from ml.worth.gain import LEVEL, Gain
from ml.worth.report import Report

NEWEST = 30


def sentence(report: Report) -> str:
    """What all retrains of a pipeline were worth, and whether that is shown."""
    return f"{report.pipeline}: {said(report)}"


def said(report: Report) -> str:
    """The same where the pipeline is named already."""
    its = report.all
    if not report.single:
        return "nothing was retrained yet"
    if not its.entries:
        return "there was only a first version so far, which is compared with nothing"
    head = f"{_counted(its.retrains, 'retrain')} after the first version, {its.promoted} promoted"
    if not its.gain.days:
        return f"{head}; {_before_a_day(report)}"
    gave = f"{head}, gave {_amount(report, its.gain.total)} on {_counted(its.gain.days, 'matured day')}"
    if its.net is None:
        return f"{gave}, {_shown(report, its.gain)}; they took {its.cost.told(report.plan)}"
    cost = _amount(report, its.cost.money(report.plan) or 0.0)
    return f"{gave} and cost {cost}: worth {_amount(report, its.net.total)}, {_shown(report, its.net)}"


def _before_a_day(report: Report) -> str:
    """What to say of retrains of which no day says what they gave: because none is there yet, or none was promoted."""
    its = report.all
    if its.waits or its.gain.unknown:
        return f"what they gave is not known: {_nothing(its)}"
    return f"they gave nothing and {_spent(report, its)}"


def lines(report: Report) -> Iterator[str]:
    """The sentence, the policies, the NEWEST promotions, a version that nobody retrained, and the nights."""
    yield sentence(report)
    if not report.single:
        return
    yield from ("", "by policy") if report.policies else ()
    for name, balance in report.policies.items():
        yield f"  {name:<26}  {balance.promoted} of {len(balance.entries)} promoted  {_line(report, balance)}"
    yield from ("", "by promotion")
    for balance in report.single[-NEWEST:]:
        yield f"  {_named(balance.entries[0])}  {_line(report, balance)}"
    yield from ("", _stale(report), _nights(report))


def rows(report: Report, last: date) -> Iterator[tuple[str, str, str, str, str, str]]:
    """The NEWEST retrains up to a day, newest first.

    Of each the day, the version, the policy, what it gave, on how many days, and what is left, with its interval;
    without prices that is the cost, in time.
    """
    for balance in [each for each in report.single if each.entries[0].day <= last][-NEWEST:][::-1]:
        its, net = balance.entries[0], balance.net
        what = f"{its.version} for {its.previous}" if its.previous else str(its.version or its.what)
        gave = _amount(report, balance.gain.total) if balance.gain.days else _nothing(balance)
        left = f"{_amount(report, net.total)}{_ends(report, net)}" if net else _spent(report, balance)
        yield str(its.day), what, its.policy, gave, str(balance.gain.days or ""), left


def _line(report: Report, balance: Balance) -> str:
    """Gain, cost, and what is left."""
    net = balance.net
    left = f", worth {_amount(report, net.total)}{_ends(report, net)}" if net else ""
    return f"{_gave(report, balance)}, {_spent(report, balance)}{left}"


def _spent(report: Report, balance: Balance) -> str:
    cost = balance.cost.money(report.plan)
    return f"took {balance.cost.told(report.plan)}" if cost is None else f"cost {_amount(report, cost)}"


def _gave(report: Report, balance: Balance) -> str:
    its = balance.gain
    if not its.days:
        return _nothing(balance)
    ends = "" if balance.net else _ends(report, its)
    unknown = f" and {_counted(its.unknown, 'day')} unknown" if its.unknown else ""
    span = f"{_counted(its.days, 'day')} of {its.rows:,} rows{unknown}"
    return f"gave {_amount(report, its.total)}{ends} on {span}"


def _nothing(balance: Balance) -> str:
    """Why there is no day that says what they gave."""
    if balance.gain.unknown:
        why = next(each.why for entry in balance.entries for each in entry.weighed if each.why)
        return f"unknown on {_counted(balance.gain.unknown, 'day')}: {why}"
    if balance.waits:
        first = all(entry.first for entry in balance.entries)
        return "the first, compared with nothing" if first else "no day that they served has matured"
    return "gave nothing"


def _stale(report: Report) -> str:
    head = f"beside a version that nobody retrained for {_counted(report.plan.stale, 'day')}"
    if not report.stale.days:
        return f"{head}: no day to compare yet"
    total = f"{_amount(report, report.stale.total)} on {_counted(report.stale.days, 'matured day')}"
    return f"{head}: {total}, {_shown(report, report.stale)}"


def _nights(report: Report) -> str:
    cost = report.nights.money(report.plan)
    money = f", {_amount(report, cost)}" if cost is not None else ""
    return f"nights, retrained or not, in no sum above: {report.nights.told(report.plan)}{money}"


def _shown(report: Report, its: Gain) -> str:
    if its.interval is None:
        return f"which is not shown: an interval needs {FEWEST} days"
    low, high = (_number(report, end) for end in its.interval)
    return f"which is {'' if its.shown else 'not '}shown: {low} to {high} at {LEVEL:.0%}"


def _ends(report: Report, its: Gain) -> str:
    return "" if its.interval is None else " ({} to {})".format(*(_number(report, end) for end in its.interval))


def _named(entry: Entry) -> str:
    over = f" for {entry.previous}" if entry.previous else ""
    what = f"version {entry.version}{over}" if entry.version else entry.what
    return f"{entry.day}  {what:<16}  {entry.policy:<26}"


def _amount(report: Report, value: float) -> str:
    return f"{_number(report, value)} {report.unit}"


def _number(report: Report, value: float) -> str:
    """Money to the cent below a hundred; a loss to four digits."""
    if not report.plan.value.priced:
        return f"{value:,.4g}"
    # half a cent lost is nothing lost: no minus before a zero
    return f"{round(value, 2) + 0.0:,.2f}" if abs(value) < 100 else f"{value:,.0f}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
