"""Which pipelines are served follows the YAML files."""

import os

import pytest

from ml.serving.endpoint import Endpoint
from ml.serving.roster import Roster
from ml.shelf import Copies, Keeper, Shelf, Slots
from tests.ml.serving import flights

TEXT = (flights.ROOT / "config" / "pipelines" / "flight_delays.yaml").read_text()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pipelines").mkdir()
    return tmp_path / "pipelines"


@pytest.fixture
def roster(folder, tmp_path):
    def hire(pipeline, prepare):
        copies = Copies(pipeline.name, tmp_path / pipeline.name)
        return Keeper(Shelf(pipeline.name), copies, aliases=dict, fetch=None, prepare=prepare)

    return Roster(folder, {}, hire, lambda pipeline, shelf: Endpoint.of(pipeline, shelf, flights.Kept()))


def write(folder, text=TEXT, name="flight_delays"):
    path = folder / f"{name}.yaml"
    path.write_text(text)
    os.utime(path, ns=(write.now, write.now))
    write.now += 1_000_000_000


write.now = 1_400_000_000_000_000_000


def test_a_new_file_is_served_at_the_next_look(roster, folder):
    roster.look()
    assert roster.endpoints == {}
    write(folder)
    roster.look()
    assert list(roster.endpoints) == ["flight_delays"]
    assert [keeper.shelf.pipeline for keeper in roster.keepers] == ["flight_delays"]


def test_a_changed_file_changes_how_the_same_version_is_asked(roster, folder):
    write(folder)
    roster.look()
    shelf = roster.endpoints["flight_delays"].shelf
    shelf.slots = Slots(current=flights.ready())
    write(folder, TEXT + "\nserving: {rows: 7}\n")
    roster.look()
    assert roster.endpoints["flight_delays"].shelf is shelf
    assert roster.endpoints["flight_delays"].pipeline.serving.rows == 7
    assert shelf.current.prepared.reading.limit == 7
    assert shelf.current.predictor is flights.ready().predictor


def test_a_file_that_cannot_be_read_changes_nothing(roster, folder):
    write(folder)
    roster.look()
    before = dict(roster.endpoints)
    write(folder, "name: [")
    write(folder, "name: other", "broken")
    roster.look()
    assert roster.endpoints == before


def test_a_pipeline_whose_file_is_gone_is_served_no_more(roster, folder):
    write(folder)
    roster.look()
    (folder / "flight_delays.yaml").unlink()
    roster.look()
    assert (dict(roster.endpoints), roster.keepers) == ({}, ())
