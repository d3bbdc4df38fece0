"""``nightshift who-served``, ``history``, ``explain-decision`` and ``audit``, as they are typed."""

import json
import re
import shutil
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from ml.cli import app
from ml.errors import ConfigError, NightshiftError
from ml.records import Promotion
from ml.workspace import Workspace


@pytest.fixture
def place(tmp_path, tiny):
    return Workspace.apart(tmp_path / "apart", tiny)


@pytest.fixture
def typed(tmp_path, tiny, monkeypatch):
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(tiny))

    def invoke(*words):
        done = CliRunner().invoke(app, [*words, "--workspace", str(tmp_path / "apart")])
        if isinstance(done.exception, NightshiftError):
            raise done.exception
        return done.stdout

    return invoke


def promote(place, version, hour):
    at = datetime(2026, 1, 1, hour, tzinfo=UTC)
    place.ledger.record_promotion(
        Promotion(
            pipeline="tiny", day=date(2025, 12, 31), version=version, previous=None, run_id="r", snapshot="s", at=at
        )
    )


def test_who_served_says_how_it_read_the_time_and_who_it_was(place, typed):
    promote(place, 1, 2)
    promote(place, 2, 4)
    lines = typed("who-served", "tiny", "--at", "2026-01-01 03:00").splitlines()
    assert lines[:2] == ["tiny at 2026-01-01 03:00 UTC (UTC):", "version 1"]


def test_nothing_served_yet_is_an_answer(place, typed):
    promote(place, 1, 2)
    told = typed("who-served", "tiny", "--at", "2025-01-01")
    assert told == (
        "tiny on 2025-01-01 (UTC):\nnothing served yet: the first was version 1, since 2026-01-01 02:00:00 UTC\n"
    )
    document = json.loads(typed("who-served", "tiny", "--at", "2025-01-01", "--json"))
    assert document["served"] == []


def test_without_a_time_it_is_now(place, typed):
    promote(place, 1, 2)
    document = json.loads(typed("who-served", "tiny", "--json"))
    assert (document["asked"], document["served"][0]["version"], document["to"]) == ("now", 1, None)


def test_a_time_that_is_none_is_refused(place, typed):
    with pytest.raises(ConfigError, match="'noon' is no moment"):
        typed("who-served", "tiny", "--at", "noon")


@pytest.mark.integration
def test_a_version_that_was_deleted_in_mlflow_has_still_served(place, typed):
    """What https://github.com/mlflow/mlflow/issues/2169 asks for, and what MLflow itself cannot say."""
    from mlflow import MlflowClient

    promote(place, 1, 2)
    promote(place, 2, 4)
    assert place.registry.aliases("tiny") == {}  # our way in, before MLflow's own: it keeps its warnings quiet
    client = MlflowClient(tracking_uri=place.registry.uri, registry_uri=place.registry.uri)
    client.create_registered_model("tiny")
    for _ in (1, 2):
        client.create_model_version("tiny", "file:///nowhere")
    client.delete_model_version("tiny", "1")
    assert "version 1\n" in typed("who-served", "tiny", "--at", "2026-01-01T03:00Z")


def test_history_tells_tenures_below_the_nights(place, typed):
    promote(place, 1, 2)
    told = typed("history", "tiny").splitlines()
    assert told[-3].startswith("  version 1    2026-01-01 02:00 UTC to now")
    assert told[-1] == "tiny: there was only a first version so far, which is compared with nothing"
    assert set(json.loads(typed("history", "tiny", "--json"))) == {"pipeline", "nights", "production", "events"}


@pytest.mark.integration
def test_an_audit_of_what_was_never_touched_finds_nothing(nights, restored, monkeypatch, tmp_path):
    done = audited(nights, monkeypatch, tmp_path)
    assert done.exit_code == 0, done.stdout
    assert done.stdout.endswith("\nnothing is wrong\n")
    assert [line for line in done.stdout.splitlines() if not line.startswith(" ")][:2] == ["ledger", "tiny"]


