from datetime import timedelta

from ml.approval import Auto


def test_nobody_is_asked_and_nothing_is_waited_for():
    assert (Auto().reasons(None), Auto().wait, Auto().users) == ((), timedelta(0), ())
