"""Limits: what is too much is refused with a sentence, and nothing grows."""

import asyncio
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ml.errors import ServiceUnavailable
from ml.features import Aggregate, FeaturePlan
from ml.features.keys import DEFAULT
from ml.features.online import Online
from ml.ledger.features import Current
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


PAST = {"temp": Aggregate(by=("origin",), of="late", over=24, kind="mean", known_after=24)}


def with_the_past(asked, at, **plan):
    """The same service where `temp` is an aggregate over the past, and the newest table is of that night."""
    from ml.serving.prepared import prepared

    features = FeaturePlan(past=PAST, **plan)
    pipeline = flights.PIPELINE.model_copy(update={"features": features})
    endpoint = asked.service.endpoints["flight_delays"]
    table = Current(at, features.digests, {"temp": {"EWR": 41.0, DEFAULT: -7.0}})
    online = Online(features, pipeline.contract.types, lambda: table, lambda: 1)
    served = endpoint.shelf.current
    endpoint.shelf.slots = replace(endpoint.shelf.slots, current=replace(served, prepared=prepared(pipeline, served)))
    entries = replace(endpoint.entries, pipeline=pipeline)
    asked.service.endpoints["flight_delays"] = replace(endpoint, pipeline=pipeline, online=online, entries=entries)
    return asked


def test_what_is_known_of_the_past_is_no_field_and_is_looked_up_by_key(client, row):
    asked = with_the_past(client(), datetime.now(UTC))
    assert asked.predict(row()).json()["wrong"][0]["wanted"] == "nothing: there is no such field"
    bare = {name: value for name, value in row().items() if name != "temp"}
    told = [asked.predict(bare | {"origin": origin}) for origin in ("EWR", "JFK")]
    assert [answer.status_code for answer in told] == [200, 200]
    assert [kept.features["temp"] for kept in asked.kept] == [41.0, -7.0]
    assert "missing" not in told[0].json()


def test_a_version_is_answered_in_the_definitions_that_it_was_fitted_with_and_not_in_those_of_the_yaml(client, row):
    asked = with_the_past(client(), datetime.now(UTC))
    endpoint = asked.service.endpoints["flight_delays"]
    bare = {name: value for name, value in row().items() if name != "temp"}
    own = {"temp": Aggregate(by=("origin",), of="late", over=72, kind="mean", known_after=24)}
    served = endpoint.shelf.current
    endpoint.shelf.slots = replace(endpoint.shelf.slots, current=replace(served, past=own))
    assert asked.predict(bare).json()["missing"] == ["temp"]
    endpoint.shelf.slots = replace(endpoint.shelf.slots, current=replace(served, past=PAST))
    assert "missing" not in asked.predict(bare).json()
    assert [kept.features["temp"] for kept in asked.kept] == [None, -7.0]


def test_a_table_that_is_too_old_is_named_or_nothing_is_answered(client, row):
    old, bare = datetime.now(UTC) - timedelta(days=3), {n: v for n, v in row().items() if n != "temp"}
    asked = with_the_past(client(), old)
    assert asked.predict(bare).json()["missing"] == ["temp"]
    assert [kept.features["temp"] for kept in asked.kept] == [None]
    refused = with_the_past(client(), old, stale="refuse").predict(bare)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    assert refused.json()["detail"].startswith("temp are not known: the newest table of the past")
