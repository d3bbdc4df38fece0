"""A request that is not answered: a status, a sentence, and every wrong field."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ml.errors import NightshiftError

SHOWN = 40
LISTED = 1_000


@dataclass(frozen=True)
class Wrong:
    """One wrong field: the row, counted from 0 as in the list that was sent, what stands there, what is wanted."""

    row: int
    field: str | None
    value: str
    wanted: str


class Refused(NightshiftError):
    """A request that gets no prediction; ``status`` is HTTP's, ``wrong`` names every field that is to blame."""

    def __init__(
        self, status: int, sentence: str, wrong: Sequence[Wrong] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence
        self.wrong, self.headers = tuple(wrong), dict(headers or {})

    @property
    def document(self) -> dict[str, Any]:
        """The problem as RFC 9457 has it; of wrong fields the first LISTED."""
        told = {"status": self.status, "detail": self.sentence}
        return told | ({"wrong": [asdict(one) for one in self.wrong[:LISTED]]} if self.wrong else {})


def wrong_fields(wrong: Sequence[Wrong]) -> Refused:
    """The refusal of a request whose rows hold these wrong fields."""
    rows = len({one.row for one in wrong})
    fields = "1 field is" if len(wrong) == 1 else f"{len(wrong):,} fields are"
    more = f"; the first {LISTED:,} are listed" if len(wrong) > LISTED else ""
    return Refused(422, f"{fields} wrong in {rows:,} row{'s' if rows > 1 else ''}{more}", wrong)


def busy(sentence: str, seconds: float = 1) -> Refused:
    """The refusal of a request that may come again in so many seconds."""
    return Refused(503, sentence, headers={"Retry-After": str(max(1, round(seconds)))})


def shown(value: Any) -> str:
    """A value as JSON has it, up to 40 characters, all of them plain ASCII: enough to see what is wrong."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, int) and value.bit_length() > 64:
        return f"a whole number of some {value.bit_length() * 0.30103:.0f} digits"
    text = value[: SHOWN + 1] if isinstance(value, str) else value
    written = json.dumps(text) if isinstance(text, str | int | float | None) else json.dumps(str(text))
    plain = written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "~"
