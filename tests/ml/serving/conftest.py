"""A service in this process, asked without a socket."""

import asyncio
import json

import httpx
import pytest

from ml.serving.app import app
from tests.ml.serving import flights


class Client:
    """Asks a service as a caller would; ``kept`` is its log."""

    def __init__(self, service):
        self.service, self.kept = service, service.log
        # what a server would do with an exception that nobody foresaw is an answer 500, and no exception here
        self.transport = httpx.ASGITransport(app(service), raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=self.transport, base_url="http://test")
        self.runner = asyncio.Runner()

    def ask(self, method, path, **more):
        return self.runner.run(self.client.request(method, path, **more))

    def close(self):
        self.runner.run(self.client.aclose())
        self.runner.close()
        self.service.close()

    def predict(self, body, pipeline="flight_delays", query="", **headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        known = flights.HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", f"/v1/{pipeline}/predict{query}", content=content, headers=known)


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A client of a service that no test changes."""
    client = Client(flights.service(tmp_path_factory.mktemp("service")))
    yield client
    client.close()


@pytest.fixture
def client(tmp_path):
    """Makes a client of a service with these limits."""
    made = []

    def make(**limits):
        made.append(Client(flights.service(tmp_path, **limits)))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def row():
    """A row that is right, with what is changed in it."""
    return lambda **changed: flights.example() | changed
