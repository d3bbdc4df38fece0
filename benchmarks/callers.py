"""Callers that ask one address as fast as they are answered, or at a steady rate; a process of their own.

    python -m benchmarks.callers

Each line that it reads names two files: the plan, and where to write what was seen; then it says ``asked``. A plan has
``port``, ``path``, ``headers``, ``body`` (hexadecimal), ``callers``, ``seconds``, and ``rate``, requests a second of
all callers (0: as fast as they are answered). What was seen: when each request began (seconds since 1970), how
long it took, what was answered otherwise than 200 or broke off, and what share of the time this process was busy, so
that one sees whether it was the bottleneck.

Each caller keeps one connection and asks again when it is answered. The bytes of a request are made once: a client that
builds them would be slower than the service.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import uvloop


class Caller(asyncio.Protocol):
    """One connection: sends the request, waits for the whole answer, notes how long it took."""

    def __init__(self, request: bytes, end: float, pause: float, notes: list[tuple[float, float]], wrong: list[str]):
        self.request, self.end, self.pause, self.notes, self.wrong = request, end, pause, notes, wrong
        self.buffer, self.began, self.due = b"", 0.0, time.time()
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """Send the request; at a steady rate, not before it is due."""
        now = time.time()
        if now >= self.end:
            self.transport.close()
            return
        if self.pause and now < self.due:
            asyncio.get_running_loop().call_later(self.due - now, self.ask)
            return
        self.due += self.pause
        self.began = time.time()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self.notes.append((self.began, time.time() - self.began))
        if not head.startswith(b"HTTP/1.1 200"):
            self.wrong.append(head[:40].decode("latin-1") + body[:200].decode("latin-1"))
        self.buffer = b""
        self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if time.time() < self.end:
            self.wrong.append(f"the connection broke off: {error}")
        if not self.over.done():
            self.over.set_result(None)


def _length(head: bytes) -> int:
    """The Content-Length of an answer."""
    at = head.lower().index(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0])


async def asked(plan: dict[str, Any]) -> dict[str, Any]:
    """All callers together, until the time is over."""
    body = bytes.fromhex(plan["body"])
    head = [f"POST {plan['path']} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *plan["headers"]]
    request = "\r\n".join([*head, "", ""]).encode() + body
    notes: list[tuple[float, float]] = []
    wrong: list[str] = []
    loop, end = asyncio.get_running_loop(), time.time() + plan["seconds"]
    pause = plan["callers"] / plan["rate"] if plan.get("rate") else 0.0
    connections = [
        await loop.create_connection(lambda: Caller(request, end, pause, notes, wrong), "127.0.0.1", plan["port"])
        for _ in range(plan["callers"])
    ]
    began, busy = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller.over for _, caller in connections))
    share = (time.process_time() - busy) / (time.perf_counter() - began)
    return {"began": [b for b, _ in notes], "took": [t for _, t in notes], "wrong": wrong, "busy": share}


if __name__ == "__main__":
    for line in sys.stdin:
        told, seen = line.split()
        Path(seen).write_text(json.dumps(uvloop.run(asked(json.loads(Path(told).read_text())))))
        print("asked", flush=True)
