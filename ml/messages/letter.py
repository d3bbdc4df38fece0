"""A letter before it is set: what it says, in parts, so that plain text and HTML cannot differ."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Tone = Literal["good", "warning", "bad", "quiet"]
SUBJECT_LENGTH = 69


@dataclass(frozen=True)
class Links:
    """The pages to look at, where they are known: the night, its run, the model, the form to retrain by
    hand, and the page on which a question is answered."""

    airflow: str | None = None
    mlflow: str | None = None
    night: str | None = None
    form: str | None = None
    answer: str | None = None

    @property
    def named(self) -> tuple[tuple[str, str | None], ...]:
        """Each page with what a button to it says."""
        return (
            ("Approve or reject in Airflow", self.answer),
            ("Look at the night", self.night),
            ("Open the run in Airflow", self.airflow),
            ("Open the model in MLflow", self.mlflow),
            ("Retrain by hand", self.form),
        )


@dataclass(frozen=True)
class Paragraph:
    """A sentence or some; ``quiet`` ones are set small."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list under a title."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A row of a table, told apart when it is the one to look at; ``marked`` are the cells to look at in it."""

    cells: tuple[str, ...]
    tone: Tone | None = None
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Table:
    """A table under a title. ``words`` is how many columns from the left hold words; the others hold numbers."""

    title: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    words: int = 1


@dataclass(frozen=True)
class Picture:
    """An image that travels with the mail under its content id."""

    cid: str
    caption: str


@dataclass(frozen=True)
class Commands:
    """What can be typed, each under the words that say when to."""

    title: str
    items: tuple[tuple[str, str], ...]


Part = Paragraph | Bullets | Table | Picture | Commands


@dataclass(frozen=True)
class Letter:
    """What happened, why, and what to do: the first line. Then the parts."""

    pipeline: str
    day: date
    tone: Tone
    headline: str
    happened: str
    why: str
    todo: str
    parts: tuple[Part, ...]
    links: Links = Links()

    @property
    def opening(self) -> str:
        """The first line."""
        return " ".join(sentence for sentence in (self.happened, self.why, self.todo) if sentence)


def subject(headline: str) -> str:
    """The headline as one line of fewer than 70 characters, which a phone shows whole."""
    return shortened(" ".join("".join(c if c.isprintable() else " " for c in headline).split()), SUBJECT_LENGTH)


def shortened(text: str, length: int) -> str:
    """The text, cut with an ellipsis when it is longer than ``length``."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def listed(names: tuple[str, ...], most: int = 4) -> str:
    """The names in a sentence: the first few, and how many more."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def sentence(text: str) -> str:
    """The text as a sentence: a full stop at its end."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def pictures(images: tuple[tuple[str, str], ...]) -> tuple[Picture, ...]:
    """The pictures of an alert's images, captioned by what their content ids say."""
    return tuple(Picture(cid, cid.replace("_", " ").replace("-", " ").capitalize()) for cid, _ in images)
