"""A letter as an alert, ready for the outbox."""

from typing import Literal

from ml.messages.html import html
from ml.messages.letter import Letter, subject
from ml.messages.plain import plain
from ml.records import Alert

Images = tuple[tuple[str, str], ...]


def post(
    letter: Letter,
    kind: Literal["drift", "quarantine", "result", "failure", "approval", "stages"],
    key: str,
    images: Images = (),
) -> Alert:
    """The alert of a letter; a rerun that has the same to say gives the same ``key``, under the pipeline's day."""
    return Alert(
        key=f"{letter.pipeline}/{letter.day}/{key}",
        pipeline=letter.pipeline,
        day=letter.day,
        kind=kind,
        subject=subject(letter.headline),
        text=plain(letter),
        html=html(letter),
        images=images,
    )
