"""Mails and attempts."""

from datetime import date

import pytest

from ml import account

pytestmark = pytest.mark.integration


def test_a_mail_stands_with_its_state_and_its_readers(section):
    found, text = section("mails")
    assert "owner@example.com" in text
    assert "sent" in text
    assert found.data["mails"][-1]["state"] == "sent"


def test_every_attempt_stands_with_code_host_and_outcome(section):
    found, text = section("attempts")
    assert {"pull", "validate", "decide", "gate", "deliver"} <= {row["step"] for row in found.data["attempts"]}
    first = found.data["attempts"][0]
    assert first["host"] in text
    assert first["code_version"][:12] in text


def test_a_failure_and_the_dag_run_are_told(workspace):
    airflow = {"dag_id": "tiny_nightly", "run_id": "scheduled__x", "url": "http://here"}
    with (
        pytest.raises(RuntimeError),
        workspace.ledger.attempt("tiny", date(2013, 6, 2), "pull", external=airflow),
    ):
        raise RuntimeError("no more memory")
    found = account.of(workspace.ledger, "tiny").sections[-1]
    text = "\n".join(found.lines())
    assert "pull 1: RuntimeError: no more memory" in text
    assert "dag_id tiny_nightly, run_id scheduled__x" in text
    assert found.data["attempts"][0]["external"] == airflow
