"""What a candidate gets of one pipeline's requests: a copy of them, off the hot path, or a share to answer."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from time import perf_counter
from typing import Any

from ml.errors import ServiceUnavailable
from ml.exposure import BaseExposure
from ml.features import Definitions
from ml.predictions.ids import new_id
from ml.records import Prediction
from ml.shelf.bet import Bet
from ml.shelf.served import Served
from ml.shelf.shelf import Shelf, Slots

Row = Mapping[str, Any]
Score = Callable[[Served, Sequence[Row]], list[float]]

WAITING = 5000  # rows that wait to be scored; more are dropped and counted
EVERY = 0.05  # seconds between two rounds of scoring
FAILURES = 0.001  # at most this share of the candidate's rows may fail
SLOW = 0.05  # at most this share of its requests may take longer than 99 % of the other version's
KNOWN, FEW = 1000, 200  # requests of the other version that say what is slow, and without which nothing is


@dataclass(frozen=True)
class Told:
    """A value for each row of a request, and the version that gave it."""

    values: list[float]
    by: Sequence[Served]


@dataclass(frozen=True)
class _Copied:
    slots: Slots
    rows: Sequence[Row]
    predictions: Sequence[Prediction]


class Traffic:
    """Shares the requests of one pipeline between its versions, and stops a candidate that fails or is slow.

    ``key`` are the columns of the source's key, ``score`` gives one number for each row, ``append`` keeps predictions.
    ``past`` are the YAML's aggregates, which a version takes that was saved without its own.
    A row whose key is not given is always answered by the version in Production. When the candidate fails on a row,
    Production answers it; the caller notices nothing. ``copied`` counts rows that a copy of was scored, ``dropped``
    those for which there was no room or no luck.
    """

    def __init__(
        self,
        shelf: Shelf,
        exposure: BaseExposure,
        key: Sequence[str],
        score: Score,
        append: Callable[[Sequence[Prediction]], None],
        past: Definitions | None = None,
    ) -> None:
        self.shelf, self.exposure, self.score, self.append = shelf, exposure, score, append
        self.past = past or {}
        self.by = exposure.by or tuple(key)
        self.copied = self.dropped = 0
        self._alpha = exposure.false_stops / 4
        self._waiting: deque[_Copied] = deque()
        self._rows = 0
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._seconds: deque[float] = deque(maxlen=KNOWN)
        self._slow: float | None = None
        self._version: int | None = None
        self._failed, self._late = Bet(FAILURES), Bet(SLOW)
        self._thread = threading.Thread(target=self._walk, name=f"shadow {shelf.pipeline}", daemon=True)

    def start(self) -> None:
        """Begin to score copies; a pipeline that tries no candidates needs no thread."""
        if self.exposure.held:
            self._thread.start()

    def close(self) -> None:
        """Score no more copies."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def answers(self, slots: Slots, rows: Sequence[Row]) -> Told:
        """A value for each row: from the candidate for its share of the keys, from Production for all others.

        ``slots`` are those that the request took when it began; Production's version must be among them.
        """
        current, candidate = slots.current, self.tried(slots)
        assert current is not None
        mine = self._share(candidate, rows) if candidate is not None and self.exposure.answers else []
        if candidate is None or not mine:
            began = perf_counter()
            values = self.score(current, rows)
            if candidate is not None and len(rows) == 1:
                self._seconds.append(perf_counter() - began)
            return Told(values, [current] * len(rows))
        return self._shared(current, candidate, rows, mine)

    def _shared(self, current: Served, candidate: Served, rows: Sequence[Row], mine: list[int]) -> Told:
        theirs = self._asked(candidate, [rows[n] for n in mine])
        if theirs is None:
            return Told(self.score(current, rows), [current] * len(rows))
        given = dict(zip(mine, theirs, strict=True))
        others = [row for n, row in enumerate(rows) if n not in given]
        rest = iter(self.score(current, others) if others else [])
        values = [given[n] if n in given else next(rest) for n in range(len(rows))]
        return Told(values, [candidate if n in given else current for n in range(len(rows))])

    def _asked(self, candidate: Served, rows: Sequence[Row]) -> list[float] | None:
        """The candidate's values; None when it failed, which is counted against it."""
        began = perf_counter()
        try:
            values = self.score(candidate, rows)
        except Exception as error:  # a model is foreign code, and the caller must get an answer
            self._failed_on(candidate, error)
            return None
        with self._lock:
            self._bets(candidate)
            self._failed.add(False, len(rows))
            if len(rows) == 1 and self._slow is not None:
                self._late.add(perf_counter() - began > self._slow)
                self._end_if_late(candidate, self._slow)
        return values

    def tried(self, slots: Slots) -> Served | None:
        """The candidate, unless it was stopped or does not take the rows that Production takes.

        Those are its fields, and the past in its definitions.
        """
        candidate, current = slots.candidate, slots.current
        if candidate is None or current is None or not self.exposure.held:
            return None
        stopped = self.shelf.stopped
        if stopped is not None and stopped[0] == candidate.version:
            return None
        return candidate if self._takes(candidate) == self._takes(current) else None

    def _takes(self, served: Served) -> tuple[Any, Definitions]:
        return served.inputs, served.looked_up(self.past)

    @property
    def unlike(self) -> str | None:
        """Why the candidate sees nothing though it should; None where it does, or there is none."""
        current, candidate = self.shelf.current, self.shelf.candidate
        if (
            current is None
            or candidate is None
            or not self.exposure.held
            or self._takes(candidate) == self._takes(current)
        ):
            return None
        return (
            f"version {candidate.version} sees no traffic: it takes other inputs than version {current.version}, "
            "and a request cannot be meant for both"
        )

    def _share(self, candidate: Served, rows: Sequence[Row]) -> list[int]:
        """The numbers of the rows that are the candidate's."""
        share, salt = self.exposure.answers, f"{candidate.pipeline}/{candidate.version}".encode()
        keys = ([row.get(name) for name in self.by] for row in rows)
        return [n for n, key in enumerate(keys) if None not in key and place(salt, key) < share]

    def _bets(self, candidate: Served) -> None:
        """Begin to count anew when another candidate has come."""
        if self._version != candidate.version:
            self._version, self._failed, self._late = candidate.version, Bet(FAILURES), Bet(SLOW)

    def _failed_on(self, candidate: Served, error: Exception) -> None:
        """Count a failure, and stop the candidate when there are too many to be chance."""
        with self._lock:
            self._bets(candidate)
            self._failed.add(True)
            if self._failed.won(self._alpha):
                counted = f"it failed on {self._failed.hits} of {self._failed.seen} rows"
                why = f"for example with {type(error).__name__}: {error}"
                self._end(candidate, f"{counted}, {why}; at most {FAILURES:.1%} may fail")

    def _end_if_late(self, candidate: Served, limit: float) -> None:
        if self._late.won(self._alpha):
            counted = f"{self._late.hits} of {self._late.seen} requests took it longer than {1000 * limit:.2g} ms"
            self._end(candidate, f"{counted}, as 1 % of the other version's do; at most {SLOW:.0%} may")

    def _end(self, candidate: Served, why: str) -> None:
        self.shelf.stopped = candidate.version, f"{candidate.pipeline} version {candidate.version} is stopped: {why}"

    def copy(self, slots: Slots, rows: Sequence[Row], predictions: Sequence[Prediction]) -> None:
        """Have the other version score these rows later, so that both have said something of each; never waits."""
        if self.tried(slots) is None:
            return
        if self._rows + len(rows) > WAITING:
            self.dropped += len(rows)
            return
        self._rows += len(rows)
        self._waiting.append(_Copied(slots, rows, predictions))

    def _walk(self) -> None:
        while not self._stop.wait(EVERY):
            self.round()

    def round(self) -> None:
        """Score what waits, as one batch for each version."""
        taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
        self._rows = self._rows - sum(len(one.rows) for one in taken) if self._waiting else 0
        for served, pairs in _by_version(taken):
            self._score(served, pairs)
        if len(self._seconds) >= FEW:
            known = sorted(self._seconds)
            self._slow = known[int(0.99 * len(known))]

    def _score(self, served: Served, pairs: Sequence[tuple[Row, Prediction]]) -> None:
        now = datetime.now(UTC)
        values = self._scored(served, [row for row, _ in pairs])
        kept = [_said(served, p, v, now) for (_, p), v in zip(pairs, values, strict=True) if v is not None]
        try:
            self.append(kept)
        except ServiceUnavailable:  # the log says so itself, and these rows are not owed to anybody
            kept = []
        self.copied += len(kept)
        self.dropped += len(pairs) - len(kept)

    def _scored(self, served: Served, rows: Sequence[Row]) -> Sequence[float | None]:
        """A value for each row, None for those that the version fails on."""
        try:
            values = self.score(served, rows)
        except Exception as error:  # a model is foreign code
            if len(rows) > 1:
                return [value for row in rows for value in self._scored(served, [row])]
            if served is self.shelf.candidate:
                self._failed_on(served, error)
            return [None]
        if served is self.shelf.candidate:
            with self._lock:
                self._bets(served)
                self._failed.add(False, len(rows))
        return values


