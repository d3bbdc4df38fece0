"""Neighbours that do not answer: a sentence, an exit code that says "later", and nothing lost."""

import email
import os
import shutil
from email import policy

import pytest

from tests.terminal import nightshift

pytestmark = pytest.mark.integration

NOBODY = "127.0.0.1:9"


@pytest.fixture
def place(tiny, tmp_path, empty_mlflow):
    """The variables of an installation whose neighbours are all files, so that a test can take one away."""
    from ml.ledger import migrate

    migrate(f"sqlite:///{tmp_path}/ledger.db")
    shutil.copy(empty_mlflow, tmp_path / "mlflow.db")
    return {
        "NIGHTSHIFT_CONFIG": str(tiny),
        "NIGHTSHIFT_LAKE": str(tmp_path / "lake"),
        "NIGHTSHIFT_LEDGER_URL": f"sqlite:///{tmp_path}/ledger.db",
        "NIGHTSHIFT_MLFLOW_URL": f"sqlite:///{tmp_path}/mlflow.db",
        "NIGHTSHIFT_SMTP_URL": f"file://{tmp_path}/mails",
        "NIGHTSHIFT_HOME": str(tmp_path),
        "PATH": os.environ["PATH"],
        "OMP_NUM_THREADS": "1",
    }


def run(place, **instead):
    return nightshift("run", "tiny", "--day", "2013-06-01", env=place | instead)


def mails(tmp_path):
    return [email.message_from_bytes(p.read_bytes(), policy=policy.default) for p in tmp_path.rglob("*.eml")]


def test_a_ledger_that_is_down_is_named_without_its_password(place):
    answer = run(place, NIGHTSHIFT_LEDGER_URL=f"postgresql+psycopg2://nightshift:hush@{NOBODY}/nightshift")
    assert answer.returncode == 75
    assert f"the ledger at {NOBODY}" in answer.stderr
    assert "hush" not in answer.stderr


def test_mlflow_down_stops_at_the_training_and_the_next_run_ends_it(place, tmp_path):
    answer = run(place, NIGHTSHIFT_MLFLOW_URL=f"http://{NOBODY}")
    assert answer.returncode == 75
    assert f"MLflow at http://{NOBODY} did not answer" in answer.stderr
    again = run(place)
    assert "version 1 is in Production" in again.stdout


def test_smtp_down_loses_no_mail_and_sends_none_twice(place, tmp_path):
    answer = run(place, NIGHTSHIFT_SMTP_URL=f"smtp://{NOBODY}")
    assert answer.returncode == 75
    assert NOBODY in answer.stderr
    assert mails(tmp_path) == []
    run(place)
    run(place)
    assert [m["Subject"] for m in mails(tmp_path)] == ["tiny: v1 is in Production"]


def test_a_ledger_without_its_tables_says_how_to_make_them(place, tmp_path):
    answer = run(place, NIGHTSHIFT_LEDGER_URL=f"sqlite:///{tmp_path}/empty.db")
    assert answer.returncode == 2
    assert "migrate" in answer.stderr
