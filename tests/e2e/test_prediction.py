"""The champion of the first night answers, and what it said is in the ledger."""

import time

import httpx
import pytest
import sqlalchemy

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]


def until(found, seconds=60):
    """What ``found`` gives once it gives something."""
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end
        time.sleep(0.5)
    return answer


@pytest.fixture
def client(stack):
    token = (stack.home / "serving" / "owner.token").read_text().strip()
    with httpx.Client(base_url=stack.address(5), headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        yield client


def about(client):
    answer = client.get("/v1/flight_delays")
    return answer.json() if answer.status_code == 200 else None


def test_the_first_version_answers_seconds_after_it_was_promoted(stack, client):
    page = until(lambda: about(client))
    assert page["version"] == stack.nightshift("status")["pipelines"][0]["promotion"]["version"]
    assert page["compiled"]
    answer = client.post("/v1/flight_delays/predict", json=page["example"], params={"explain": "true"}).json()
    [told] = answer["predictions"]
    assert 0 < told["probability"] < 1
    assert set(told["explanation"]["contributions"]) <= set(page["example"])


def test_what_was_said_reaches_the_ledger_under_the_owner_s_name(stack, client):
    page = until(lambda: about(client))
    [told] = client.post("/v1/flight_delays/predict", json=page["example"]).json()["predictions"]
    lines = stack.call("stack", "env").stdout.splitlines()
    url = next(line.split("=", 1)[1].strip("'") for line in lines if "NIGHTSHIFT_LEDGER_URL" in line)
    engine = sqlalchemy.create_engine(url)
    query = sqlalchemy.text("SELECT caller, version, probability FROM predictions WHERE id = :id")

    def kept():
        with engine.connect() as connection:
            return connection.execute(query, {"id": told["id"]}).one_or_none()

    assert tuple(until(kept)) == ("owner", told["version"], told["probability"])
    engine.dispose()
