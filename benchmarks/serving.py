"""What a prediction costs: this service beside bare FastAPI around the same estimator, and ``mlflow models serve``.

    python -m benchmarks.serving [rounds] [swaps]

Four processes stand side by side, and are asked in turn, so that whatever else the machine does hits all:

- ``service``: ``python -m ml.serving`` as the stack runs it: tokens, the contract, the log on disk and on to Postgres
- ``bare``: FastAPI that makes a frame of the request and asks the estimator; no token, no checks, no log
- ``bare_compiled``: the same around our compiled predictor: what the rest of the service costs
- ``mlflow``: ``mlflow models serve`` of the same model, one worker

with 1 and 100 rows, by 1, 8 and 32 callers that ask again when they are answered (`benchmarks.callers`, a process of
its own; ``callers_busy`` is the largest share of the time that it needed the processor). A turn takes a second, a cell
has one in each round, and its figures are those of all its requests. ``p99_over_bare`` is the worst cell's, and so is
``throughput_over_mlflow``, which stands there for each number of rows too.

A request also costs time of the processor, of the process and its children (for the service the shipper among them),
which depends less on what else the machine does: ``cpu_of_mlflow_over_service_…`` is the worst cell's ratio.

``bare_over_mlflow_…`` says what bare FastAPI around the same estimator reaches of the same: the limit of whoever asks
the estimator itself; ``bare_compiled_over_mlflow_…`` the limit of this service, with nothing but the predictor left.

``arrow_over_json`` is the processor time of a request of BULK rows as Arrow, over that of the same rows as JSON.

Then the alias ``production`` moves again and again between four versions, with a quiet stretch of PAUSE seconds after
each swap, while the service is asked at a steady rate: ``failed_during_swaps`` counts requests that got no 200;
``p99_in_swaps_over_quiet`` is the ratio of the p99 of all requests from the move of the alias until half a second after
the new version answered (so loading, warming and switching are in it) and of the p99 in the quiet stretches between.
After every other swap the alias of a model moves that nobody serves: MLflow does the same work on the same processors,
and the service nothing. ``noise_of_these_ratios`` is the middle 95 % of such a ratio between random halves of the quiet
stretches.

Flights are made up from the pipeline's contract; the estimator is the pipeline's own, so that trees and columns are as
in the demo. Memory is proportional (PSS), in MB, after everything.
"""

import itertools
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ml import golden, training
from ml.config import PipelineConfig
from ml.registry import Registry
from stack import postgres, processes
from studies.flights import WITHOUT_PAST, plain

ROOT = Path(__file__).parents[1]
NAME, ELSEWHERE = "flight_delays", "elsewhere"
ROWS, CALLERS, SECONDS = (1, 100), (1, 8, 32), 1.0
BULK = 2000
STEADY, PAUSE = 100, 1.5
TOKEN = "nst_of_the_benchmark"  # noqa: S105  of a service that lives for minutes
Json = dict[str, Any]

BARE = """
import sys, json
from pathlib import Path
import pandas as pd
from fastapi import FastAPI, Request
from ml import golden, model_file
folder = Path(sys.argv[2])
estimator, inputs = model_file.load(folder, "it"), model_file.inputs(folder)
compiled = sys.argv[3] == "compiled"
app = FastAPI()
if compiled:
    from ml.compiled import predictor
    from ml.golden import typed
    from datetime import datetime
    rows = [typed(inputs, e.row) for e in golden.examples(folder)]
    fast = predictor(estimator, "classification", inputs, rows)
    assert fast.compiled, fast.why

def frame(rows):
    # a column for each input, of its declared type
    types = {"datetime": "datetime64[ns]"} | dict.fromkeys(("double", "float", "long", "integer"), "float64")
    return pd.DataFrame({n: pd.Series([row.get(n) for row in rows], dtype=types.get(k, "object")) for n, k in inputs})

@app.post("/predict")
async def predict(request: Request):
    rows = await request.json()
    if compiled:
        return fast.answers([typed(inputs, row) for row in rows]).tolist()
    return estimator.predict_proba(frame(rows))[:, 1].tolist()

import uvicorn
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
"""


