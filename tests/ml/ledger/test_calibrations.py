"""Every calibration, kept."""

from datetime import date

from ml.records import Calibration

DAY = date(2013, 1, 31)


def made(day=DAY, **changes) -> Calibration:
    facts = {
        "pipeline": "flights",
        "day": day,
        "asked": 90,
        "sentence": "300 quiet nights support 1 false alarm per 90 days",
        "settings": "5" * 64,
        "calendar": "c" * 64,
        "data": "d" * 64,
        "first": date(2012, 1, 1),
        "last": date(2013, 1, 30),
        "nights": 300,
        "blocks": 26,
        "alarms": 3,
        "interval": (0.002, 0.029),
        "level": 0.0002,
        "thresholds": {"temp": 3.5},
        "uri": "flights/calibrations/a.json",
        "expires": date(2013, 2, 28),
        "code_version": "abc",
    }
    return Calibration.model_validate(facts | changes)


def test_a_calibration_comes_back_as_it_was_and_only_once(ledger):
    assert [ledger.record_calibration(made()) for _ in range(2)] == [True, False]
    assert ledger.calibrations("flights") == [made()]


def test_one_made_anew_for_the_same_day_counts_and_later_ones_are_not_known_yet(ledger):
    later = made(date(2013, 3, 1))
    for calibration in (made(), made(alarms=4), later):
        ledger.record_calibration(calibration)
    assert ledger.calibrations("flights") == [made(alarms=4), later]
    assert ledger.calibrations("flights", until=DAY) == [made(alarms=4)]
    assert ledger.calibrations("other") == []


def test_too_few_nights_are_kept_too(ledger):
    short = made(uri=None, thresholds={}, level=None, first=None, last=None, nights=0)
    ledger.record_calibration(short)
    assert ledger.calibrations("flights") == [short]
    assert not short.ready
