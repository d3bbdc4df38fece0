"""The faults that the drift check is held against: those of a fixed list, and the whole roster of ``ml.drills``."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import polars as pl

from ml.drills import ROSTER, Ground
from ml.errors import CannotStrike
from studies.streams import Stream

Frames = Sequence[pl.DataFrame]
Damage = Callable[[Frames], list[pl.DataFrame]]


def each(change: Callable[[pl.DataFrame], pl.DataFrame]) -> Damage:
    """The same change on every day."""
    return lambda frames: [change(frame) for frame in frames]


def times(column: str, factor: float, plus: float = 0.0) -> Damage:
    """Another unit."""
    return each(lambda frame: frame.with_columns(pl.col(column) * factor + plus))


def renamed(column: str, old: str, new: str) -> Damage:
    """A category under another name."""
    return each(lambda frame: frame.with_columns(pl.col(column).replace(old, new)))


def later(time: str, hours: int = 1) -> Damage:
    """A clock that is so many hours off."""
    return each(lambda frame: frame.with_columns(pl.col(time) + pl.duration(hours=hours)))


def evening(time: str) -> Damage:
    """Only what happened from five in the afternoon on."""
    return each(lambda frame: frame.filter(pl.col(time).dt.hour() >= 17))


def thinner(column: str, value: str, share: float = 0.5) -> Damage:
    """A share of one category's rows is missing."""
    return each(
        lambda frame: frame.filter((pl.col(column) != value) | (pl.int_range(pl.len()).hash(1) % 100 >= share * 100))
    )


def held(column: str, by: str, places: Sequence[str]) -> Damage:
    """A sensor at each of these places keeps the first reading of the first day, night after night."""

    def hold(frames: Frames) -> list[pl.DataFrame]:
        kept = pl.col(column)
        for place in places:
            there = frames[0].filter((pl.col(by) == place) & pl.col(column).is_not_null())
            if there.height:
                kept = (
                    pl.when((pl.col(by) == place) & pl.col(column).is_not_null()).then(there[column][0]).otherwise(kept)
                )
        return [frame.with_columns(kept.alias(column)) for frame in frames]

    return hold


def flights() -> dict[str, Damage]:
    """The list that the first calibration was measured on, each with what it saw there on the first night."""
    return {
        "hPa in inHg": times("pressure", 0.02953),
        "miles in km": times("distance", 1.609344),
        "one carrier renamed": renamed("carrier", "UA", "United"),
        "evening rows only": evening("sched_dep"),
        "°F in °C": times("temp", 5 / 9, -160 / 9),
        "half of one airport missing": thinner("origin", "EWR"),
        "wind in km/h": times("wind_speed", 1.609344),
        "clock one hour off": later("sched_dep"),
        "visibility frozen at one airport": held("visib", "origin", ["EWR"]),
        "visibility frozen everywhere": held("visib", "origin", ["EWR", "JFK", "LGA"]),
    }


def of_stream(stream: Stream) -> dict[str, Damage]:
    """What can happen to any stream."""
    number, value = stream.numbers[0], stream.day(date(2010, 1, 4))[stream.category].mode().sort()[0]
    return {
        f"{number} times 1.609": times(number, 1.609344),
        f"{stream.category} renamed": renamed(stream.category, value, "renamed"),
        f"half of one {stream.category} missing": thinner(stream.category, value),
        "evening rows only": evening(stream.time),
        "clock one hour off": later(stream.time),
        f"{stream.numbers[1]} missing in 30 % of rows": each(
            lambda frame: frame.with_columns(
                pl.when(pl.int_range(pl.len()).hash(2) % 10 < 3)
                .then(None)
                .otherwise(pl.col(stream.numbers[1]))
                .alias(stream.numbers[1])
            )
        ),
    }


def roster(ground: Ground, seed: int) -> Iterator[tuple[str, Damage]]:
    """Every fault of the fire drills, at a place and of a size that the seed chooses."""
    for fault in ROSTER:

        def strike(frames: Frames, fault=fault) -> list[pl.DataFrame]:  # type: ignore[no-untyped-def]
            joined = pl.concat([frame.with_columns(__n=pl.lit(n)) for n, frame in enumerate(frames)])
            hit = fault().inject({ground.name: joined}, ground, seed=seed).tables[ground.name]
            return [hit.filter(pl.col("__n") == n).drop("__n") for n in range(len(frames))]

        yield fault.model_fields["kind"].default, strike


__all__ = ["CannotStrike", "Damage", "flights", "of_stream", "roster"]
