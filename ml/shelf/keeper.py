"""Keeps one pipeline's shelf as the aliases say: what comes is loaded beside, tried, and only then swapped in."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from ml.errors import NightshiftError, ServiceUnavailable
from ml.registry import PREVIOUS, PRODUCTION, STAGING
from ml.shelf.copies import Copies, Copy, Fetch, Placed
from ml.shelf.loading import check, opened
from ml.shelf.refusal import Refusal
from ml.shelf.served import Served
from ml.shelf.shelf import Shelf, Slots

_SLOTS = {PRODUCTION: "current", PREVIOUS: "previous", STAGING: "candidate"}
AGAIN = 60.0  # seconds between two tries to report a refusal
log = logging.getLogger(__name__)


@dataclass
class Keeper:
    """Who fills a shelf, a step at a time, in the thread that calls it; requests never wait for it.

    ``aliases`` asks MLflow where the aliases point, in one call. ``fetch`` brings a version's files. ``since`` says
    when a version entered Production, None when nobody knows. ``prepare`` makes of a version what the service needs
    to answer, and raises a NightshiftError when it cannot. ``report`` tells people of a refusal, once; when it
    cannot (ServiceUnavailable) it is asked again. ``tries`` says that a version in Staging is held too; its files are
    fetched in any case.

    At most three versions are in memory: what comes in takes the place of one that can be loaded again.
    """

    shelf: Shelf
    copies: Copies
    aliases: Callable[[], Mapping[str, int]]
    fetch: Fetch
    since: Callable[[int], datetime | None] = lambda version: None
    prepare: Callable[[Served], Any] = lambda served: None
    report: Callable[[Refusal], None] = lambda refusal: None
    tries: bool = False
    _untold: list[Refusal] = field(default_factory=list)
    _tell_after: float = 0.0
    _ahead: frozenset[int] = frozenset()
    _same: frozenset[int] = frozenset()
    _outlived: frozenset[int] = frozenset()

    def restore(self) -> None:
        """Put back what stood on the shelf last, from this machine's copies alone: MLflow may be away.

        A copy that is damaged, or that the code of today cannot open, is passed over; the log says so.
        """
        standing = self.copies.standing()
        found = [self._restored(standing[slot]) for slot in (PRODUCTION, PREVIOUS) if slot in standing]
        whole = [served for served in found if served is not None]
        self.shelf.slots = Slots(*whole[:2])

    def _restored(self, placed: Placed) -> Served | None:
        try:
            copy = self.copies.here(placed.version)
            return self._tried(copy, placed.since) if copy is not None else None
        except NightshiftError as error:
            log.warning("%s; MLflow is asked for it", error)
        except Exception:  # a model is foreign code: whatever it raises, it does not serve
            log.exception("%s version %s does not open; MLflow is asked for it", self.shelf.pipeline, placed.version)
        return None

    def _tried(self, copy: Copy, since: datetime) -> Served:
        """A version in memory after its golden requests, prepared for the service."""
        served = opened(copy, self.shelf.pipeline, since)
        check(served)
        return replace(served, prepared=self.prepare(served))

    def look(self) -> None:
        """Ask MLflow where the aliases point, and bring the shelf there.

        Raises
        ------
        ServiceUnavailable
            MLflow did not answer; what stands on the shelf stays.
        """
        self._tell()
        pointed = self.aliases()
        self._compare(pointed.values())
        production, previous, staging = (pointed.get(alias) for alias in (PRODUCTION, PREVIOUS, STAGING))
        self._bring(PRODUCTION, production)
        if self.shelf.current is None:
            self._bring(PRODUCTION, previous)
        else:
            self._bring(PREVIOUS, previous)
            self._drop_stopped()
            self._bring(STAGING, staging if self.tries else None)
            self._fetch_ahead(staging)
        self._forget(pointed.values())
        self._tell()

    def _compare(self, pointed: Collection[int]) -> None:
        """Find what stands here under a number that is another version's by now; asked once while its alias stays."""
        slots = self.shelf.slots
        self._same &= frozenset(pointed)
        held = [one for one in (slots.current, slots.previous, slots.candidate) if one and one.version in pointed]
        asked = {one.version: one.run_id for one in reversed(held) if one.version not in self._same}
        self._outlived = frozenset(version for version in asked if self.copies.another(version, asked[version]))
        self._same |= frozenset(asked) - self._outlived

    def _bring(self, alias: str, version: int | None) -> None:
        """Have the version in the slot of an alias; one that was refused stays outside until its alias has moved.

        An alias that points nowhere empties the candidate's slot alone: what serves goes on serving.
        """
        slots = self.shelf.slots
        if version is None:
            if alias == STAGING and slots.candidate is not None:
                self.shelf.slots = replace(slots, candidate=None)
            return
        there: Served | None = getattr(slots, _SLOTS[alias])
        serves = slots.current is not None and slots.current.version == version
        if (serves or (there is not None and there.version == version)) and version not in self._outlived:
            return
        if (known := self.shelf.refused.get(version)) is not None:
            if alias == PRODUCTION != known.alias:  # what nobody missed in Staging is missed now
                self._refuse(alias, version, known.sentence)
            return
        served = (version not in self._outlived and slots.held(version)) or self._loaded(alias, version)
        if served:
            self._outlived -= {version}
            self._place(alias, served)

    def _loaded(self, alias: str, version: int) -> Served | None:
        """The version, fetched, opened, tried and prepared; None when it is refused."""
        self._make_room(alias)
        try:
            return self._tried(self.copies.get(version, self.fetch), datetime.now(UTC))
        except (ServiceUnavailable, OSError):  # a full disk is no fault of the version
            raise
        except NightshiftError as error:
            self._refuse(alias, version, str(error))
        except Exception as error:  # a model is foreign code: whatever it raises, it does not serve
            log.exception("%s version %s does not open", self.shelf.pipeline, version)
            how = f"{type(error).__name__}: {error}"
            self._refuse(alias, version, f"{self.shelf.pipeline} version {version} is refused: {how}")
        return None

    def _fetch_ahead(self, version: int | None) -> None:
        """Have the files of what may be promoted next, and know beforehand if they are no good."""
        if version is None or version in self.shelf.refused or version in self.shelf.slots.versions | self._ahead:
            return
        try:
            self.copies.get(version, self.fetch)
            self._ahead = frozenset({version})
        except (ServiceUnavailable, OSError):
            raise
        except NightshiftError as error:
            self._refuse(STAGING, version, str(error))

    def _make_room(self, alias: str) -> None:
        """Let go of what will be replaced, or can be loaded again, before a version is loaded beside the others."""
        slots = self.shelf.slots
        if alias == STAGING:
            self.shelf.slots = replace(slots, candidate=None)
        elif alias == PREVIOUS or None not in (slots.previous, slots.candidate):
            self.shelf.slots = replace(slots, previous=None)

    def _place(self, alias: str, served: Served) -> None:
        """The swap: one assignment of all slots. What served before stays at hand."""
        before, after = self.shelf.slots, _after(self.shelf.slots, alias, served)
        # noted first: who is killed in between comes back with what the alias says, and never with what it left
        self._note(after)
        self.shelf.slots = after
        if alias == PRODUCTION:
            self.shelf.swaps += 1
            left = f"; version {before.current.version} stays at hand" if before.current else ""
            log.info("%s version %s serves%s", self.shelf.pipeline, served.version, left)
            if not served.examples:
                log.warning("%s version %s was saved without golden requests", self.shelf.pipeline, served.version)
        if alias != STAGING and (at := self.since(served.version)) is not None:
            self.shelf.slots = _after(before, alias, replace(served, since=at))
            self._note(self.shelf.slots)

    def _note(self, slots: Slots) -> None:
        """Keep on the disk what stands on the shelf; a disk that is full keeps nothing from serving."""
        held = {PRODUCTION: slots.current, PREVIOUS: slots.previous}
        try:
            self.copies.note({slot: Placed(one.version, one.since) for slot, one in held.items() if one is not None})
            self.copies.prune(slots.versions)
        except OSError as error:
            log.error(
                "what %s serves could not be noted, a restart may find older versions: %s", self.shelf.pipeline, error
            )

    def _drop_stopped(self) -> None:
        """Let go of a candidate that failed on requests; whoever answers has stopped asking it already."""
        candidate, stopped = self.shelf.candidate, self.shelf.stopped
        if candidate is not None and stopped is not None and stopped[0] == candidate.version:
            self.shelf.slots = replace(self.shelf.slots, candidate=None)
            self._refuse(STAGING, candidate.version, stopped[1])

    def _refuse(self, alias: str, version: int, sentence: str) -> None:
        serving = self.shelf.current.version if self.shelf.current else None
        refusal = Refusal(self.shelf.pipeline, version, alias, sentence, serving, datetime.now(UTC))
        self.shelf.refused = {**self.shelf.refused, version: refusal}
        self._untold.append(refusal)
        log.error("%s; %s", sentence, "nothing serves" if serving is None else f"version {serving} goes on serving")

    def _forget(self, pointed: Collection[int]) -> None:
        """A version that no alias points to any more may come again: perhaps somebody mended it."""
        kept = {version: refusal for version, refusal in self.shelf.refused.items() if version in pointed}
        if len(kept) < len(self.shelf.refused):
            self.shelf.refused = kept

    def _tell(self) -> None:
        """Report what nobody could be told yet; while it cannot be, once a minute."""
        while self._untold and monotonic() >= self._tell_after:
            try:
                self.report(self._untold[0])
            except ServiceUnavailable as error:
                log.warning("%s; the refusal of version %s is reported later", error, self._untold[0].version)
                self._tell_after = monotonic() + AGAIN
                return
            except NightshiftError as error:
                log.error("the refusal of version %s cannot be reported: %s", self._untold[0].version, error)
            self._untold.pop(0)


def _after(slots: Slots, alias: str, served: Served) -> Slots:
    """The slots with a version in the one of an alias, and in no other."""
    if alias == STAGING:
        return replace(slots, candidate=served)
    if alias == PREVIOUS:
        return replace(slots, previous=served)
    waits = slots.candidate if slots.candidate and slots.candidate.version != served.version else None
    return Slots(current=served, previous=slots.current or slots.previous, candidate=waits)