@dataclass(frozen=True)
class Contender:
    """A running process and how it is asked."""

    name: str
    port: int
    pid: int
    path: str
    headers: tuple[str, ...]
    callers: "subprocess.Popen[str]"
    wrap: str = "{}"

    def asked(self, rows: list[Json], callers: int, seconds: float = SECONDS, rate: float = 0) -> Json:
        """What callers saw of it."""
        body = self.wrap.replace("{}", json.dumps(rows)).encode()
        return self.sent(body, "application/json", callers, seconds, rate)

    def sent(self, body: bytes, kind: str, callers: int, seconds: float = SECONDS, rate: float = 0) -> Json:
        """The same for a body of any kind."""
        plan = {
            "port": self.port,
            "path": self.path,
            "headers": [f"Content-Type: {kind}", *self.headers],
            "body": body.hex(),
            "callers": callers,
            "seconds": seconds,
            "rate": rate,
        }
        with tempfile.TemporaryDirectory() as name:
            told, seen = Path(name) / "plan.json", Path(name) / "seen.json"
            told.write_text(json.dumps(plan))
            assert self.callers.stdin is not None
            assert self.callers.stdout is not None
            self.callers.stdin.write(f"{told} {seen}\n")
            self.callers.stdin.flush()
            self.callers.stdout.readline()
            found: Json = json.loads(seen.read_text())
        return found

    @property
    def cpu(self) -> float:
        """Seconds of the processor that it and its children took so far."""
        ticks = 0
        for pid in processes.descendants([self.pid], processes.table()):
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(words[11]) + int(words[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    @property
    def memory(self) -> float:
        tree = processes.descendants([self.pid], processes.table())
        return processes.memory(tree) / 1e6


def main() -> None:
    """Compare, print each cell, and end with one line of figures."""
    signal.signal(signal.SIGTERM, _ended)
    rounds, swaps = (int(word) for word in (*sys.argv[1:3], *("9", "100")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        place = Place(Path(name), stack.enter_context(postgres.throwaway(Path(name))), load())
        contenders = list(place.contenders(stack))
        print(f"load average {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores", flush=True)
        cells = compared(contenders, place.rows, rounds)
        figures = summed_up(cells) | {"memory": {c.name: round(c.memory) for c in contenders}}
        figures["arrow_over_json"] = bulk(contenders[0], place.rows)
        figures |= swapped(place, contenders[0], swaps)
        figures["kept"] = place.kept()
    figures["load"] = [round(one, 1) for one in os.getloadavg()]
    print(json.dumps(figures))


def _ended(number: int, frame: Any) -> None:
    """Leave as at an error, so that every process that was started is ended; a second signal changes nothing."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(128 + number)


def load() -> PipelineConfig:
    """The pipeline of flights, without features of the past: a table of them would be looked up in memory."""
    return plain()


class Place:
    """A throw-away installation: configuration, ledger, MLflow, four versions and what they are asked."""

    def __init__(self, folder: Path, address: str, pipeline: PipelineConfig) -> None:
        self.folder, self.pipeline = folder, pipeline
        self.ledger_url = address
        self.mlflow_port = free_port()
        self._configure()
        self._ledger()

    def _configure(self) -> None:
        folder = self.folder / "config" / "pipelines"
        folder.mkdir(parents=True)
        text = (ROOT / "config" / "pipelines" / f"{NAME}.yaml").read_text().replace(*WITHOUT_PAST)
        (folder / f"{NAME}.yaml").write_text(text + "\nserving: {rate: null, queue: 200}\n")

    def _ledger(self) -> None:
        from ml.ledger import Ledger
        from ml.records import Caller
        from ml.tokens import digest_of

        self.ledger = Ledger.open(self.ledger_url)
        self.ledger.migrate()
        now = datetime.now(UTC)
        caller = Caller(name="benchmark", scopes=("*",), digest=digest_of(TOKEN), by="benchmark", at=now)
        self.ledger.record_caller(caller)

    def contenders(self, stack: ExitStack) -> Iterator[Contender]:
        """All of them, running and answering."""
        mlflow = f"http://127.0.0.1:{self.mlflow_port}"
        store = ["--backend-store-uri", f"sqlite:///{self.folder}/mlflow.db", "--serve-artifacts"]
        store += ["--artifacts-destination", str(self.folder / "artifacts"), "--workers", "1"]
        stack.enter_context(
            self.running(
                "registry",
                [sys.executable, "-m", "stack.mlflow_server", "--port", str(self.mlflow_port), *store],
                self.mlflow_port,
                "/health",
            )
        )
        self.registry = Registry(mlflow)
        model = self._versions()
        asking = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.callers"],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        stack.callback(asking.wait)
        stack.callback(asking.kill)
        port, bare, compiled, peer = (free_port() for _ in range(4))
        env = {
            "NIGHTSHIFT_HOME": str(self.folder),
            "NIGHTSHIFT_CONFIG": str(self.folder / "config"),
            "NIGHTSHIFT_LAKE": str(self.folder / "lake"),
            "NIGHTSHIFT_LEDGER_URL": self.ledger_url,
            "NIGHTSHIFT_MLFLOW_URL": mlflow,
            "NIGHTSHIFT_SMTP_URL": f"file://{self.folder}/mails",
        }
        words = [sys.executable, "-m", "ml.serving", "--port", str(port), "--state", str(self.folder / "serving")]
        pid = stack.enter_context(self.running("service", words, port, "/readyz", env))
        token = (f"Authorization: Bearer {TOKEN}",)
        yield Contender("service", port, pid, f"/v1/{NAME}/predict", token, asking)
        for name, at in (("bare", bare), ("bare_compiled", compiled)):
            how = "compiled" if name == "bare_compiled" else "plain"
            words = [sys.executable, "-c", BARE, str(at), str(model), how]
            pid = stack.enter_context(self.running(name, words, at, "/docs"))
            yield Contender(name, at, pid, "/predict", (), asking)
        words = [sys.executable, "-m", "mlflow", "models", "serve", "-m", str(model), "--env-manager", "local"]
        words += ["--port", str(peer), "--workers", "1"]
        pid = stack.enter_context(self.running("peer", words, peer, "/ping"))
        yield Contender("mlflow", peer, pid, "/invocations", (), asking, '{"dataframe_records": {}}')

    @contextmanager
    def running(
        self, name: str, words: list[str], port: int, path: str, env: Mapping[str, str] | None = None
    ) -> Iterator[int]:
        """A process until the block ends; gives its pid once it answers."""
        log = (self.folder / f"{name}.log").open("ab")
        known = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "MLFLOW_DISABLE_TELEMETRY": "true"}
        known |= {
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        child = subprocess.Popen(words, cwd=ROOT, env={**known, **(env or {})}, stdout=log, stderr=log)
        try:
            self._wait(child, name, f"http://127.0.0.1:{port}{path}")
            yield child.pid
        finally:
            for pid in sorted(processes.descendants([child.pid], processes.table())):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
            child.wait()
            log.close()

    def _wait(self, child: "subprocess.Popen[bytes]", name: str, url: str) -> None:
        end = time.monotonic() + 180
        while True:
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  our own
                    if answer.status == 200:
                        return
            except OSError:
                if child.poll() is not None or time.monotonic() > end:
                    raise SystemExit(
                        f"{name} does not answer:\n{(self.folder / f'{name}.log').read_text()[-3000:]}"
                    ) from None
                time.sleep(0.2)

    def _versions(self) -> Path:
        """Four versions of one recipe by other seeds, the first in Production; gives the first one's folder."""
        run = self.registry.training_run(NAME, "benchmark", {}, {})
        for seed in range(4):
            table = flights(self.pipeline, seed)
            fitted = training.fit(self.pipeline.model.model_copy(update={"seed": seed}), table)
            probe = training.example(self.pipeline.model, table)
            uri = self.registry.save_model(run, f"model{seed}", fitted, probe, NAME)
            for of in (NAME, ELSEWHERE):
                self.registry.register(of, run, uri, {})
            if seed == 0:
                folder = self.registry.fetch_model(uri, self.folder / "model")
                self.rows = [e.row | {"flight": 1541} for e in golden.examples(folder)]
        for of in (NAME, ELSEWHERE):
            self.registry.settle(of, 1, None)
        return folder

    def kept(self) -> int:
        """How many predictions reached the ledger."""
        return sum(self.ledger.predicted_days(NAME).values())


def flights(pipeline: PipelineConfig, seed: int, rows: int = 20_000) -> Any:
    """Made-up flights of all that the contract allows."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {}
    for name in pipeline.model.features:
        rule = pipeline.contract.columns[name]
        if rule.type == "datetime":
            columns[name] = [datetime(2013, 1, 1) + timedelta(minutes=int(m)) for m in rng.integers(0, 525_600, rows)]
        elif rule.type == "string":
            columns[name] = rng.choice(["EWR", "JFK", "LGA"] if name != "carrier" else ["UA", "B6", "9E", "AA"], rows)
        else:
            low, high = max(rule.min or 0, -300), min(rule.max or 1000, 1000)
            columns[name] = rng.integers(int(low), int(high), rows).astype("float64")
            columns[name][rng.random(rows) < (0.1 if rule.nullable else 0)] = np.nan
    frame = pd.DataFrame(columns).assign(distance=rng.integers(700, 1200, rows) * 1.0, sched_elapsed=120.0)
    risk = frame["wind_speed"].fillna(0) / 150 + frame["visib"].fillna(5) / 20
    return frame.assign(late=risk + rng.normal(0, 0.3, rows) > 0.9)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


Cells = dict[tuple[int, int, str], list[Json]]


def compared(contenders: list[Contender], rows: list[Json], rounds: int) -> Cells:
    """Every cell of every round: p50, p99 in milliseconds, requests a second."""
    cells: Cells = {}
    for round_ in range(-1, rounds):
        for count in ROWS:
            for callers in CALLERS:
                for contender in contenders:
                    sent = (rows * -(-count // len(rows)))[:count]
                    if contender.name == "mlflow":
                        sent = [{k: v for k, v in row.items() if k != "flight"} for row in sent]
                    before = contender.cpu
                    asked = contender.asked(sent, callers, SECONDS if round_ >= 0 else 0.3)
                    seen = cell(asked) | {"cpu": contender.cpu - before}
                    if round_ >= 0:  # the first round warms up
                        cells.setdefault((count, callers, contender.name), []).append(seen)
                        print(
                            f"{count:>3} rows {callers:>2} callers {contender.name:<13} {told(pooled([seen]))}",
                            flush=True,
                        )
    return cells


def cell(seen: Json) -> Json:
    if seen["wrong"]:
        raise SystemExit(f"{len(seen['wrong'])} requests failed, for example: {seen['wrong'][0]}")
    span = max(b + t for b, t in zip(seen["began"], seen["took"], strict=True)) - min(seen["began"])
    return {"took": seen["took"], "span": span, "busy": seen["busy"]}


def pooled(rounds: list[Json]) -> Json:
    """All requests of a cell: milliseconds, requests a second, and milliseconds of the processor for each."""
    took = sorted(itertools.chain.from_iterable(one["took"] for one in rounds))
    return {
        "p50": 1000 * quantile(took, 0.5),
        "p99": 1000 * quantile(took, 0.99),
        "rps": len(took) / sum(one["span"] for one in rounds),
        "cpu": 1000 * sum(one["cpu"] for one in rounds) / len(took),
        "busy": max(one["busy"] for one in rounds),
    }


def quantile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


def told(seen: Json) -> str:
    times = f"p50 {seen['p50']:7.2f} ms  p99 {seen['p99']:7.2f} ms  {seen['rps']:7.0f}/s"
    return f"{times}  {seen['cpu']:6.2f} ms of the processor  callers busy {seen['busy']:.0%}"


def summed_up(cells: Cells) -> Json:
    """The ratios of the worst cells, and every cell's figures."""
    places = [(rows, callers) for rows in ROWS for callers in CALLERS]
    whole = {place: pooled(rounds) for place, rounds in cells.items()}

    def ratio(place: tuple[int, int], what: str, other: str, mine: str = "service") -> float:
        return float(whole[*place, mine][what] / whole[*place, other][what])

    figures = {
        f"{rows}x{callers} {name}": {k: round(seen[k], 2) for k in ("p50", "p99", "rps", "cpu")}
        for (rows, callers, name), seen in whole.items()
    }
    by_processor = {
        f"cpu_of_mlflow_over_service_{rows}": round(min(1 / ratio((rows, c), "cpu", "mlflow") for c in CALLERS), 2)
        for rows in ROWS
    }
    worst = {
        f"throughput_over_mlflow_{rows}": round(min(ratio((rows, callers), "rps", "mlflow") for callers in CALLERS), 2)
        for rows in ROWS
    }
    limits = {
        f"{name}_over_mlflow_{rows}": round(
            min(ratio((rows, callers), "rps", "mlflow", name) for callers in CALLERS), 2
        )
        for name in ("bare", "bare_compiled")
        for rows in ROWS
    }
    return {
        "p99_over_bare": round(max(ratio(place, "p99", "bare") for place in places), 3),
        "p50_over_bare_compiled": round(max(ratio(place, "p50", "bare_compiled") for place in places), 3),
        "throughput_over_mlflow": min(worst.values()),
        **by_processor,
        **worst,
        **limits,
        "callers_busy": round(max(seen["busy"] for seen in whole.values()), 2),
        "cells": figures,
    }


def bulk(service: Contender, rows: list[Json]) -> float:
    """What a bulk request as Arrow costs of what it costs as JSON."""
    import pyarrow as pa

    many = (rows * -(-BULK // len(rows)))[:BULK]
    table = pa.Table.from_pylist([row | {"sched_dep": datetime.fromisoformat(row["sched_dep"])} for row in many])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    bodies = {
        "application/vnd.apache.arrow.stream": sink.getvalue().to_pybytes(),
        "application/json": json.dumps(many).encode(),
    }
    took = []
    for kind, body in bodies.items():
        service.sent(body, kind, 1, 0.5)
        before = service.cpu
        seen = service.sent(body, kind, 1, 6 * SECONDS)
        cell(seen)
        took.append((service.cpu - before) / len(seen["took"]))
        print(f"{BULK} rows as {kind}: {1000 * took[-1]:.1f} ms of the processor", flush=True)
    return round(took[0] / took[1], 2)


def swapped(place: Place, service: Contender, swaps: int) -> Json:
    """What a steady stream of requests sees while the alias moves, and in the quiet stretches between."""
    from concurrent.futures import ThreadPoolExecutor

    during: Json = {"began": [], "took": [], "wrong": []}
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        moving = pool.submit(lambda: list(moved(place, service, swaps, time.time() + 60 + 9 * swaps, stop)))
        try:
            while not moving.done():
                seen = service.asked(place.rows[:1], 8, 10, STEADY)
                during = {name: during[name] + seen[name] for name in during}
        finally:
            stop.set()  # whatever happens here, the pool waits for it
        spans = moving.result()
    came = [span for span in spans if span.of == NAME]
    if len(came) < 3:
        raise SystemExit(f"only {len(came)} swaps came through in {60 + 9 * swaps} s")
    asked = list(zip(during["began"], during["took"], strict=True))
    return {
        "swaps": len(came),
        "failed_during_swaps": len(during["wrong"]),
        "requests_during_swaps": len(asked),
        "seconds_of_a_swap": round(statistics.median(span.end - span.began for span in came), 1),
        **told_apart(spans, asked),
    }


@dataclass(frozen=True)
class Span:
    """When the alias of a model moved, and half a second after another version began to answer, or would have."""

    of: str
    began: float
    end: float


def told_apart(spans: list[Span], asked: list[tuple[float, float]]) -> Json:
    """The p99 in swaps beside that between them, and how far two halves of the quiet stretches lie apart."""
    rng = random.Random(0)  # noqa: S311  halves
    swaps, moves = (within([span for span in spans if span.of == of], asked) for of in (NAME, ELSEWHERE))
    quiet = [[took for began, took in asked if start < began < end] for start, end in between(spans)]
    halves = []
    for _ in range(1000):
        rng.shuffle(quiet)
        middle = len(quiet) // 2
        halves.append(p99(flat(quiet[:middle])) / p99(flat(quiet[middle:])))
    halves.sort()
    usual = flat(quiet)
    parts = {"swaps": swaps, "moves_elsewhere": moves, "quiet": usual}
    figures = {
        f"{name}_in_{where}": round(1000 * quantile(sorted(part), share), 2)
        for where, part in parts.items()
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }
    return {
        "requests_in_swaps": len(swaps),
        **figures,
        "p99_in_swaps_over_quiet": round(p99(swaps) / p99(usual), 2),
        "p99_in_moves_elsewhere_over_quiet": round(p99(moves) / p99(usual), 2),
        "p99_in_swaps_over_moves_elsewhere": round(p99(swaps) / p99(moves), 2),
        "noise_of_these_ratios": [round(quantile(halves, share), 2) for share in (0.025, 0.975)],
    }


def within(spans: list[Span], asked: list[tuple[float, float]]) -> list[float]:
    """How long the requests took that began in one of these spans."""
    return [took for began, took in asked if any(span.began <= began <= span.end for span in spans)]


def between(spans: list[Span]) -> list[tuple[float, float]]:
    """The stretches after each span, until the next."""
    return [(one.end, after.began) for one, after in itertools.pairwise(spans)]


def flat(parts: list[list[float]]) -> list[float]:
    return list(itertools.chain.from_iterable(parts))


def p99(values: list[float]) -> float:
    return quantile(sorted(values), 0.99)


def moved(place: Place, service: Contender, swaps: int, end: float, stop: threading.Event) -> Iterator[Span]:
    """Moves the alias again and again; after every other swap that of the model that nobody serves, which takes as long
    as the swap before.
    """
    took = 0.0
    for n in range(swaps):
        wanted, last = 1 + (n + 1) % 4, 1 + n % 4
        for of in (NAME, ELSEWHERE)[: 1 + n % 2]:
            began = time.time()
            place.registry.settle(of, wanted, last)
            while version(service) != wanted or (of == ELSEWHERE and time.time() < began + took):
                if time.time() > end or stop.is_set():
                    return
                time.sleep(0.05)
            took = time.time() - began
            yield Span(of, began, time.time() + 0.5)
            time.sleep(0.5 + PAUSE)


def version(service: Contender) -> int:
    """The version that answers."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{service.port}/v1/{NAME}", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return int(json.load(answer)["version"])


if __name__ == "__main__":
    main()
