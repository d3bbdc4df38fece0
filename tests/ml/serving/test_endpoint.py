"""What a pipeline's requests go through: the past is looked up by key, in the definitions of the version."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ml.features import Aggregate, FeaturePlan
from ml.features.keys import DEFAULT
from ml.features.online import Online
from ml.ledger.features import Current
from tests.ml.serving import flights

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
