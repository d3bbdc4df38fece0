"""The mail about the result of a retrain: promoted, refused, or tried dry."""

from collections.abc import Iterator
from itertools import islice

from ml.messages.letter import Bullets, Letter, Links, Paragraph, Part, Tone, pictures, sentence, shortened
from ml.messages.post import Images, post
from ml.messages.scores import compared, comparisons, roles, scores, weak_slices
from ml.records import Alert, Approval, Decision, Evaluation, Promotion, Verdict

TELLING = ("on demand", "performance", "drift", "first model", "new data", "schedule")


def result_alert(
    decision: Decision,
    evaluation: Evaluation,
    verdict: Verdict,
    promotion: Promotion | None,
    links: Links,
    images: Images = (),
    approval: Approval | None = None,
) -> Alert:
    """What is in Production this morning and why, or what the gates objected to."""
    news, happened, todo = _news(decision, verdict, approval, promotion)
    letter = Letter(
        pipeline=evaluation.pipeline,
        day=evaluation.day,
        tone=_tone(verdict, promotion),
        headline=f"{evaluation.pipeline}: {news}",
        happened=happened,
        why=_why(decision, evaluation, verdict),
        todo=todo,
        parts=tuple(_parts(decision, evaluation, verdict, approval, promotion, images)),
        links=links,
    )
    return post(
        letter, "result", f"result/{evaluation.run_id}{_outcome(decision, verdict, approval, promotion)}", images
    )


def _outcome(decision: Decision, verdict: Verdict, approval: Approval | None, promotion: Promotion | None) -> str:
    """Part of the key: of one model that is refused, and passes once its owner has changed the gates, both are told.

    So is whoever thinks better of an answer.
    """
    if approval is not None and approval.answer != "auto":
        return f"/{approval.answer}"
    if promotion is not None:
        return f"/v{promotion.version}"
    if decision.dry_run:
        return "/dry"
    return "/tryout" if verdict.tryout is not None else ""


def _tone(verdict: Verdict, promotion: Promotion | None) -> Tone:
    if promotion is not None:
        return "good"
    return "quiet" if verdict.passed else "warning"


def _news(
    decision: Decision, verdict: Verdict, approval: Approval | None, promotion: Promotion | None
) -> tuple[str, str, str]:
    """The headline, what happened, and what to do."""
    if promotion is not None:
        return _promoted(promotion, approval)
    if approval is not None and not approval.granted:
        return _not_approved(approval, verdict)
    if decision.dry_run:
        return _dry(decision, verdict)
    return _refused(verdict) if not verdict.passed else _held_back()


def _promoted(promotion: Promotion, approval: Approval | None) -> tuple[str, str, str]:
    version, previous = promotion.version, promotion.previous
    after = f"replaced version {previous}" if previous is not None else "is the first"
    by = f", approved by {approval.by}" if approval is not None and approval.answer == "approved" else ""
    return (
        f"v{version} is in Production",
        f"Version {version} {after} in Production{by}.",
        "There is nothing to do: whoever reads the alias `production` is served by it from now on.",
    )


def _not_approved(approval: Approval, verdict: Verdict) -> tuple[str, str, str]:
    version, stays = approval.version, f"{_in_production(verdict)}."
    nothing = "There is nothing to do: the next night trains another one."
    match approval.answer:
        case "rejected":
            return f"v{version} was rejected", f"{approval.by} rejected version {version}; {stays}", nothing
        case "expired":
            return (
                f"v{version} was not approved in time",
                f"Nobody answered for version {version} by the deadline, so it is not promoted; {stays}",
                f"{nothing} If nobody can answer in time, give `approval.deadline` more of it.",
            )
        case _:
            return (
                f"v{version} was withdrawn",
                f"Version {version} passed every gate and was withdrawn before it was promoted: {approval.why}.",
                nothing,
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
    if verdict.tryout is not None:
        return (
            f"stopped in its tryout, {stays}",
            f"The challenger passed the gates, saw traffic, and was stopped; {_in_production(verdict)}.",
            "There is nothing to do: the version is in the archive, and serves nobody any more.",
        )
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
        return f"{compared(evaluation)} {_reason(decision)}".rstrip()
    first, *others = verdict.objections
    what = "objection" if verdict.tryout is None else "reason"
    more = f" ({len(others)} more below)" if others else ""
    return f"The {what}{more}: {sentence(shortened(first, 300))}"


def _reason(decision: Decision) -> str:
    if not decision.reasons:
        return ""
    first, *others = sorted(decision.reasons, key=lambda reason: TELLING.index(reason.kind))
    more = f" ({len(others)} more below)" if others else ""
    return f"The reason for training it{more}: {sentence(shortened(first.sentence, 200))}"


def _parts(
    decision: Decision,
    evaluation: Evaluation,
    verdict: Verdict,
    approval: Approval | None,
    promotion: Promotion | None,
    images: Images,
) -> Iterator[Part]:
    if verdict.tryout is not None:
        yield Bullets("What its tryout found", (verdict.tryout.sentence,))
    elif verdict.objections:
        yield Bullets("What the gates object to", verdict.objections)
    yield scores(evaluation)
    yield from islice(comparisons(evaluation), 1)
    if (weak := weak_slices(evaluation)) is not None:
        yield weak
    yield from pictures(images)
    if approval is not None and approval.answer in ("approved", "rejected") and approval.why:
        yield Bullets(f"What {approval.by} says", (approval.why,))
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
