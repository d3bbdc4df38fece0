"""A candidate that is much better leaves its tryout early: a real service, a real ledger, and labels that come."""

import json
import shutil
from datetime import date, timedelta

import polars
import pytest
from typer.testing import CliRunner

from ml.days import Span
from tests import served, tiny
from tests.ml.serving.test_server import Process, until

pytestmark = pytest.mark.integration
DAY = date(2013, 6, 1)
DAYS = [DAY + timedelta(days=n) for n in range(1, 8)]
CANARY = "serving:\n  candidate: {kind: canary, share: 0.5, key: [parcel], wait: 7d}\n"
GATES = "gates:\n  - {kind: at_least, metric: roc_auc, value: 0.6}\nalerts:"


@pytest.fixture
def place(tmp_path, postgres, empty_mlflow, monkeypatch):
    """``tiny`` on a real Postgres, tried out as a canary; version 1, in Production, learned the opposite of the truth.

    It is the workspace that a command in a terminal finds.
    """
    from ml.ledger import migrate
    from ml.pipelines import default
    from ml.workspace import Workspace

    config = tiny.write(tmp_path / "tiny")
    yaml = config / "pipelines" / "tiny.yaml"
    head, _, rest = yaml.read_text().replace("every: 1d", "every: 30d").partition("gates:\n")
    yaml.write_text(head + GATES + rest.partition("alerts:")[2] + CANARY)
    shutil.copy(empty_mlflow, tmp_path / "mlflow.db")
    migrate(postgres)
    settings = {
        "HOME": tmp_path / "no-stack",
        "CONFIG": config,
        "LAKE": tmp_path / "lake",
        "LEDGER_URL": postgres,
        "MLFLOW_URL": f"sqlite:///{tmp_path}/mlflow.db",
        "SMTP_URL": f"file://{tmp_path}/mails",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"NIGHTSHIFT_{name}", str(value))
    monkeypatch.setattr(default, "TREES", 20)
    found = Workspace.from_env()
    learned_the_opposite(found)
    return found


def learned_the_opposite(place):
    data, until = place.pipelines.parent.parent / "data", tiny.FIRST + timedelta(days=9)
    days = [tiny.FIRST + timedelta(days=n) for n in range(10)]
    for day in days:
        path = data / f"{day}.parquet"
        polars.read_parquet(path).with_columns(late=1 - polars.col("late")).write_parquet(path)
    served.serve(place, 1, DAY - timedelta(days=1), until)
    for day in days:
        tiny.write_day(data, day)


def typed(*words):
    from ml.cli import app

    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def rows(place, day):
    """The parcels of a day as a caller knows them: without what became of them."""
    frame = polars.read_parquet(place.pipelines.parent.parent / "data" / f"{day}.parquet").drop("late")
    return json.loads(json.dumps(frame.to_dicts(), default=lambda moment: moment.isoformat()))


def accepted(place, day):
    from ml import steps
    from ml.walker import InProcess

    do = InProcess(place.run("tiny", day))
    return do(steps.validate, do(steps.pull))


def answered(process, asked):
    """Ask the service; the version that answered each row."""
    return [each["version"] for each in process.predict(asked).json()["predictions"]]


def said(place, days):
    return place.ledger.predictions("tiny", Span(days[0], days[-1]))


def test_a_much_better_candidate_passes_early_by_its_labels_and_is_promoted_and_mailed(place, postgres, tmp_path):
    accepted(place, DAY)
    retrained = typed("retrain", "tiny", "--reason", "the labels were upside down", "--day", str(DAY))
    assert "version 2 sees traffic first" in retrained
    asked, others = [row for day in DAYS for row in rows(place, day)], rows(place, tiny.LAST)
    process = Process(place, tmp_path, tmp_path / "shelf", postgres)
    process.env["NIGHTSHIFT_MLFLOW_URL"] = place.registry.address
    with process:
        until(lambda: 2 in answered(process, others))
        versions = answered(process, asked)
        assert 0.3 < versions.count(2) / len(versions) < 0.7
        until(lambda: len(said(place, DAYS)) == 2 * len(asked))  # a copy is scored by the other of the two
        assert "no row that both versions answered has its label yet" in typed("tryout", "tiny")
        accepted(place, DAYS[-1])  # the labels come
        ended = " ".join(typed("tryout", "tiny").split())
        until(lambda: set(answered(process, others)) == {2})
    assert "version 2 passed its tryout" in ended
    assert "420 rows of 7 days with their labels version 2 is better by" in ended
    verdict = place.ledger.tryout_verdict("tiny", 2)
    assert (verdict.passed, verdict.by) == (True, "labels")
    assert verdict.at < place.ledger.tryout("tiny", 2).deadline
    assert verdict.interval[1] < 0
    assert place.registry.standing("tiny").aliases == {"production": 2, "previous": 1}
    mail = place.ledger.alerts_of("tiny", DAY)[-1]
    assert (mail.state, mail.alert.subject) == ("sent", "tiny: v2 is in Production")
    assert "What its tryout found" in mail.alert.text
