"""Which version served a data day, which one it had replaced, and which one would be stale by then.

By data days, as everywhere in a night: what the night of a day put into Production serves from the next day on. Unless
it came later: after an answer that took days, or a tryout on traffic, it stands in the book under a day that others
served after. It served no day whose own night had begun before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from ml.records import Promotion

Against = Literal["replaced", "stale"]


@dataclass(frozen=True)
class Pair:
    """A version that served a day, and another that is to score the day's rows as well."""

    day: date
    version: int
    other: int
    against: Against


Nights = Mapping[date, datetime]


def move(book: Sequence[Promotion], day: date, began: Nights | None = None) -> Promotion | None:
    """What put the version into Production that served a day; None before the first. ``book`` is oldest first.

    ``began`` says when the night of a day began, where that is known.
    """
    night = (began or {}).get(day)
    return next((each for each in reversed(book) if each.day < day and (night is None or each.at < night)), None)


def pairs(book: Sequence[Promotion], day: date, stale: int, began: Nights | None = None) -> list[Pair]:
    """Who is compared on a day: none on days of the first version, nor with a version that is the same one.

    The stale one served ``stale`` days before, or is the first that ever served where nobody did yet.
    """
    stands = move(book, day, began)
    if stands is None:
        return []
    aged = move(book, day - timedelta(days=stale), began) or book[0]
    found: list[tuple[int | None, Against]] = [(stands.previous, "replaced"), (aged.version, "stale")]
    return [
        Pair(day, stands.version, other, against)
        for other, against in found
        if other is not None and other != stands.version
    ]
