"""The figures of an evaluation as tables."""

from collections.abc import Iterator

from ml.gates.gate import gap, number, side, span, where
from ml.messages.letter import Row, Table, shortened
from ml.metrics import METRICS
from ml.records import Comparison, Evaluation, Role, Score, SliceScore

ROLES: tuple[Role, ...] = ("challenger", "champion", "baseline")
MOST_SLICES = 5


def compared(evaluation: Evaluation) -> str:
    """What every role reached by the metric that counts, in a sentence."""
    present = [(role, score.metrics) for role in ROLES if (score := evaluation.score(role)) is not None]
    values = [(role, metrics[evaluation.metric]) for role, metrics in present if evaluation.metric in metrics]
    said = ", ".join(f"{role} {number(value)}" for role, value in values)
    beside = evaluation.compared(evaluation.metric, "as served", "own rows", "constant")
    sure = f"; {gap(beside)} than the {beside.role}" if beside else ""
    return f"Its {evaluation.metric} {where(evaluation)}: {said}{sure}."


def scores(evaluation: Evaluation) -> Table:
    """Every metric of every role, the one that counts first."""
    present = [score for role in ROLES if (score := evaluation.score(role)) is not None]
    header = ("metric", *(_titled(score) for score in present))
    rows = [
        Row((_named(metric), *(_value(score.metrics, metric) for score in present)), "quiet" if first else None)
        for metric, first in _metrics(evaluation.metric, present)
    ]
    return Table("On the same held-out rows", header, tuple(rows))


def roles(evaluation: Evaluation) -> Table:
    """Which model each role is."""
    rows = tuple(Row((_titled(score), score.how)) for role in ROLES if (score := evaluation.score(role)) is not None)
    return Table("Who was compared", ("role", "which model"), rows, words=2)


def comparisons(evaluation: Evaluation) -> Iterator[Table]:
    """A table for each metric that was compared: how the challenger did beside each of the others, how sure that is."""
    header = ("beside", "which model", "the challenger is", "interval", "over")
    compared = evaluation.comparisons
    for metric in dict.fromkeys((evaluation.metric, *(each.metric for each in compared))):
        rows = tuple(row for each in compared if each.metric == metric for row in _beside(each))
        if rows:
            yield Table(f"Beside the others, by {metric}", header, rows, words=5)


def _beside(each: Comparison) -> Iterator[Row]:
    name = each.role if each.version is None else f"{each.role} (v{each.version})"
    sure = "too few days" if each.interval is None else f"{span(each.interval)} ({each.level * 100:.4g} %)"
    over = _blocks(each.blocks, each.block_days)
    yield Row((name, shortened(each.how, 80), side(each.worse_by), sure, over), "quiet" if each.version else None)
    looks = each.looks
    if looks is not None and looks.interval is not None and looks.nights > 1:
        sure = f"{span(looks.interval)} ({looks.level * 100:.4g} %)"
        over = f"{_blocks(looks.blocks, looks.block_days)} of {looks.nights} nights"
        yield Row((name, "the same, on all nights together", side(looks.worse_by), sure, over))


def _blocks(blocks: int, days: int) -> str:
    return f"{blocks} days" if days == 1 else f"{blocks} blocks of {days} days"


def weak_slices(evaluation: Evaluation) -> Table | None:
    """Where the challenger is worse than the champion (without one, than the baseline), the worst first."""
    other: Role = "baseline" if evaluation.champion_version is None else "champion"
    found = _worse(evaluation, other)
    if not found:
        return None
    rows = tuple(
        Row((shortened(f"{it.column} = {it.value}", 60), f"{it.rows:,}", _figure(mine), _figure(theirs)))
        for _, it, mine, theirs in found[:MOST_SLICES]
    )
    more = f"; the worst {MOST_SLICES} of {len(found)}" if len(found) > MOST_SLICES else ""
    title = f"Slices where the challenger's {evaluation.metric} is worse than the {other}'s{more}"
    return Table(title, ("slice", "rows", "challenger", other), rows)


def _worse(evaluation: Evaluation, other: Role) -> list[tuple[float, SliceScore, float, float]]:
    metric = METRICS.get(evaluation.metric)
    if metric is None:
        return []
    found = []
    theirs = {(s.column, s.value): s.metrics.get(metric.name) for s in evaluation.slices if s.role == other}
    for it in (s for s in evaluation.slices if s.role == "challenger"):
        mine, their = it.metrics.get(metric.name), theirs.get((it.column, it.value))
        if mine is not None and their is not None and (gap := metric.worse_by(mine, their)) > 0:
            found.append((gap, it, mine, their))
    return sorted(found, key=lambda each: -each[0])


def _metrics(main: str, present: list[Score]) -> list[tuple[str, bool]]:
    known = {metric for score in present for metric in score.metrics}
    rest = [metric for metric in METRICS if metric in known] + sorted(known - set(METRICS))
    return [(metric, metric == main) for metric in sorted(rest, key=lambda metric: metric != main)]


def _titled(score: Score) -> str:
    return score.role if score.version is None else f"{score.role} (v{score.version})"


def _named(metric: str) -> str:
    return f"{metric} ({METRICS[metric].better} is better)" if metric in METRICS else metric


def _value(metrics: dict[str, float], metric: str) -> str:
    return _figure(metrics[metric]) if metric in metrics else "-"


def _figure(value: float) -> str:
    """Four decimals, so that the figures of a row stand under each other; large ones as people read them."""
    return f"{value:.4f}" if abs(value) < 100 else number(value)
