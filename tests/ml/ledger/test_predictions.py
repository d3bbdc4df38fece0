"""Every prediction once, in the partition of its day."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from ml.days import Span
from ml.records import Prediction

DAY = date(2013, 1, 31)


def made(number, day=DAY, **more):
    usual = {"pipeline": "p", "version": 1, "role": "production", "at": datetime(2013, 1, 31, 12, tzinfo=UTC)}
    usual |= {"key": {"flight": number}, "event_time": datetime(2013, 1, 31, 9), "probability": 0.25}
    return Prediction(id=f"{number:032d}", day=day, **usual | more)


def test_a_prediction_comes_back_as_it_was(ledger):
    kept = [made(1, features={"temp": 1.5, "town": None}, caller="desk"), made(2, event_time=None)]
    assert ledger.record_predictions(kept) == 2
    assert ledger.predictions("p", Span(DAY, DAY)) == kept
    assert ledger.prediction(kept[1].id) == kept[1]
    assert ledger.prediction("f" * 32) is None


def test_what_is_sent_again_is_kept_once_as_it_was_first(ledger):
    ledger.record_predictions([made(1), made(2)])
    assert ledger.record_predictions([made(2, probability=0.9), made(3)]) == 1
    assert [p.probability for p in ledger.predictions("p", Span(DAY, DAY))] == [0.25] * 3


def test_predictions_are_chosen_by_day_and_by_role(ledger):
    after = DAY + timedelta(days=1)
    ledger.record_predictions([made(1), made(2, role="shadow"), made(3, day=after), made(4, pipeline="q")])
    assert [p.id[-1] for p in ledger.predictions("p", Span(DAY, after))] == ["1", "2", "3"]
    assert [p.id[-1] for p in ledger.predictions("p", Span(DAY, DAY), roles=["shadow", "canary"])] == ["2"]
    assert ledger.predicted_days("p") == {DAY: 2, after: 1}


def test_nothing_to_keep_is_no_transaction(ledger):
    assert ledger.record_predictions([]) == 0


def test_old_predictions_go_and_others_stay(ledger):
    days = [DAY - timedelta(days=n) for n in range(3)]
    ledger.record_predictions([made(n, day=day) for n, day in enumerate(days)] + [made(9, day=days[2], pipeline="q")])
    assert ledger.forget_predictions("p", DAY) == 2
    assert (ledger.predicted_days("p"), ledger.predicted_days("q")) == ({DAY: 1}, {days[2]: 1})


@pytest.mark.integration
def test_each_day_has_a_partition_that_is_dropped_when_it_is_empty(postgres):
    from ml.ledger import Ledger

    ledger = Ledger.open(postgres)
    ledger.migrate()
    ledger.record_predictions([made(1), made(2, day=DAY + timedelta(days=1))])
    assert partitions(ledger) == {"predictions_20130131", "predictions_20130201"}
    ledger.forget_predictions("p", DAY + timedelta(days=1))
    assert partitions(ledger) == {"predictions_20130201"}
    assert ledger.record_predictions([made(1)]) == 1


@pytest.mark.integration
def test_services_that_ship_days_at_once_wait_for_each_others_partitions(postgres):
    from concurrent.futures import ThreadPoolExecutor

    from ml.ledger import Ledger

    ledger = Ledger.open(postgres)
    ledger.migrate()
    days = [DAY + timedelta(days=n) for n in range(12)]

    def ship(service):
        others = [Ledger.open(postgres).record_predictions([made(100 * service + n, day=days[n])]) for n in range(12)]
        return sum(others) + ledger.forget_predictions("q", days[service])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ship, range(4))) == [12] * 4
    assert ledger.predicted_days("p") == dict.fromkeys(days, 4)


def partitions(ledger):
    names = "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'"
    with ledger.database.reading() as connection:
        return set(connection.execute(sa.text(names)).scalars())


@pytest.mark.integration
def test_postgres_keeps_of_a_text_what_it_can_hold_and_every_number_as_it_is(postgres):
    from ml.ledger import Ledger

    ledger = Ledger.open(postgres)
    ledger.migrate()
    odd = {"a": "\0", "b": "\ud800", "c": "\\u0000 it's 100 % 'é'", "d": math.nan}
    odd |= {"e": 2**70, "f": 1e-300, "g": 0.1 + 0.2}
    kept = [made(1, features=odd, probability=5e-324), made(2, probability=1 / 3)]
    assert ledger.record_predictions(kept) == 2
    first, second = ledger.predictions("p", Span(DAY, DAY))
    assert first.features == odd | {"a": "\ufffd", "b": 3 * "\ufffd", "d": "NaN"}
    assert (first.probability, second) == (5e-324, kept[1])
