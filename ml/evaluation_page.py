"""An evaluation on one page: who was judged on what, what the gates found, what moved, and the drift of that day.

The page stands alone: its pictures are inside it and it runs no script, so MLflow shows it as it is.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from ml import page
from ml.drift_table import drift_table
from ml.gates.gate import number, where
from ml.messages import scores
from ml.messages.letter import Table
from ml.metrics import METRICS
from ml.page import capital
from ml.records import DriftReport, Evaluation, Importance, Measurement, Verdict
from ml.summary import sentence

ORDER = ("comparisons", "calibration", "residuals", "roc_pr", "importances", "agreement", "confusion_matrix")
MOST_SLICES, MOST_FEATURES, MOST_MEASUREMENTS = 12, 12, 12


def evaluation_page(
    evaluation: Evaluation, verdict: Verdict, pictures: Mapping[str, bytes], drift: DriftReport | None = None
) -> str:
    """The page as HTML; ``pictures`` are PNG files by the stem of their names."""
    title = f"{evaluation.pipeline} {evaluation.day}: challenger {'passed' if verdict.passed else 'refused'}"
    parts = (
        f"<h1>{escape(title)}</h1>",
        _said(evaluation, verdict),
        _scores(evaluation),
        _comparisons(evaluation),
        _gates(verdict),
        _pictures(pictures),
        _slices(evaluation),
        _leaning(evaluation.importances),
        _measurements(evaluation.measurements),
        _drift(drift),
    )
    return page.document(title, "".join(parts))


def _said(evaluation: Evaluation, verdict: Verdict) -> str:
    kind = "passed" if verdict.passed else "refused"
    rows = capital(where(evaluation).removeprefix("on "))
    return f'<p class="{kind}">{capital(sentence(verdict))}.</p><p class="quiet">{rows}, seen by nobody before.</p>'


def _scores(evaluation: Evaluation) -> str:
    return _of_table(scores.scores(evaluation)) + _of_table(scores.roles(evaluation))


def _of_table(table: Table) -> str:
    numbers = range(table.words, len(table.header))
    rows = (page.row(*line.cells, numbers=numbers) for line in table.rows)
    return f"<h2>{escape(table.title)}</h2>{page.table(table.header, rows, numbers)}"


def _comparisons(evaluation: Evaluation) -> str:
    return "".join(_of_table(table) for table in scores.comparisons(evaluation))


def _gates(verdict: Verdict) -> str:
    rows = (
        page.row(
            found.gate, "passed" if found.passed else "objects", found.sentence, kind="" if found.passed else "warn"
        )
        for found in verdict.findings
    )
    return f"<h2>What the gates found</h2>{page.table(('gate', '', 'finding'), rows)}" if verdict.findings else ""


def _pictures(pictures: Mapping[str, bytes]) -> str:
    names = [name for name in ORDER if name in pictures] + sorted(set(pictures) - set(ORDER))
    shown = "".join(
        f'<img alt="{escape(name.replace("_", " "), quote=True)}" '
        f'src="data:image/png;base64,{b64encode(pictures[name]).decode()}">'
        for name in names
    )
    return f'<div class="pictures">{shown}</div>' if shown else ""


def _slices(evaluation: Evaluation) -> str:
    """Every slice, the one where the challenger loses most against the other first."""
    other = "baseline" if evaluation.champion_version is None else "champion"
    lines = sorted(_sliced(evaluation, other), key=lambda line: -line[0])
    if not lines:
        return ""
    head = ("slice", "rows", "challenger", other, "worse by")
    rows = [page.row(*cells, numbers=range(1, 5), kind="warn" if gap > 0 else "") for gap, cells in lines]
    rest = rows[MOST_SLICES:]
    more = page.folded(f"{len(rest)} more slices", page.table(head, rest, range(1, 5))) if rest else ""
    title = f"Slices: {evaluation.metric} beside the {other}'s, where the challenger loses most first"
    return f"<h2>{escape(title)}</h2>{page.table(head, rows[:MOST_SLICES], range(1, 5))}{more}"


def _sliced(evaluation: Evaluation, other: str) -> Iterator[tuple[float, tuple[str, ...]]]:
    metric = evaluation.metric
    theirs = {(s.column, s.value): s.metrics for s in evaluation.slices if s.role == other}
    for one in (s for s in evaluation.slices if s.role == "challenger"):
        beside = theirs.get((one.column, one.value), {})
        if metric in one.metrics and metric in beside:
            gap = METRICS[metric].worse_by(one.metrics[metric], beside[metric])
            name = f"{one.column} = {one.value}"
            figures = (f"{one.rows:,}", number(one.metrics[metric]), number(beside[metric]), f"{gap:+.4f}")
            yield gap, (name, *figures)


def _leaning(importances: Sequence[Importance]) -> str:
    """What each role leans on, and how that changed: what moved when the rows or the recipe did."""
    if not importances:
        return ""
    roles = list(dict.fromkeys(each.role for each in importances))
    by_name: dict[str, dict[str, Importance]] = {}
    for each in importances:
        by_name.setdefault(each.feature, {})[each.role] = each
    changed = ("change",) if len(roles) > 1 else ()
    rows = [_leaned(name, by_name[name], roles) for name in by_name]
    words = f"By how much {importances[0].metric} gets worse when a feature's values are shuffled among the rows."
    head = ("feature", *roles, *changed)
    right = range(1, len(head))
    rest = rows[MOST_FEATURES:]
    more = page.folded(f"{len(rest)} features that matter less", page.table(head, rest, right)) if rest else ""
    table = page.table(head, rows[:MOST_FEATURES], right)
    return f'<h2>What the models lean on, and what moved</h2><p class="quiet">{escape(words)}</p>{table}{more}'


def _leaned(name: str, found: Mapping[str, Importance], roles: Sequence[str]) -> str:
    """A change that is larger than what the shuffles themselves make is marked."""
    cells = [f"{found[role].worse_by:+.4f}" if role in found else "no feature of it" for role in roles]
    if len(roles) < 2:
        return page.row(name, *cells, numbers=(1,))
    pair = [found.get(role) for role in roles[:2]]
    if pair[0] is None or pair[1] is None:
        return page.row(name, *cells, "", numbers=(1, 2), kind="warn")
    apart = pair[0].spread[0] > pair[1].spread[1] or pair[1].spread[0] > pair[0].spread[1]
    change = f"{pair[0].worse_by - pair[1].worse_by:+.4f}"
    return page.row(name, *cells, f"{change} (moved)" if apart else change, numbers=(1, 2, 3))


def _measurements(measurements: Sequence[Measurement]) -> str:
    if not measurements:
        return ""
    rows = [
        page.row(
            one.gate,
            one.name if one.of is None else f"{one.name}, {one.of}",
            f"{number(one.value)} {one.unit}".strip(),
            "" if one.interval is None else f"{number(one.interval[0])} to {number(one.interval[1])}",
            "" if one.rows is None else f"{one.rows:,}",
            one.note or "",
            numbers=(2, 3, 4),
        )
        for one in measurements
    ]
    head = ("gate", "what", "value", "interval", "rows", "")
    table = page.table(head, rows, (2, 3, 4))
    folded = page.folded(f"{len(rows)} measurements", table) if len(rows) > MOST_MEASUREMENTS else table
    return f"<h2>What the gates measured</h2>{folded}"


def _drift(report: DriftReport | None) -> str:
    if report is None:
        return '<h2>Drift of that day</h2><p class="quiet">That night made no drift check.</p>'
    whole = ' <span class="quiet">Evidently\'s whole report is drift.html of this run.</span>' if report.html else ""
    return f"<h2>Drift of that day</h2><p>{capital(sentence(report))}.{whole}</p>{drift_table(report)}"
