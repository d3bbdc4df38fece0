"""What a caller is told, address by address."""

import pytest

from ml import training
from ml.exposure import Canary
from ml.shelf import Slots
from tests.ml.golden_frame import golden_frame
from tests.ml.serving import flights


def test_a_row_is_answered_with_version_id_and_probability(shared, row):
    answer = shared.predict(row())
    [prediction] = answer.json()["predictions"]
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert answer.json()["since"] == "2013-06-01T00:00:00+00:00"
    assert prediction["probability"] == flights.served().examples[0].answer
    assert len(prediction["id"]) == 32


def test_rows_are_answered_in_their_order(shared, row):
    rows = [example.row | {"flight": 7} for example in flights.served().examples]
    answer = shared.predict(rows).json()
    assert [p["probability"] for p in answer["predictions"]] == [e.answer for e in flights.served().examples]


def test_what_is_answered_was_kept_before(client, row):
    asked = client()
    told = asked.predict(row(flight=1541)).json()["predictions"][0]
    [kept] = asked.kept
    assert (kept.id, kept.probability, kept.caller, kept.version) == (told["id"], told["probability"], "tests", 1)
    assert kept.key["flight"] == 1541
    assert isinstance(kept.key["flight"], int)
    assert str(kept.day) == row()["sched_dep"][:10]


def test_the_page_of_a_pipeline_holds_an_example_that_is_answered(shared):
    about = shared.ask("GET", "/v1/flight_delays", headers=flights.HEADERS).json()
    assert (about["version"], about["run_id"], about["compiled"]) == (1, "run1", True)
    assert shared.predict(about["example"]).status_code == 200
    assert set(about["schema"]["required"]) <= set(about["example"])


def test_nobody_asks_without_a_token(shared, row):
    for header in ("", "Bearer", "Bearer wrong", "Basic bmlnaHQ6c2hpZnQ=", f"Bearer x{flights.TOKEN}"):
        answer = shared.predict(row(), Authorization=header)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    assert shared.ask("GET", "/v1/flight_delays").status_code == 401


def test_a_caller_asks_what_it_may_ask(client, tmp_path, row):
    asked = client()
    asked.service.register = flights.register(tmp_path, "parcels")
    assert asked.predict(row()).status_code == 403
    assert asked.predict(row(), pipeline="parcels").status_code == 404


def test_the_process_lives_before_anything_serves_and_is_ready_when_all_do(client, row):
    asked = client()
    assert asked.ask("GET", "/healthz").status_code == 200
    assert asked.ask("GET", "/readyz").json() == {"ready": True, "lacking": []}
    asked.service.endpoints["flight_delays"].shelf.slots = Slots()
    assert asked.ask("GET", "/healthz").status_code == 200
    assert asked.ask("GET", "/readyz").status_code == 503
    refused = asked.predict(row())
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert refused.json()["detail"] == "no version of flight_delays is in Production yet"


def test_metrics_are_told_to_this_machine_alone(client, row):
    asked = client()
    asked.predict(row())
    asked.predict(row(carrier=5))
    told = asked.ask("GET", "/metrics").text
    assert 'nightshift_requests_total{pipeline="flight_delays",status="200"} 1.0' in told
    assert 'nightshift_requests_total{pipeline="flight_delays",status="422"} 1.0' in told
    assert 'nightshift_version{pipeline="flight_delays"} 1.0' in told
    asked.transport.client = ("192.0.2.7", 1)
    assert asked.ask("GET", "/metrics").status_code == 403


def test_an_address_that_is_not_there_is_a_problem_too(shared):
    for path, status in (("/nowhere", 404), ("/v1/flight_delays/predict", 405)):
        answer = shared.ask("GET", path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


def test_a_bug_is_a_500_that_tells_nothing(client, row, monkeypatch):
    asked = client()
    monkeypatch.setattr(asked.service.log, "append", lambda _: 1 / 0, raising=False)
    answer = asked.predict(row())
    assert answer.status_code == 500
    assert answer.json() == {"status": 500, "detail": "the service failed; its log says why"}


def test_who_asks_why_is_told_what_each_field_contributed(shared, row):
    [told] = shared.predict(row(), query="?explain=true").json()["predictions"]
    explanation = told["explanation"]
    assert explanation["scale"] == "log-odds"
    total = explanation["base"] + sum(explanation["contributions"].values())
    assert abs(total - explanation["answer"]) < 1e-4
    assert "explanation" not in shared.predict(row()).json()["predictions"][0]


def test_more_rows_than_can_be_explained_are_refused(shared, row):
    assert shared.predict([row()] * 101, query="?explain=true").status_code == 413


def test_the_page_of_a_pipeline_says_what_is_not_as_it_should_be(client):
    from ml.shelf import Refusal

    asked = client()
    shelf = asked.service.endpoints["flight_delays"].shelf
    page = asked.ask("GET", "/v1/flight_delays", headers=flights.HEADERS).json()
    assert not {"refused", "mlflow_away", "candidate", "stopped", "not_compiled"} & set(page)
    shelf.away = "since 2013-06-01 02:00:00 UTC: MLflow did not answer"
    shelf.refused = {7: Refusal("flight_delays", 7, "production", "version 7 is refused", 1, flights.SINCE)}
    page = asked.ask("GET", "/v1/flight_delays", headers=flights.HEADERS).json()
    assert page["refused"] == ["version 7 is refused"]
    assert page["mlflow_away"].startswith("since 2013-06-01")
    told = asked.ask("GET", "/metrics").text
    assert 'nightshift_refused_versions{pipeline="flight_delays"} 1.0' in told
    assert 'nightshift_mlflow_away{pipeline="flight_delays"} 1.0' in told


def test_a_canary_answers_its_share_and_says_so_and_both_versions_have_said_something_of_every_row(client, row):
    asked = client(candidate=Canary(share=0.5))
    endpoint = asked.service.endpoints["flight_delays"]
    endpoint.shelf.slots = Slots(current=endpoint.shelf.current, candidate=flights.ready(2))
    flown = [row(flight=number) for number in range(1, 41)]
    told = [asked.predict(one).json()["predictions"][0] for one in flown]
    again = asked.predict(flown).json()["predictions"]
    assert [one["version"] for one in told] == [one["version"] for one in again]
    assert {one["version"] for one in told} == {1, 2}
    assert {(kept.version, kept.role) for kept in asked.kept} == {(1, "production"), (2, "canary")}
    for by, one in zip(told, flown, strict=True):
        frame = golden_frame(flights.INPUTS, [one])
        said = training.predict("classification", flights.served(by["version"]).predictor.estimator, frame)[0]
        assert by["probability"] == pytest.approx(said, abs=1e-12)
    asked.kept.clear()
    asked.predict(flown)
    endpoint.traffic.round()
    said = {(kept.key["flight"], kept.version) for kept in asked.kept}
    assert said == {(number, version) for number in range(1, 41) for version in (1, 2)}
