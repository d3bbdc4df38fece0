"""``nightshift quarantine``, as it is typed."""

import getpass
import json
from datetime import date

import polars as pl
import pytest
from typer.testing import CliRunner

from ml import steps
from ml.cli import app
from ml.errors import ConfigError, DataError, NightshiftError, NoData
from ml.records import Diagnosis, Sign, to_json
from ml.workspace import Workspace
from tests.tiny import write_day

pytestmark = pytest.mark.integration

DAY, ODD, FINE = "2013-06-01", "2013-05-20", "2013-05-02"
NASTY = "Dortmund\x1b[31m<b>"


@pytest.fixture
def typed(tiny, tmp_path, monkeypatch):
    """Types a command about a workspace with a short day (DAY), and an accepted one with a refused row (ODD)."""
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(tiny))
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))
    write_day(tiny.parent / "data", date.fromisoformat(DAY), rows=5)
    path = tiny.parent / "data" / f"{ODD}.parquet"
    town = pl.when(pl.int_range(pl.len()) < 1).then(pl.lit(NASTY)).otherwise("town").alias("town")
    pl.read_parquet(path).with_columns(town, pl.lit([1, 2]).alias("tags")).write_parquet(path)
    run = Workspace.apart(tmp_path / "apart", tiny).run("tiny", date.fromisoformat(DAY))
    steps.validate(run, steps.pull(run))

    def invoke(*words):
        place = ["--workspace", str(tmp_path / "apart")]
        done = CliRunner().invoke(app, ["quarantine", *words, *place])
        if isinstance(done.exception, NightshiftError):
            raise done.exception
        return done.output

    return invoke


@pytest.fixture
def doubtful(typed, tmp_path, tiny):
    """A diagnosis of an accepted day whose shift is not proven."""
    found = Diagnosis(
        pipeline="tiny",
        day=date(2013, 5, 30),
        kind="covariate shift",
        action="mail",
        evidence=(Sign(kind="covariate shift", sign="moved", weight=0.5, sentence="weight rose"),),
        doubts=("weight moved alone",),
    )
    with Workspace.apart(tmp_path / "apart", tiny).ledger.attempt("tiny", found.day, "diagnose") as attempt:
        attempt.done(to_json(found))
    return found


def test_the_list_tells_waiting_days_first_then_accepted_ones_with_refused_rows(typed):
    lines = typed("list", "tiny").splitlines()
    assert lines[0] == "tiny: 1 day waits"
    assert [line.split()[:2] for line in lines[1:]] == [[DAY, "quarantined"], [ODD, "accepted"]]
    assert lines[1].split()[-3:] == ["5", "rows", "min_rows"]
    assert lines[2].endswith("1 of 60 rows refused  town allowed")


def test_the_list_tells_what_is_not_learned_from_while_in_doubt(typed, doubtful):
    lines = typed("list", "tiny").splitlines()
    assert lines[0] == "tiny: 1 day waits, 1 not learned from while in doubt"
    assert lines[2] == f"  {doubtful.day}  in doubt     covariate shift: weight rose"
    [pipeline] = json.loads(typed("list", "--json"))["pipelines"]
    told = [(day["day"], day["diagnosis"]["doubts"]) for day in pipeline["doubted"]]
    assert told == [(str(doubtful.day), ["weight moved alone"])]


def test_a_day_that_is_cleared_is_no_longer_listed_as_in_doubt(typed, doubtful):
    typed("release", "tiny", "--day", str(doubtful.day), "--why", "heavier parcels are right")
    assert "doubt" not in typed("list", "tiny")


def test_the_list_of_all_pipelines_as_json_has_rules_with_their_keys(typed):
    [pipeline] = json.loads(typed("list", "--json"))["pipelines"]
    days = {day["day"]: day for day in pipeline["days"]}
    assert (days[DAY]["state"], days[DAY]["rules"][0]["key"], days[ODD]["refused"]) == ("quarantined", "//min_rows", 1)


def test_a_day_is_shown_with_its_rules_and_the_rows_behind_them(typed):
    shown = typed("show", "tiny", "--day", DAY, "--rows", "2")
    assert "nobody has decided about it yet" in shown
    assert "min_rows (stops the day): 5 rows on 2013-06-01, fewer than min_rows 20" in shown
    assert shown.count("2013-06-01 06:") == 2


def test_what_moves_a_cursor_is_not_printed(typed):
    shown = typed("show", "tiny", "--day", ODD)
    assert "\x1b" not in shown
    assert "Dortmund" in shown


def test_rows_are_written_with_all_their_columns(typed, tmp_path):
    csv, parquet = tmp_path / "a.csv", tmp_path / "a.parquet"
    typed("show", "tiny", "--day", ODD, "--csv", str(csv), "--parquet", str(parquet))
    assert pl.read_csv(csv)["__rule"].to_list() == ["/town/allowed"]
    assert pl.read_parquet(parquet).select("town", "tags").rows() == [(NASTY, [1, 2])]


def test_a_file_that_cannot_be_written_is_said(typed, tmp_path):
    with pytest.raises(ConfigError, match="cannot be written"):
        typed("show", "tiny", "--day", ODD, "--csv", str(tmp_path / "none" / "a.csv"))


def test_a_release_says_who_did_it_and_is_done_once(typed):
    first, again = [typed("release", "tiny", "--day", DAY, "--why", "a holiday") for _ in range(2)]
    assert first.startswith("tiny 2013-06-01 is accepted: 5 rows are in the next window and reference\n")
    assert f"was released already, by {getpass.getuser()} on 20" in again
    assert again.strip().endswith("a holiday; nothing changed")
    assert f"released by {getpass.getuser()}: a holiday" in typed("show", "tiny", "--day", DAY)


def test_refused_rows_are_let_in_when_asked_for(typed):
    done = json.loads(typed("release", "tiny", "--day", ODD, "--rows", "--why", "a new town", "--json"))
    assert (done["state"], done["rows"], done["refused"], done["rules"]) == ("accepted", 60, 0, ["/town/allowed"])


def test_a_discard_is_for_good(typed):
    assert "is discarded for good" in typed("discard", "tiny", "--day", DAY, "--why", "a test")
    assert "discarded already" in typed("discard", "tiny", "--day", DAY, "--why", "a test")
    with pytest.raises(DataError, match="was discarded for good"):
        typed("release", "tiny", "--day", DAY, "--why", "no")


@pytest.mark.parametrize(
    ("words", "error", "sentence"),
    [
        (["release", "tiny", "--day", FINE, "--why", "x"], DataError, "is not quarantined: it is accepted"),
        (["discard", "tiny", "--day", "2012-01-01", "--why", "x"], NoData, "is not known"),
        (["show", "tiny", "--day", "2012-01-01"], NoData, "the known days are 2013-05-01 to 2013-06-01"),
        (["release", "tiny", "--day", DAY, "--why", ""], ConfigError, "needs a reason"),
        (["show", "tnyi", "--day", DAY], ConfigError, "tiny"),
        (["list", "tnyi"], ConfigError, "tiny"),
        (["show", "tiny", "--day", "1.6."], ConfigError, "YYYY-MM-DD"),
    ],
)
def test_a_wrong_word_gets_a_sentence(typed, words, error, sentence):
    with pytest.raises(error, match=sentence):
        typed(*words)


@pytest.mark.parametrize("command", ["list", "show", "release", "discard"])
def test_every_command_shows_an_example(command):
    assert "Example:" in CliRunner().invoke(app, ["quarantine", command, "--help"]).output
