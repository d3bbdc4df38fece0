"""What a request says of itself, and bodies within their limits, or a sentence."""

import asyncio
import json

import pytest

from tests.ml.serving import flights

PATH = "/v1/flight_delays/predict"


def test_a_body_that_does_not_come_is_not_waited_for(client):
    async def never():
        yield b"{"
        await asyncio.sleep(10)
        yield b"}"

    asked = client(timeout=0.1)
    answer = asked.ask("POST", PATH, content=never(), headers=flights.HEADERS)
    assert (answer.status_code, answer.headers["connection"]) == (408, "close")


def test_a_body_without_an_announced_length_is_measured_as_it_comes(client):
    sent = []

    async def endless():
        for n in range(100):
            sent.append(n)
            yield b" " * 1000

    answer = client(body=5000).ask("POST", PATH, content=endless(), headers=flights.HEADERS)
    assert answer.status_code == 413
    assert len(sent) < 10


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": ""}, 415),
        ({"Content_Type": "application/json; charset=utf-16"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content_Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content_Encoding": "gzip"}, 415),
        ({"Content_Length": "9" * 30}, 413),
    ],
)
def test_a_head_that_promises_something_else_is_refused(shared, row, headers, status):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = shared.ask("POST", PATH, content=json.dumps(row()).encode(), headers=flights.HEADERS | headers)
    assert answer.status_code == status


@pytest.mark.parametrize("query", ["?explain=yes", "?explain=", "?explain=true&explain=false", "?version=1"])
def test_an_address_that_asks_for_what_is_not_there_is_refused(shared, row, query):
    assert shared.predict(row(), query=query).status_code == 422
