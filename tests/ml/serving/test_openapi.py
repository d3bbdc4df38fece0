"""The document, and the service held against it: whatever is sent, the answer is one that the document has."""

import json
from collections import Counter

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from ml.serving.openapi import openapi
from ml.shelf import Shelf
from tests.ml.serving import flights


@pytest.fixture(scope="module")
def document(shared):
    return shared.ask("GET", "/openapi.json").json()


def test_it_has_the_pipeline_s_real_fields_and_an_example(document):
    row = document["components"]["schemas"]["flight_delays_row"]
    assert row["properties"]["origin"]["enum"] == ["EWR", "JFK", "LGA"]
    assert row["properties"]["distance"]["minimum"] == 50
    assert "flight" in row["required"]
    example = document["paths"]["/v1/flight_delays/predict"]["post"]["requestBody"]["content"]["application/json"]
    assert example["example"]["origin"] in ("EWR", "JFK", "LGA")


def test_the_answer_to_its_own_example_is_as_it_says(shared, document):
    operation = document["paths"]["/v1/flight_delays/predict"]["post"]
    answer = shared.predict(operation["requestBody"]["content"]["application/json"]["example"])
    schema = {"$ref": "#/components/schemas/Answer", "components": document["components"]}
    jsonschema.validate(answer.json(), schema)


def test_a_pipeline_that_nothing_serves_yet_is_in_it():
    from ml.serving.endpoint import Endpoint

    bare = openapi({"flight_delays": Endpoint.of(flights.PIPELINE, Shelf("flight_delays"), flights.Kept())})
    assert bare["components"]["schemas"]["flight_delays_row"] == {"type": "object"}


def tried(shared, document, mode, examples):
    """The statuses of so many requests that schemathesis makes of the document."""
    schema = schemathesis.openapi.from_dict(document)
    operation = schema["/v1/flight_delays/predict"]["POST"]
    seen = Counter()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        body = case.body if isinstance(case.body, bytes) else json.dumps(plain(case.body)).encode("utf-8", "replace")
        answer = shared.ask(
            "POST",
            "/v1/flight_delays/predict",
            content=body,
            params=[(str(k), str(v)) for k, v in (case.query or {}).items()],
            headers=flights.HEADERS | {"Content-Type": case.media_type or "application/json"},
        )
        seen[answer.status_code] += 1
        documented = document["paths"]["/v1/flight_delays/predict"]["post"]["responses"]
        assert str(answer.status_code) in documented
        assert answer.status_code != 500

    ask()
    return seen


def plain(body):
    return None if type(body).__name__ == "NotSet" else body


def test_what_the_document_forbids_is_refused_and_never_fails(shared, document):
    seen = tried(shared, document, schemathesis.GenerationMode.NEGATIVE, 50)
    assert sum(seen.values()) >= 40
    assert sum(n for status, n in seen.items() if 400 <= status < 500) >= 40
    assert seen[500] == 0


def test_what_the_document_allows_never_fails(shared, document):
    seen = tried(shared, document, schemathesis.GenerationMode.POSITIVE, 30)
    assert set(seen) <= {200, 400, 422}  # a local time, or a rule between columns, no schema can say
