"""A night on one page: what was decided, how far each column moved, and Evidently's report below.

The report's script shows what the data holds without escaping it, so it never shares a page's origin: it is framed
without one (https://developer.mozilla.org/docs/Web/HTML/Element/iframe#sandbox), and carries a policy that says the
same when it is opened alone.
"""

from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from ml import page
from ml.drift_table import drift_table
from ml.metrics import METRICS, beside
from ml.page import capital
from ml.records import from_json
from ml.summary import sentence

if TYPE_CHECKING:
    from ml.account import Account
    from ml.nights import Night
    from ml.records import DriftReport, Estimated, Performance
    from ml.truth.foretold import Told
    from ml.worth.report import Report

REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob: data:; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; worker-src blob:; frame-ancestors 'self'"
)
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-src 'self'; frame-ancestors 'self'; "
    "base-uri 'none'"
)
DAYS = 14


EXPLAINED = ("decision", "training", "evaluation", "gates", "production", "mails")


def night_page(
    night: "Night",
    report: "DriftReport | None",
    frame: str,
    account: "Account | None" = None,
    told: "Told" = (),
    picture: str = "",
    worth: "Report | str | None" = None,
    drawn: str = "",
) -> str:
    """The page as HTML; ``frame`` is the address of Evidently's report, relative to the page's own.

    ``account`` adds what led to the decision and what came of it, the same that ``explain-decision`` tells; ``told``
    how well versions did on the days up to the night's, of which a picture lies at ``picture``; ``worth`` what retrains
    gave, as it is known now, of which one lies at ``drawn``, or why nobody can tell.
    """
    title = f"{night.pipeline} {night.day}"
    steps = (page.row(row.step, _time(row.seconds), row.outcome, numbers=(1,)) for row in night.steps)
    checks = drift_table(report) if report else ""
    return page.document(
        title,
        f"<h1>{escape(title)}</h1>{''.join(_said(night, report))}{_performance(told, picture)}"
        f"{_worth(night, worth, drawn)}{checks}"
        f"{account.html(*EXPLAINED) if account else ''}{_frame(report, frame)}"
        f"<h2>Steps</h2>{page.table(('step', 'seconds', 'outcome'), steps, (1,))}",
    )


def nothing_page(what: str) -> str:
    """A page for what is not there, in a sentence."""
    return page.document("Nothing here", f"<h1>Nothing here</h1><p>{escape(what)}</p>")


def _said(night: "Night", report: "DriftReport | None") -> Iterator[str]:
    if night.decision:
        yield f"<p>{capital(sentence(night.decision))}.</p>"
    if night.promotion:
        yield f"<p>{capital(sentence(night.promotion))}.</p>"
    matured = next((row.output for row in night.steps if row.step == "mature" and row.output), None)
    if matured:
        yield f"<p>{capital(sentence(from_json(matured)))}.</p>"
    if report is None:
        yield '<p class="quiet">No drift check: the day was quarantined, or its night has not come that far.</p>'
    else:
        yield f"<p>{capital(sentence(report))}.</p>"
    diagnosis = next((row.output for row in night.steps if row.step == "diagnose" and row.output), None)
    if diagnosis:
        yield f"<p>{capital(sentence(from_json(diagnosis)))}.</p>"


def _performance(told: "Told", picture: str) -> str:
    """What was expected of each day and what came true, on one picture; the newest days also in numbers."""
    if not told:
        return ""
    words = "What was expected of each day before its labels came, and what they have said since."
    newest = told[-1][0]
    rows = (
        page.row(
            str(e.day), str(e.version), _expected(e, e is newest), _realised(e, real), _means(real), numbers=(0, 1)
        )
        for e, real in told[-DAYS:][::-1]
    )
    found = page.table(("day", "version", f"estimated {newest.metric}", "realised", "on average"), rows, (0, 1))
    return f'<h2>Performance</h2><p class="quiet">{words}</p>{_shown(picture, words)}{found}'


def _shown(picture: str, words: str) -> str:
    source = escape(picture, quote=True)
    return f'<div class="pictures one"><img src="{source}" width="990" height="396" alt="{escape(words)}"></div>'


def _worth(night: "Night", worth: "Report | str | None", drawn: str) -> str:
    """What retrains were worth, on one picture and, up to the night's, each in numbers."""
    from ml.worth import telling

    if isinstance(worth, str):
        return f'<h2>Worth</h2><p class="quiet">It cannot be told: {escape(worth)}</p>'
    if worth is None or night.day is None or not worth.single:
        return ""
    shown = islice(telling.rows(worth, night.day), DAYS)
    # what is left comes first: the rest of a row is beyond the edge of a telephone
    rows = (page.row(day, v, left, gave, n, why, numbers=(0, 3, 4)) for day, v, why, gave, n, left in shown)
    head = ("day", "version", "worth" if worth.all.net else "took", "gave", "days", "asked for by")
    found = page.table(head, rows, (0, 3, 4))
    words = (
        "What retrains gave on rows whose labels have come, beside the version that each replaced, as it is known now. "
        "A dotted line is a version that came into Production."
    )
    picture = _shown(drawn, words) if worth.drawable else ""
    return f'<h2>Worth</h2><p>{capital(telling.said(worth))}.</p><p class="quiet">{words}</p>{picture}{found}'


def _expected(estimated: "Estimated", newest: bool) -> str:
    """What was expected of a day; why nothing could be matters of the newest alone."""
    if estimated.value is None or estimated.interval is None:
        return f"unknown: {estimated.why}" if newest else "unknown"
    return _number(estimated.value, estimated.interval)


def _realised(estimated: "Estimated", real: "Performance | None") -> str:
    if real is None or real.state == "unknown":
        return f"unknown: {real.why if real else 'no night has looked yet'}"
    interval = real.interval if real.metric == estimated.metric else None
    return f"{_number(real.metrics[estimated.metric], interval)} on {real.rows:,} rows"


def _means(real: "Performance | None") -> str:
    return beside(METRICS[real.metric].task, *real.bias) if real is not None and real.bias else ""


def _number(value: float, interval: "tuple[float, float] | None") -> str:
    return f"{value:.4f}" + (f" ({interval[0]:.4f} to {interval[1]:.4f})" if interval else "")


def _frame(report: "DriftReport | None", frame: str) -> str:
    if report is None or report.html is None:
        return ""
    return f'<iframe sandbox="allow-scripts" src="{escape(frame, quote=True)}" title="Evidently report"></iframe>'


def _time(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f}"
