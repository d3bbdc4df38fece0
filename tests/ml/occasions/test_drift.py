from ml.occasions import Drifted


def test_an_alarm_of_the_same_day_is_said_with_its_columns(case, report):
    assert Drifted().reason(case(report=report(True))) == "the drift check of 2013-01-31 alarmed: carrier"
