"""The command, as it is typed."""

import json
import subprocess
import sys
from datetime import date

import pytest

from ml.cli import Walk
from tests.terminal import nightshift


def place(config, home):
    return {
        "NIGHTSHIFT_CONFIG": str(config),
        "NIGHTSHIFT_HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "OMP_NUM_THREADS": "1",
    }


def typed(*words, config, home):
    return nightshift(*words, env=place(config, home))


def started(*words, config, home):
    command = [sys.executable, "-m", "ml", *words]
    return subprocess.run(command, capture_output=True, text=True, env=place(config, home), timeout=280)


@pytest.mark.integration
def test_a_night_runs_wholly_apart_and_tells_each_step(tiny, tmp_path):
    place = ["--workspace", str(tmp_path / "apart")]
    ran = started("run", "tiny", "--day", "2013-06-01", "--json", *place, config=tiny, home=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert [s["step"] for s in json.loads(ran.stdout)["steps"]][-2:] == ["announce", "deliver"]
    told = typed("history", "tiny", *place, config=tiny, home=tmp_path)
    assert "version 1 is in Production" in told.stdout


@pytest.mark.integration
def test_the_status_ends_with_what_retrains_were_worth(restored):
    from typer.testing import CliRunner

    from ml.cli import app

    place = ["--workspace", str(restored.lake.root.parent)]
    env = {"NIGHTSHIFT_CONFIG": str(restored.pipelines.parent), "NIGHTSHIFT_HOME": str(restored.lake.root)}
    told = CliRunner().invoke(app, ["status", *place], env=env).output.splitlines()
    assert told[-1].startswith("  worth: 1 retrain after the first version, 1 promoted; what they gave is not known: ")
    [of] = json.loads(CliRunner().invoke(app, ["status", "--json", *place], env=env).output)["pipelines"]
    assert of["worth"]["said"] == told[-1].removeprefix("  worth: ")
    assert (of["worth"]["retrains"], of["worth"]["gain"]) == (1, None)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["check", "tnyi"], 2, "tiny"),
        (["history", "tiny"], 2, "NIGHTSHIFT_"),
        (["run", "tiny", "--day", "1.6.2013", "--workspace", "{}"], 2, "YYYY-MM-DD"),
        (["run", "tiny", "--day", "2999-01-01", "--workspace", "{}"], 3, "still to come"),
        (["step", "promot", "tiny", "--day", "2013-06-01", "--workspace", "{}"], 2, "did you mean 'promote'"),
        (["retrain", "tiny", "--reason", "x", "--window", "0", "--workspace", "{}"], 2, "window"),
    ],
)
@pytest.mark.integration
def test_a_wrong_word_gets_a_sentence_and_its_exit_code(words, code, sentence, tiny, tmp_path):
    words = [w.format(tmp_path / "apart") for w in words]
    answer = typed(*words, config=tiny, home=tmp_path)
    assert answer.returncode == code
    assert sentence in answer.stderr


@pytest.mark.integration
def test_a_process_ends_with_the_sentence_and_no_traceback(tiny, tmp_path):
    answer = started("check", "tnyi", config=tiny, home=tmp_path)
    assert answer.returncode == 2
    assert "tiny" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("as_json", "shown"), [(False, "  calibrate   …\r  calibrate   2013-05-01 …\r  decide      …\r"), (True, "")]
)
def test_a_terminal_shows_how_far_a_step_is(workspace, capsys, monkeypatch, as_json, shown):
    walk = Walk(workspace.run("tiny", date(2013, 6, 1)), as_json)
    capsys.readouterr()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    walk.do.starting("calibrate")
    walk.do.run.told("2013-05-01")
    walk.do.starting("decide")
    assert capsys.readouterr().out == shown


def test_a_right_yaml_is_said_to_be_right(tiny, tmp_path):
    assert typed("check", config=tiny, home=tmp_path).stdout == "tiny: right\n"


def test_every_command_shows_an_example(tiny, tmp_path):
    for command in ("run", "nightly", "retrain", "step", "check", "history", "status", "schema", "migrate"):
        assert "Example:" in typed(command, "--help", config=tiny, home=tmp_path).stdout
