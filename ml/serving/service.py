"""A request from its head to its answer: who asks, may they, what do they send, what is predicted, is it kept."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml.errors import ServiceUnavailable
from ml.predictions.bundle import Bundle
from ml.records import Caller
from ml.serving.body import Asked, whole
from ml.serving.endpoint import Endpoint, Log
from ml.serving.metrics import Metrics
from ml.serving.parts import Parts
from ml.serving.prepared import Prepared
from ml.serving.rates import Rates
from ml.serving.reading import JSON, Row
from ml.serving.refusals import Refused, busy
from ml.serving.register import Register
from ml.shelf import Served, Slots, Told

if TYPE_CHECKING:
    from starlette.requests import Request


# bodies of up to so many bytes, some 200 rows, are answered at once, within milliseconds; longer ones go to a thread
# and others are heard meanwhile, but threads that compute at the same time keep the interpreter from each other
AT_ONCE = 100_000
THREADS = 2
EXPLAINED = 100


@dataclass(frozen=True)
class Answer:
    """What a request is told. ``served`` is the version in Production; each prediction says which one made it."""

    served: Served
    told: Told
    parts: Parts
    explained: Sequence[dict[str, Any]] | None = None
    missing: Sequence[str] = ()

    def document(self) -> dict[str, Any]:
        """As JSON has it: the version, and for each row its id and the probability, or the value of a regression."""
        name = "probability" if self.served.task == "classification" else "value"
        made = zip(self.parts.in_order(_ids), self.told.by, self.told.values, strict=True)
        rows: list[dict[str, Any]] = [{"id": id_, "version": by.version, name: value} for id_, by, value in made]
        for row, explanation in zip(rows, self.explained or (), strict=bool(self.explained)):
            row["explanation"] = explanation
        served = self.served
        known = {"pipeline": served.pipeline, "version": served.version, "since": served.since, "predictions": rows}
        return known | ({"missing": self.missing} if self.missing else {})


class Service:
    """All that a process needs to answer; ``endpoints`` by the pipeline's name."""

    def __init__(self, endpoints: Mapping[str, Endpoint], register: Register, log: Log) -> None:
        self.endpoints, self.register, self.log = endpoints, register, log
        self.metrics, self.rates = Metrics(), Rates()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="predict")
        self.under_way: Counter[str] = Counter()

    def admitted(self, pipeline: str, header: str | None) -> tuple[Endpoint, Caller]:
        """The endpoint, for a caller who may ask it.

        Raises
        ------
        Refused
            Who asks is not known (401) or may not ask this (403), or there is no such pipeline (404).
        """
        caller = self.register.caller(header)
        if not caller.may(pipeline):
            raise Refused(403, f"{caller.name} may not ask this pipeline")
        endpoint = self.endpoints.get(pipeline)
        if endpoint is None:
            raise Refused(404, f"there is no such pipeline; there are {', '.join(sorted(self.endpoints))}")
        return endpoint, caller

    async def predict(self, pipeline: str, request: Request) -> Answer:
        """The answer to a request; its predictions are in the log by then.

        Raises
        ------
        Refused
            It gets none.
        """
        endpoint, caller = self.admitted(pipeline, request.headers.get("authorization"))
        self.rates.take((caller.digest, pipeline), endpoint.pipeline.serving.rate)
        asked = Asked.of(request)
        with self._place(endpoint):
            return await self._answered(endpoint, caller, asked, await whole(request, endpoint.pipeline))

    @contextmanager
    def _place(self, endpoint: Endpoint) -> Iterator[None]:
        """One of the places for requests that are under way."""
        name, most = endpoint.pipeline.name, endpoint.pipeline.serving.queue
        if self.under_way[name] >= most:
            raise busy(f"{most} requests are under way, and more do not wait here")
        self.under_way[name] += 1
        try:
            yield
        finally:
            self.under_way[name] -= 1

    async def _answered(self, endpoint: Endpoint, caller: Caller, asked: Asked, body: bytes) -> Answer:
        slots, served = endpoint.began()
        ready: Prepared = served.prepared
        small = asked.kind == JSON and not asked.explain and len(body) < AT_ONCE and ready.predictor.compiled
        if small:
            return self._answer(endpoint, slots, served, caller, asked, body)
        loop, seconds = asyncio.get_running_loop(), endpoint.pipeline.serving.timeout
        work = loop.run_in_executor(self.threads, self._answer, endpoint, slots, served, caller, asked, body)
        try:
            return await asyncio.wait_for(work, seconds)
        except TimeoutError:
            raise busy(f"there was no answer within {seconds:g} s; send fewer rows, or ask again later") from None

    def _answer(
        self, endpoint: Endpoint, slots: Slots, served: Served, caller: Caller, asked: Asked, body: bytes
    ) -> Answer:
        ready: Prepared = served.prepared
        rows = ready.reading.rows(body, asked.kind)
        if asked.explain and len(rows) > EXPLAINED:
            raise Refused(413, f"{len(rows):,} rows are more than the {EXPLAINED} that are explained at once")
        missing = endpoint.complete(served, rows)
        told = endpoint.traffic.answers(slots, rows)
        parts = Parts.of(endpoint.entries, served, told, caller.name, rows)
        try:
            self.log.append(parts.bundles)
        except ServiceUnavailable as error:
            raise busy(str(error), 30) from error
        if endpoint.traffic.tried(slots) is not None:
            endpoint.traffic.copy(slots, rows, parts.in_order(Bundle.predictions))
        self._count(endpoint.pipeline.name, parts)
        return Answer(served, told, parts, _explained(rows, told.by) if asked.explain else None, missing)

    def _count(self, pipeline: str, parts: Parts) -> None:
        for bundle in parts.bundles:
            self.metrics.predictions.labels(pipeline, bundle.version).inc(len(bundle.ids))
        self.metrics.rows.labels(pipeline).observe(sum(len(bundle.ids) for bundle in parts.bundles))
        self.metrics.answers.labels(pipeline).observe(parts.bundles[0].probabilities[0])

    def done(self, pipeline: str, status: int, began: float) -> None:
        """Count a request that began at this ``time.perf_counter``."""
        known = pipeline if pipeline in self.endpoints else ""
        self.metrics.requests.labels(known, status).inc()
        self.metrics.seconds.labels(known).observe(time.perf_counter() - began)

    def gauges(self) -> None:
        """Read what is read only when somebody looks."""
        for name, endpoint in self.endpoints.items():
            served = endpoint.shelf.current
            self.metrics.version.labels(name).set(served.version if served else 0)
            self.metrics.swaps.labels(name).set(endpoint.shelf.swaps)
            self.metrics.refused.labels(name).set(len(endpoint.shelf.refused))
            self.metrics.away.labels(name).set(endpoint.shelf.away is not None)
        self.metrics.under_way.set(sum(self.under_way.values()))
        self.metrics.spool.set(getattr(self.log, "held", 0))
        self.metrics.heard.set((self.register.now() - self.register.heard).total_seconds())

    def lacking(self) -> list[str]:
        """Why it is not ready, in sentences; none when it is."""
        bare = [name for name, endpoint in self.endpoints.items() if endpoint.shelf.current is None]
        return [f"no version of {name} is in Production yet" for name in bare]

    def close(self) -> None:
        """Finish what runs in threads."""
        self.threads.shutdown(wait=True, cancel_futures=True)


def _ids(bundle: Bundle) -> list[str]:
    return bundle.ids


def _explained(rows: Sequence[Row], by: Sequence[Served]) -> list[dict[str, Any]]:
    """What each field contributed, by the version that answered the row."""
    return [one.prepared.explainer.explain([row])[0].document() for row, one in zip(rows, by, strict=True)]
