"""Checks that a part works, and that the answer comes from this process and not from one that was there before.

Each is made for a part and then asked with its pid and start. Standard library only; never raises for a dead neighbour.
"""

import http.client
import json
import socket
import struct
from datetime import datetime
from typing import Any

from stack.part import Check
from stack.processes import owns_port

PATIENCE = 4.0
PROTOCOL_3 = 196608


def all_of(*checks: Check) -> Check:
    """Healthy when each is; cannot tell when one cannot and none says no."""

    def check(pid: int, started: float) -> bool | None:
        answers = [one(pid, started) for one in checks]
        return False if False in answers else None if None in answers else True

    return check


def web(port: int, path: str) -> Check:
    """A page of this process answers with 200."""
    return lambda pid, started: owns_port(pid, port) and _get(port, path)[0] == 200


def smtp(port: int) -> Check:
    """This process greets as an SMTP server."""
    return lambda pid, started: owns_port(pid, port) and _hear(port, b"").startswith(b"220")


def postgres(port: int) -> Check:
    """This server asks for a password, as it does once it accepts connections."""
    words = b"user\0nightshift\0database\0postgres\0\0"
    hello = struct.pack("!ii", 8 + len(words), PROTOCOL_3) + words
    return lambda pid, started: owns_port(pid, port) and _hear(port, hello).startswith(b"R")


def heartbeat(port: int, component: str) -> Check:
    """Airflow's API saw this component's heart beat since the process started; cannot tell while the API is away."""

    def check(pid: int, started: float) -> bool | None:
        status, body = _get(port, "/api/v2/monitor/health")
        if status != 200:
            return None
        return _beats(json.loads(body).get(component) or {}, component, started)

    return check


def _beats(report: dict[str, Any], component: str, started: float) -> bool:
    beat = report.get(f"latest_{component}_heartbeat")
    return report.get("status") == "healthy" and bool(beat) and datetime.fromisoformat(beat).timestamp() > started


def _get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def _hear(port: int, hello: bytes) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
            line.sendall(hello)
            return line.recv(64)
    except OSError:
        return b""
