"""The question whether a version may serve: as a mail, and as the text of the page on which it is answered."""

from collections.abc import Iterator
from datetime import datetime

from ml.messages.letter import Bullets, Commands, Letter, Links, Paragraph, Part, sentence, shortened
from ml.messages.markdown import markdown
from ml.messages.post import post
from ml.messages.scores import compared, roles, scores, weak_slices
from ml.records import Alert, Decision, Evaluation, Question, Verdict


def question_alert(
    question: Question, evaluation: Evaluation, verdict: Verdict, decision: Decision, links: Links
) -> Alert:
    """Which version waits, why a person is asked, until when, and what it did beside the champion."""
    letter = _letter(question, evaluation, verdict, decision, links)
    return post(letter, "approval", f"question/{question.version}")


def question_page(
    question: Question, evaluation: Evaluation, verdict: Verdict, decision: Decision, links: Links
) -> str:
    """The same as Markdown, without the commands: the page has buttons."""
    letter = _letter(question, evaluation, verdict, decision, links)
    parts = tuple(part for part in letter.parts if not isinstance(part, Commands))
    return markdown(letter, parts)


def question_subject(question: Question) -> str:
    """The headline of the page."""
    return f"May version {question.version} of {question.pipeline} go into Production?"


def _letter(question: Question, evaluation: Evaluation, verdict: Verdict, decision: Decision, links: Links) -> Letter:
    first, *others = question.reasons
    more = f" ({len(others)} more below)" if others else ""
    return Letter(
        pipeline=question.pipeline,
        day=question.day,
        tone="warning",
        headline=f"{question.pipeline}: v{question.version} waits for your approval",
        happened=f"Version {question.version} passed every gate and is in Staging. {compared(evaluation)}",
        why=f"You are asked{more} because {sentence(shortened(first, 300))}",
        todo=(
            f"Approve or reject it by {_moment(question.deadline)}; without an answer it is not promoted, "
            f"and {_serving(question)}."
        ),
        parts=tuple(_parts(question, evaluation, verdict, decision)),
        links=links,
    )


def _serving(question: Question) -> str:
    if question.champion_version is None:
        return "nothing is in Production"
    return f"version {question.champion_version} stays in Production"


def _moment(at: datetime) -> str:
    return f"{at:%A %d %B, %H:%M} UTC"


def _parts(question: Question, evaluation: Evaluation, verdict: Verdict, decision: Decision) -> Iterator[Part]:
    yield scores(evaluation)
    if (weak := weak_slices(evaluation)) is not None:
        yield weak
    if len(question.reasons) > 1:
        yield Bullets("Why you are asked", question.reasons)
    if verdict.findings:
        yield Bullets("What the gates found", tuple(f"{f.gate}: {f.sentence}" for f in verdict.findings))
    if decision.reasons:
        yield Bullets("Why it was trained", tuple(f"{r.kind}: {r.sentence}" for r in decision.reasons))
    yield roles(evaluation)
    yield Commands("In a terminal", tuple(_commands(question)))
    yield Paragraph(f"MLflow run {question.run_id}.{_who(question)}", quiet=True)


def _commands(question: Question) -> Iterator[tuple[str, str]]:
    about = f"{question.pipeline} --version {question.version}"
    yield "Let it into Production:", f'nightshift approve {about} --why "..."'
    yield "Keep it out:", f'nightshift reject {about} --why "..."'


def _who(question: Question) -> str:
    return f" To be answered by {', '.join(question.users)}." if question.users else ""
