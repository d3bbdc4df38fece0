"""What housekeeping removed, or would remove."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ml.housekeeping.removable import Removable
from ml.records import Record

_UNITS = ("B", "KB", "MB", "GB", "TB")


class Housekeeping(Record):
    """What went, or with ``dry_run`` would go, at a moment; ``warnings`` name what a person should look at."""

    pipeline: str
    dry_run: bool
    at: datetime
    removed: tuple[Removable, ...]
    warnings: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        return sum(item.bytes for item in self.removed)

    def as_json(self) -> dict[str, Any]:
        return {**self.model_dump(mode="json"), "bytes": self.bytes}

    def lines(self) -> Iterator[str]:
        does = "would go" if self.dry_run else "went"
        yield f"{self.pipeline}: {len(self.removed)} things {does}, {size(self.bytes)}"
        for kind in dict.fromkeys(item.kind for item in self.removed):
            of = [item for item in self.removed if item.kind == kind]
            yield f"  {kind:<15} {len(of):>5}   {size(sum(item.bytes for item in of)):>9}"
            if self.dry_run:
                yield from (f"    {size(item.bytes):>9}  {item.what}  ({item.why})" for item in of)
        yield from (f"  warning: {warning}" for warning in self.warnings)


def size(count: int) -> str:
    """A number of bytes for people, by thousands."""
    number, unit = float(count), 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{number:.0f} {_UNITS[unit]}" if unit == 0 else f"{number:.1f} {_UNITS[unit]}"
