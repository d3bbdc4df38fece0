"""Episodes: alarms of following nights that are one story, told once when it opens and once when it ends."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

News = Literal["opened", "worse", "ended"]

WORSE_FACTOR = 2.0
WORSE_COLUMNS = 2


@dataclass(frozen=True)
class Night:
    """What a night's drift check said.

    ``reached`` is each alarming column with its score in units of its threshold, 1 and more; empty without alarm.
    """

    day: date
    reached: Mapping[str, float]


@dataclass(frozen=True)
class Episode:
    """A run of alarms with fewer than the agreed number of quiet nights between them.

    ``columns`` are all that alarmed, ``worst`` the furthest that one went, in units of its threshold. ``told`` is
    how many columns and how far the owner has been told of; ``quiet`` counts quiet nights since ``last``.
    """

    opened: date
    last: date
    alarms: int
    columns: tuple[str, ...]
    worst: float
    told: tuple[int, float]
    quiet: int = 0


@dataclass(frozen=True)
class Chapter:
    """What a night adds to the story: the episode as it stands after it, and what is worth a mail, if anything."""

    day: date
    episode: Episode | None
    news: News | None


def chapters(nights: Iterable[Night], quiet: int) -> Iterator[Chapter]:
    """The story of the nights, oldest first; ``quiet`` nights in a row end an episode.

    A night that is missing (not run, quarantined, too few rows) says neither yes nor no and is simply not there.
    """
    episode: Episode | None = None
    for night in nights:
        chapter = _alarmed(episode, night) if night.reached else _calm(episode, night, quiet)
        episode = None if chapter.news == "ended" else chapter.episode
        yield chapter


def last_chapter(nights: Sequence[Night], quiet: int) -> Chapter | None:
    """What the newest night adds; None without nights."""
    return next(iter(list(chapters(nights, quiet))[-1:]), None)


def _alarmed(episode: Episode | None, night: Night) -> Chapter:
    names, worst = tuple(night.reached), max(night.reached.values())
    if episode is None:
        opened = Episode(night.day, night.day, 1, names, worst, (len(names), worst))
        return Chapter(night.day, opened, "opened")
    longer = replace(
        episode,
        last=night.day,
        alarms=episode.alarms + 1,
        columns=tuple(dict.fromkeys((*episode.columns, *names))),
        worst=max(episode.worst, worst),
        quiet=0,
    )
    if not _worse(longer):
        return Chapter(night.day, longer, None)
    return Chapter(night.day, replace(longer, told=(len(longer.columns), longer.worst)), "worse")


def _worse(episode: Episode) -> bool:
    """Twice as far, or twice as many columns and at least two more, than the owner was told."""
    columns, worst = episode.told
    more = len(episode.columns)
    further = episode.worst > worst and episode.worst >= WORSE_FACTOR * worst
    return further or (more >= WORSE_FACTOR * columns and more >= columns + WORSE_COLUMNS)


def _calm(episode: Episode | None, night: Night, quiet: int) -> Chapter:
    if episode is None:
        return Chapter(night.day, None, None)
    calmer = replace(episode, quiet=episode.quiet + 1)
    return Chapter(night.day, calmer, "ended" if calmer.quiet >= quiet else None)
