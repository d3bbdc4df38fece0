"""Limits: what is too much is refused with a sentence, and nothing grows."""

import asyncio
import json
import threading

import pytest

from ml.errors import ServiceUnavailable
from tests.ml.serving import flights

PATH = "/v1/flight_delays/predict"


def together(asked, count, **more):
    async def all_of_them():
        requests = [asked.client.post(PATH, headers=flights.HEADERS, **more) for _ in range(count)]
        return await asyncio.gather(*requests)

    return asked.runner.run(all_of_them())


def test_a_caller_that_asks_too_often_is_told_when_to_come_again(client, row):
    asked = client(rate=0.5)
    answers = [asked.predict(row()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 429, 429]
    assert answers[1].headers["retry-after"] in ("1", "2")
    assert answers[1].json()["detail"] == "more than 0.5 requests a second; ask again later"


def test_what_finds_no_place_is_refused_and_the_places_come_back(client, row, monkeypatch):
    asked = client(queue=2)
    gate = threading.Event()
    append = asked.service.log.append

    def slow(predictions):
        gate.wait(10)
        append(predictions)

    monkeypatch.setattr(asked.service.log, "append", slow, raising=False)
    threading.Timer(0.5, gate.set).start()
    answers = together(asked, 8, content=json.dumps([row()] * 2).encode(), params={"explain": "true"})
    assert sorted(answer.status_code for answer in answers) == [200] * 2 + [503] * 6
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["detail"] == "2 requests are under way, and more do not wait here"
    assert asked.predict(row()).status_code == 200


def test_an_answer_that_takes_too_long_is_not_waited_for(client, row, monkeypatch):
    asked = client(timeout=0.1)
    gate = threading.Event()
    monkeypatch.setattr(asked.service.log, "append", lambda _: gate.wait(10), raising=False)
    answer = asked.predict(row(), query="?explain=true")
    gate.set()
    assert answer.status_code == 503
    assert answer.json()["detail"] == "there was no answer within 0.1 s; send fewer rows, or ask again later"


def test_what_cannot_be_kept_is_not_answered(client, row, monkeypatch):
    def full(_):
        raise ServiceUnavailable("the spool is full: nothing more is predicted until the ledger takes it")

    asked = client()
    monkeypatch.setattr(asked.service.log, "append", full, raising=False)
    answer = asked.predict(row())
    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("the spool is full")


def test_a_request_that_began_with_a_version_ends_with_it(client, row, monkeypatch):
    from ml.shelf import Slots

    asked = client()
    shelf = asked.service.endpoints["flight_delays"].shelf
    append = asked.service.log.append

    def swap(predictions):
        shelf.slots = Slots(current=flights.ready(2), previous=flights.ready(1))
        append(predictions)

    monkeypatch.setattr(asked.service.log, "append", swap, raising=False)
    first, second = asked.predict(row()).json(), asked.predict(row()).json()
    assert (first["version"], second["version"]) == (1, 2)
    assert [kept.version for kept in asked.kept] == [1, 2]


@pytest.mark.parametrize("rows", [1, 49, 500])
def test_a_few_rows_and_many_are_answered_alike(shared, rows):
    examples = [e.row | {"flight": 7} for e in flights.served().examples]
    wanted = [e.answer for e in flights.served().examples]
    asked = (examples * 40)[:rows]
    told = [p["probability"] for p in shared.predict(asked).json()["predictions"]]
    assert told == (wanted * 40)[:rows]
