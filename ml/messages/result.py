"""The mail about the result of a retrain: promoted, refused, or tried dry."""

from collections.abc import Iterator
from itertools import islice

from ml.gates.gate import gap, number, where
from ml.messages.letter import Bullets, Letter, Links, Paragraph, Part, Tone, pictures, sentence, shortened
from ml.messages.post import Images, post
from ml.messages.scores import ROLES, comparisons, roles, scores, weak_slices
from ml.records import Alert, Decision, Evaluation, Promotion, Verdict

TELLING = ("on demand", "performance", "drift", "first model", "new data", "schedule")


def result_alert(
    decision: Decision,
    evaluation: Evaluation,
    verdict: Verdict,
    promotion: Promotion | None,
    links: Links,
    images: Images = (),
) -> Alert:
    """What is in Production this morning and why, or what the gates objected to."""
    news, happened, todo = _news(decision, verdict, promotion)
    letter = Letter(
        pipeline=evaluation.pipeline,
        day=evaluation.day,
        tone=_tone(verdict, promotion),
        headline=f"{evaluation.pipeline}: {news}",
        happened=happened,
        why=_why(decision, evaluation, verdict),
        todo=todo,
        parts=tuple(_parts(decision, evaluation, verdict, promotion, images)),
        links=links,
    )
    return post(letter, "result", f"result/{evaluation.run_id}", images)


def _tone(verdict: Verdict, promotion: Promotion | None) -> Tone:
    if promotion is not None:
        return "good"
    return "quiet" if verdict.passed else "warning"


def _news(decision: Decision, verdict: Verdict, promotion: Promotion | None) -> tuple[str, str, str]:
    """The headline, what happened, and what to do."""
    if promotion is not None:
        return _promoted(promotion)
    if decision.dry_run:
        return _dry(decision, verdict)
    return _refused(verdict) if not verdict.passed else _held_back()


def _promoted(promotion: Promotion) -> tuple[str, str, str]:
    version, previous = promotion.version, promotion.previous
    after = f"replaced version {previous}" if previous is not None else "is the first"
    return (
        f"v{version} is in Production",
        f"Version {version} {after} in Production.",
        "There is nothing to do: whoever reads the alias `production` is served by it from now on.",
    )


def _dry(decision: Decision, verdict: Verdict) -> tuple[str, str, str]:
    again = f'`nightshift retrain {decision.pipeline} --day {decision.day} --reason "..."`'
    stays = f"{_in_production(verdict)} as before."
    if verdict.passed:
        happened = f"In a dry run the challenger passed every gate, and was not promoted. {stays}"
        return "dry run, the challenger passes every gate", happened, f"To promote such a model, run {again}."
    happened = f"In a dry run the gates refused the challenger. {stays}"
    return "dry run, the challenger is refused", happened, "There is nothing to do; the objections stand below."


def _refused(verdict: Verdict) -> tuple[str, str, str]:
    if verdict.champion_version is None:
        return (
            "challenger refused, nothing is in Production",
            "The gates refused the challenger, and no version is in Production yet.",
            "Look at the objections below: the data, the features or the gates need a person before a model can serve.",
        )
    stays = f"v{verdict.champion_version} stays in Production"
    return (
        f"challenger refused, {stays}",
        f"The gates refused the challenger; {_in_production(verdict)}.",
        "Nothing is broken and nothing has to be done tonight. If this lasts for some nights, look at the newest data.",
    )


def _held_back() -> tuple[str, str, str]:
    return (
        "the challenger passed, and was not promoted",
        "The challenger passed every gate, and was not promoted.",
        "Look at the steps refit and promote of this run, then run it again.",
    )


def _in_production(verdict: Verdict) -> str:
    version = verdict.champion_version
    return "nothing is in Production" if version is None else f"version {version} stays in Production"


def _why(decision: Decision, evaluation: Evaluation, verdict: Verdict) -> str:
    if not verdict.objections:
        return f"{_compared(evaluation)} {_reason(decision)}".rstrip()
    first, *others = verdict.objections
    more = f" ({len(others)} more below)" if others else ""
    return f"The objection{more}: {sentence(shortened(first, 300))}"


def _reason(decision: Decision) -> str:
    if not decision.reasons:
        return ""
    first, *others = sorted(decision.reasons, key=lambda reason: TELLING.index(reason.kind))
    more = f" ({len(others)} more below)" if others else ""
    return f"The reason for training it{more}: {sentence(shortened(first.sentence, 200))}"


def _compared(evaluation: Evaluation) -> str:
    present = [(role, score.metrics) for role in ROLES if (score := evaluation.score(role)) is not None]
    values = [(role, metrics[evaluation.metric]) for role, metrics in present if evaluation.metric in metrics]
    said = ", ".join(f"{role} {number(value)}" for role, value in values)
    beside = evaluation.compared(evaluation.metric, "as served", "own rows", "constant")
    sure = f"; {gap(beside)} than the {beside.role}" if beside else ""
    return f"Its {evaluation.metric} {where(evaluation)}: {said}{sure}."


def _parts(
    decision: Decision, evaluation: Evaluation, verdict: Verdict, promotion: Promotion | None, images: Images
) -> Iterator[Part]:
    if verdict.objections:
        yield Bullets("What the gates object to", verdict.objections)
    yield scores(evaluation)
    yield from islice(comparisons(evaluation), 1)
    if (weak := weak_slices(evaluation)) is not None:
        yield weak
    yield from pictures(images)
    if decision.reasons:
        yield Bullets("Why it was trained", tuple(f"{r.kind}: {r.sentence}" for r in decision.reasons))
    if decision.against:
        yield Bullets("What spoke against it", decision.against)
    yield roles(evaluation)
    yield Paragraph(_details(decision, evaluation, promotion), quiet=True)


def _details(decision: Decision, evaluation: Evaluation, promotion: Promotion | None) -> str:
    snapshot = f" Snapshot sha256 {promotion.snapshot}." if promotion is not None else ""
    asked = f" Asked for by {decision.by}." if decision.by != "nightshift" else ""
    return f"MLflow run {evaluation.run_id}.{snapshot}{asked}"