def place(salt: bytes, key: Iterable[Any]) -> float:
    """Where a key lies between 0 and 1: the first 8 bytes of the blake2b of the salt and the key's values as JSON.

    7 and 7.0 are the same key, since JSON has one kind of number.
    """
    plain = [int(v) if isinstance(v, float) and v.is_integer() else v for v in key]
    text = json.dumps(plain, default=str, separators=(",", ":"))
    return int.from_bytes(blake2b(salt + b"/" + text.encode(), digest_size=8).digest()) / 2.0**64


def _by_version(taken: Sequence[_Copied]) -> list[tuple[Served, list[tuple[Row, Prediction]]]]:
    """The rows that each version has not said anything of yet, with what the other one said."""
    found: dict[int, tuple[Served, list[tuple[Row, Prediction]]]] = {}
    for one in taken:
        current, candidate = one.slots.current, one.slots.candidate
        assert current is not None
        assert candidate is not None
        for row, prediction in zip(one.rows, one.predictions, strict=True):
            other = candidate if prediction.version == current.version else current
            found.setdefault(id(other), (other, []))[1].append((row, prediction))
    return list(found.values())


def _said(served: Served, of: Prediction, value: float, at: datetime) -> Prediction:
    own = {"id": new_id(), "version": served.version, "role": "shadow", "at": at, "probability": value}
    return Prediction.model_construct(**(of.__dict__ | own))
