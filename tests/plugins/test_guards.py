import asyncio
from collections.abc import Iterable

import httpx
import pytest


def get(path: str, host: str, addresses: Iterable[str] = ()) -> httpx.Response:
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    from plugins.guards import SecurityHeaders, allowed_hosts

    own = {"content-security-policy": "default-src 'none'"}
    routes = [
        Route("/", lambda _: PlainTextResponse("hello")),
        Route("/strict", lambda _: PlainTextResponse("hello", headers=own)),
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=allowed_hosts(*addresses), www_redirect=False)
    app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders), hosts])

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://server") as client:
            return await client.get(path, headers={"host": host})

    return asyncio.run(ask())


@pytest.mark.parametrize("host", ["localhost:8600", "127.0.0.1:8600", "[::1]:8600", "airflow.example.com"])
def test_its_own_names_are_answered(host: str):
    assert get("/", host, ["https://airflow.example.com:8600/"]).status_code == 200


@pytest.mark.parametrize("host", ["evil.example.com", "localhost.evil.example.com", ""])
def test_a_foreign_name_is_refused(host: str):
    answer = get("/", host, ["http://127.0.0.1:8600"])
    assert answer.status_code == 400
    assert "hello" not in answer.text


def test_more_names_come_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NIGHTSHIFT_ALLOWED_HOSTS", "probe.internal, proxy.internal")
    assert get("/", "proxy.internal").status_code == 200


def test_no_other_site_may_frame_a_page():
    headers = get("/", "localhost").headers
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_a_page_with_a_stricter_policy_keeps_it():
    headers = get("/strict", "localhost").headers
    assert headers["content-security-policy"] == "default-src 'none'"
