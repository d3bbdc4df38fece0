"""How the challenger did beside the others, and what each gate found."""

from collections.abc import Iterator

from ml.account.section import Part, Section, table
from ml.account.traces import Traces
from ml.messages import scores
from ml.messages.letter import Bullets, Paragraph
from ml.records import Candidate, Comparison, Evaluation, Importance, Measurement, SliceScore, Verdict

COMPARED = ("against", "which model", "metric", "worse by", "from", "to", "level", "blocks", "rows")
MEASURED = ("gate", "measured", "of", "value", "unit", "from", "to", "rows")
LEANED = ("feature", "role", "worse by", "least", "most")


def evaluation(traces: Traces) -> Section | None:
    """Every score, comparison, measurement and slice; None when nothing was evaluated."""
    found = traces.record("evaluate", Evaluation)
    if found is None:
        return None
    return Section("evaluation", tuple(_parts(found)), {"evaluation": found.model_dump(mode="json")})


def gates(traces: Traces) -> Section | None:
    """What each gate and the check of the refit found; of nights that kept no findings, what they objected to."""
    found = traces.record("gate", Verdict)
    if found is None:
        return None
    verdict = found.after(traces.record("refit", Candidate))
    answer = "passed" if verdict.passed else "refused"
    said = Paragraph(f"{answer}; the gates: {', '.join(verdict.gates)}")
    return Section("gates", (said, _findings(verdict)), {"verdict": verdict.model_dump(mode="json")})


def _findings(verdict: Verdict) -> Bullets:
    found = tuple(f"{'passed' if f.passed else 'refused'}, {f.gate}: {f.sentence}" for f in verdict.findings)
    # a night from before the findings were kept
    known = tuple(f"refused: {objection}" for objection in verdict.objections)
    return Bullets("", found or known or tuple(f"passed, {gate}" for gate in verdict.gates))


def _parts(it: Evaluation) -> Iterator[Part]:
    yield Paragraph(f"on {it.rows:,} held-out rows of {it.first} to {it.last}, by {it.metric}")
    yield scores.scores(it)
    yield scores.roles(it)
    if it.comparisons:
        yield table("challenger, paired row by row", COMPARED, map(_comparison, it.comparisons), words=3)
    if it.measurements:
        yield table("measured for the gates", MEASURED, map(_measurement, it.measurements), words=3)
    if it.slices:
        names = sorted(
            {name for part in it.slices for name in part.metrics}, key=lambda name: (name != it.metric, name)
        )
        yield table("slices", ("slice", "role", "rows", *names), (_slice(part, names) for part in it.slices), words=2)
    if it.importances:
        yield table("worse when a feature is shuffled", LEANED, map(_importance, it.importances), words=2)


def _comparison(it: Comparison) -> tuple[str, ...]:
    interval = [f"{end:+.5f}" for end in it.interval] if it.interval else ["too few", "blocks"]
    blocks = f"{it.blocks} of {it.block_days} d"
    return it.role, it.how, it.metric, f"{it.worse_by:+.5f}", *interval, f"{it.level:.2%}", blocks, f"{it.rows:,}"


def _measurement(it: Measurement) -> tuple[str, ...]:
    of = "; ".join(part for part in (it.of, it.note) if part)
    interval = [f"{end:.5g}" for end in it.interval] if it.interval else ["", ""]
    return it.gate, it.name, of, f"{it.value:.5g}", it.unit, *interval, "" if it.rows is None else f"{it.rows:,}"


def _importance(it: Importance) -> tuple[str, ...]:
    return it.feature, it.role, f"{it.worse_by:+.5f}", *(f"{end:+.5f}" for end in it.spread)


def _slice(part: SliceScore, names: list[str]) -> tuple[str, ...]:
    values = (f"{part.metrics[name]:.4f}" if name in part.metrics else "-" for name in names)
    return f"{part.column} = {part.value}", part.role, f"{part.rows:,}", *values