@pytest.mark.integration
def test_an_audit_that_finds_something_says_what_mends_it_and_exits_1(nights, restored, monkeypatch, tmp_path):
    batch = restored.ledger.batches("tiny", state="accepted")[-1]
    restored.lake.path(batch.uri).unlink()
    done = audited(nights, monkeypatch, tmp_path, "tiny")
    assert done.exit_code == 1
    assert f"    tiny {batch.day}: the accepted rows is not in the lake" in done.stdout
    assert "      mend: restore it from a backup, or: nightshift step pull tiny" in done.stdout
    assert done.stdout.endswith("\n1 thing is wrong\n")
    document = json.loads(audited(nights, monkeypatch, tmp_path, "tiny", "--json", "--deep").stdout)
    assert (document["wrong"], set(document["checked"])) == (1, {"ledger", "tiny"})


def audited(nights, monkeypatch, tmp_path, *words):
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(nights.tiny / "config"))
    return CliRunner().invoke(app, ["audit", *words, "--workspace", str(nights.apart)])


@pytest.fixture
def ledger_alone(nights, tmp_path, monkeypatch):
    """A workspace that has kept the ledger of the two nights and nothing else: no lake, no MLflow, no mails."""
    apart = tmp_path / "alone"
    apart.mkdir()
    shutil.copy(nights.copy(2) / "apart" / "ledger.db", apart)
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(nights.tiny / "config"))
    return lambda *words: CliRunner().invoke(app, [*words, "--workspace", str(apart)])


@pytest.mark.integration
@pytest.mark.parametrize("words", [["2013-06-02"], ["--day", "2013-06-02"], []])
def test_a_decision_is_explained_from_the_ledger_alone(ledger_alone, words):
    done = ledger_alone("explain-decision", "tiny", *words)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("tiny 2013-06-02: retrain, because ")
    assert "\nGates\n  passed; the gates: at_least, beats_champion\n" in done.stdout
    document = json.loads(ledger_alone("explain-decision", "tiny", *words, "--json").stdout)
    assert document["training"]["snapshot"]["fingerprint"] in done.stdout


@pytest.mark.integration
def test_a_day_that_no_night_has_seen_cannot_be_explained(ledger_alone):
    done = ledger_alone("explain-decision", "tiny", "2012-01-01")
    assert "no night has seen 2012-01-01" in str(done.exception)


def likened(text):
    """A text without what differs from run to run: numbers, digests, and where a line or a column ends."""
    return " ".join(re.sub(r"\b[0-9a-f]{12,}\b|\d+(,\d+)*", "#", text).split())


def shown(page):
    """Every command of a page, with the pieces of its output that are shown."""
    for block in re.findall(r"```console\n\$ nightshift (.*?)\n```", page.read_text(), re.DOTALL):
        command, _, output = block.partition("\n")
        yield command.split(), output.split("…")


@pytest.mark.integration
def test_what_the_page_about_the_past_shows_is_what_is_printed(restored, nights, repository, monkeypatch, tmp_path):
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(nights.tiny / "config"))
    for words, pieces in shown(repository / "docs" / "past.md"):
        asked = [f"{datetime.now(UTC):%Y-%m-%d}" if word.startswith("2026-") else word for word in words]
        told = likened(CliRunner().invoke(app, [*asked, "--workspace", str(nights.apart)]).stdout)
        for piece in filter(None, map(likened, pieces)):
            assert piece in told, told
            told = told.partition(piece)[2]


def test_explain_prediction_tells_the_life_of_one_prediction(place, typed):
    from ml.predictions.ids import new_id
    from ml.records import Prediction

    at = datetime(2013, 6, 1, 8, tzinfo=UTC)
    own = {"id": new_id(), "pipeline": "tiny", "version": 1, "role": "canary", "caller": "shop", "at": at}
    row = {"key": {"parcel": 7}, "day": date(2013, 6, 1), "probability": 0.25}
    place.ledger.record_predictions([Prediction(**own, **row)])
    lines = typed("explain-prediction", own["id"]).splitlines()
    assert lines[0] == f"prediction {own['id']} of tiny"
    assert "  answer      0.2500, the probability that late is 1" in lines
    document = json.loads(typed("explain-prediction", own["id"], "--json"))
    assert (document["prediction"]["key"], document["became"], document["answer"]) == ({"parcel": 7}, None, None)
    assert document["why"].startswith("its features were not kept")
