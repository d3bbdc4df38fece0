"""What an audit finds: a sentence each, and what mends it."""

from dataclasses import asdict, dataclass
from typing import Any

from ml.messages.plain import printable


@dataclass(frozen=True)
class Discrepancy:
    """Two places that should agree and do not: which, with both values, and what to type or do about it."""

    sentence: str
    mend: str

    def lines(self) -> list[str]:
        return [printable(self.sentence), f"  mend: {printable(self.mend)}"]


@dataclass(frozen=True)
class Checked:
    """One check: what it looked at, in words with numbers, and what it found."""

    check: str
    said: str
    found: tuple[Discrepancy, ...] = ()

    def lines(self) -> list[str]:
        """What was looked at in one line, and each discrepancy below it."""
        mark = "WRONG" if self.found else "ok"
        told = [f"    {line}" for one in self.found for line in one.lines()]
        return [f"  {self.check:<9} {mark:<6} {printable(self.said)}", *told]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"ok": not self.found}
