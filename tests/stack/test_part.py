import signal

from stack.part import Part


def test_a_part_is_kept_alive_and_ended_kindly_unless_it_says_otherwise():
    part = Part("a", ("/bin/true",))
    assert not part.once
    assert not part.spare_group
    assert part.stop == signal.SIGTERM
