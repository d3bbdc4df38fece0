from datetime import UTC, datetime

from ml.shelf import Served, Shelf, Slots


def served(version):
    return Served("tiny", version, "run", datetime(2026, 1, 1, tzinfo=UTC), None, (), (), "regression")


def test_an_empty_shelf_serves_nothing():
    shelf = Shelf("tiny")
    assert (shelf.current, shelf.previous, shelf.candidate) == (None, None, None)


def test_a_request_that_holds_the_slots_keeps_them_over_a_swap():
    shelf = Shelf("tiny", Slots(current=served(1)))
    held = shelf.slots
    shelf.slots = Slots(current=served(2), previous=held.current)
    assert (held.current.version, held.previous) == (1, None)
    assert (shelf.current.version, shelf.previous.version) == (2, 1)
