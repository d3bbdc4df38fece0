"""A version made ready to answer."""

import json
from dataclasses import replace

from ml.features import Aggregate
from ml.serving.prepared import prepared
from tests.ml.serving import flights


def test_the_example_is_a_row_that_is_read():
    ready = flights.ready().prepared
    assert len(ready.reading.rows(json.dumps(ready.example).encode())) == 1


def test_what_is_looked_up_is_not_in_the_example():
    past = {"temp": Aggregate(by=("origin",), of="late", over=24, kind="mean", known_after=24)}
    ready = prepared(flights.PIPELINE, replace(flights.served(), past=past))
    assert "temp" not in ready.example
    assert len(ready.reading.rows(json.dumps(ready.example).encode())) == 1


def test_a_version_without_golden_requests_has_an_example_too():
    bare = prepared(flights.PIPELINE, replace(flights.served(), examples=()))
    assert set(bare.example) >= {"distance", "carrier", "sched_dep", "flight"}
