"""Seals: a row's text as it was written, chained to the row before it by sha256.

The text is canonical JSON (keys sorted, no spaces, moments in UTC), so that it can be made again from a row and
compared. A row's hash covers the hash of the row before it, so nobody changes, drops or inserts a row without
changing every hash after it (Haber and Stornetta, How to time-stamp a digital document, 1991). Neither may ever
change: the rows of years are verified by them. A column that comes later is in the seals of later rows only.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

FIRST = ""


def seal(book: str, values: Mapping[str, Any]) -> str:
    """The text of a row of this book; equal for equal values, whatever their order.

    Raises
    ------
    ValueError
        A moment has no zone.
    """
    return json.dumps({"book": book} | _plain(values), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def unsealed(sealed: str) -> dict[str, Any]:
    """What a seal says, as plain JSON values, the book's name among them.

    Raises
    ------
    ValueError
        The text is no seal.
    """
    said = json.loads(sealed)
    if not isinstance(said, dict):
        raise ValueError(f"{sealed[:80]!r} is no seal")
    return said


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as a seal gives them back."""
    return dict(json.loads(json.dumps(_plain(values))))


def chained(before: str, sealed: str) -> str:
    """The hash of a row: 64 hexadecimal digits. ``before`` is the hash of the row before it, FIRST for the first."""
    return hashlib.sha256((before + sealed).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")
    return value


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError(f"{value} has no timezone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")
