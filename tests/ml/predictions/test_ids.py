"""Names that nobody else has."""

import time
from uuid import UUID

from ml.predictions.ids import new_id, new_ids


def test_no_two_names_are_the_same():
    assert len({new_id() for _ in range(10_000)}) == 10_000


def test_a_later_name_sorts_later():
    earlier = new_id()
    time.sleep(0.002)
    assert earlier < new_id()


def test_a_name_is_a_uuid_of_version_seven_with_its_moment():
    before = time.time_ns() // 1_000_000
    name = UUID(new_id())
    assert (name.version, name.variant) == (7, "specified in RFC 4122")
    assert before <= name.int >> 80 <= time.time_ns() // 1_000_000


def test_many_names_at_once_are_as_many_others():
    names = new_ids(1000)
    assert len(set(names)) == 1000
    assert {(UUID(name).version, UUID(name).variant) for name in names} == {(7, "specified in RFC 4122")}
    assert len({name[16] for name in names}) == 4
