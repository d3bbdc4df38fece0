"""What stands before every request to Airflow's web server."""

import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'self'; base-uri 'self'; object-src 'none'",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


def allowed_hosts(*addresses: str) -> list[str]:
    """The host names by which the server may be called: loopback, those of ``addresses``, ``NIGHTSHIFT_ALLOWED_HOSTS``.

    A page that makes a browser resolve its own name to 127.0.0.1 still sends its own name, and is refused.
    ``NIGHTSHIFT_ALLOWED_HOSTS`` holds more names, separated by commas; ``*`` allows all, for a proxy that checks.
    """
    named = os.environ.get("NIGHTSHIFT_ALLOWED_HOSTS", "").split(",")
    hosts = [*_LOOPBACK, *(urlsplit(a).hostname for a in addresses), *(name.strip() for name in named)]
    return sorted({host for host in hosts if host})


def airflow_hosts() -> list[str]:
    """The host names of this Airflow, as its configuration says: its own address, and the one its workers call."""
    from airflow.configuration import conf

    addresses = (conf.get("api", "base_url", fallback=""), conf.get("core", "execution_api_server_url", fallback=""))
    return allowed_hosts(*(address or "" for address in addresses))


class SecurityHeaders:
    """Adds to every answer the headers that keep other sites from framing Airflow or guessing at content types."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        async def send_guarded(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _guarded(message.get("headers", ()))}
            await send(message)

        await self.app(scope, receive, send_guarded)


def _guarded(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers with ours added; what an answer already says of itself stays."""
    given = list(headers)
    names = {name.lower() for name, _ in given}
    ours = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
    return [*given, *((name, value) for name, value in ours if name not in names)]
