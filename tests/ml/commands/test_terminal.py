"""What the commands of a terminal share."""

import json
from datetime import date

import pytest

from ml.commands import terminal
from ml.errors import ConfigError


def test_a_workspace_apart_lies_in_its_folder(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(tiny))
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))
    place = terminal.open_workspace(tmp_path / "apart")
    assert place.lake.root.is_relative_to(tmp_path / "apart")
    assert place.run("tiny", date(2013, 6, 1)).name == "tiny"


def test_without_a_day_the_newest_whole_one_is_meant(workspace):
    assert terminal.data_day(workspace, "tiny", "2013-06-01") == date(2013, 6, 1)
    assert (date.today() - terminal.data_day(workspace, "tiny", None)).days in (0, 1, 2)


def test_a_day_that_is_none_is_said(workspace):
    with pytest.raises(ConfigError, match=r"'1\.6\.2013' is not a day"):
        terminal.data_day(workspace, "tiny", "1.6.2013")


def test_an_answer_is_one_document_or_lines(capsys):
    terminal.answer(True, {"days": 2}, ["two", "days"])
    assert json.loads(capsys.readouterr().out) == {"days": 2}
    terminal.answer(False, {"days": 2}, ["two", "days"])
    assert capsys.readouterr().out == "two\ndays\n"


def test_how_far_it_is_stands_on_one_line_of_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    terminal.told(False)(date(2013, 6, 1))
    out = capsys.readouterr()
    assert (out.out, out.err) == ("", f"  {'2013-06-01':<20} …\r")


@pytest.mark.parametrize(("as_json", "terminal_there"), [(True, True), (False, False)])
def test_for_json_and_into_a_pipe_nothing_is_told(capsys, monkeypatch, as_json, terminal_there):
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal_there)
    terminal.told(as_json)("anything")
    assert capsys.readouterr().err == ""


def test_somebody_is_at_the_terminal():
    assert terminal.user()


def test_a_group_without_a_command_shows_its_help():
    assert terminal.group("Say what it is about.").info.no_args_is_help
