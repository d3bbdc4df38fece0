"""A day as its own night saw it: a table that changes meanwhile cannot hide itself."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from ml import steps
from ml.days import Span
from ml.records import Batch, Seen
from ml.seen import with_answers
from ml.workspace import Workspace

YAML = """
name: parcels
source:
  kind: sql
  connection: depot
  event_time: at
  key: [parcel]
  label_delay: 1d
  history: 60d
  query: |
    SELECT p.parcel, p.at, t.age, CASE WHEN p.known <= :as_of THEN p.late END AS late
    FROM parcels AS p LEFT JOIN trucks AS t USING (truck)
    WHERE p.at >= :start AND p.at < :end
contract:
  min_rows: 20
  columns:
    parcel: {type: int}
    at: {type: datetime}
    age: {type: int}
    late: {type: int, nulls: 1, allowed: [0, 1], history: false}
drift:
  kind: evidently
  false_alarms: 1 per 20 days
  recalibrate: 1d
  reference: 14d
  current: 1d
  min_rows: 20
  columns: {age: {method: wasserstein}}
retrain: {every: 7d}
model: {label: late, features: [age]}
gates: [{kind: beats_baseline}]
"""
FIRST, LAST = date(2013, 5, 1), date(2013, 7, 10)


def run_sql(url, statement):
    import sqlalchemy

    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(statement))


@pytest.fixture
def depot(postgres):
    """Forty parcels a day, each on one of thirty trucks; whether it was late is known the next morning."""
    run_sql(postgres, "CREATE TABLE trucks AS SELECT n AS truck, 3 + n % 9 AS age FROM generate_series(0, 29) AS n")
    run_sql(
        postgres,
        "CREATE TABLE parcels AS SELECT row_number() OVER () AS parcel, day + n * interval '20 minutes' AS at, "
        "(CAST(extract(doy FROM day) AS int) * 7 + n * n) % 30 AS truck, CAST(n % 3 = 0 AS int) AS late, "
        "(day + interval '32 hours') AT TIME ZONE 'UTC' AS known "
        f"FROM generate_series(timestamp '{FIRST}', timestamp '{LAST}', '1 day') AS day, generate_series(0, 39) AS n",
    )
    return postgres


@pytest.fixture
def night(depot, tmp_path):
    """Walk a night as far as its drift report."""
    pipelines = tmp_path / "config" / "pipelines"
    pipelines.mkdir(parents=True)
    (pipelines / "parcels.yaml").write_text(YAML)
    place = Workspace.apart(tmp_path / "apart", tmp_path / "config")
    place = Workspace(**{**vars(place), "connections": {"depot": depot}})

    def walk(day):
        run = place.run("parcels", day)
        batch = steps.validate(run, steps.pull(run))
        calibration = steps.calibrate(run, batch)
        return run, calibration, steps.detect(run, batch, calibration)

    return walk


def of_day(run, day):
    (batch,) = run.workspace.ledger.batches("parcels", Span(day, day), state="accepted")
    return batch


@pytest.mark.integration
class TestOfATableThatChanges:
    def test_the_night_on_which_all_trucks_grew_younger_alarms(self, night, depot):
        day = FIRST + timedelta(days=62)
        _, before, quiet = night(day)
        assert not quiet.alarm
        run_sql(depot, "UPDATE trucks SET age = age - 2")
        _, after, alarmed = night(day + timedelta(days=1))
        assert after.day == day + timedelta(days=1)  # calibrated anew, on the night before as well
        assert after.thresholds["age"] == pytest.approx(before.thresholds["age"], rel=0.1)
        assert alarmed.alarm

    def test_the_day_before_keeps_what_its_night_knew_and_has_its_labels(self, night, depot):
        day = FIRST + timedelta(days=60)
        run, *_ = night(day)
        old = run.workspace.lake.read([of_day(run, day).as_seen.uri])
        assert old["late"].null_count() == 40
        run_sql(depot, "UPDATE trucks SET age = age - 2")
        night(day + timedelta(days=1))
        batch = of_day(run, day)
        now, seen = (run.workspace.lake.read([uri]) for uri in (batch.uri, batch.as_seen.uri))
        assert now["age"].to_list() == [age - 2 for age in old["age"]]  # what a model is trained on
        assert seen["age"].to_list() == old["age"].to_list()
        assert seen["late"].to_list() == now["late"].to_list() != old["late"].to_list()
        assert batch.seen.night == day

    def test_without_a_change_nothing_is_kept_twice(self, night, depot):
        day = FIRST + timedelta(days=60)
        run, *_ = night(day)
        night(day + timedelta(days=1))
        batch = of_day(run, day)
        assert batch.seen.uri == batch.uri

    def test_a_day_whose_night_was_missed_counts_as_quiet_from_the_next_night_on(self, night, depot):
        day = FIRST + timedelta(days=60)
        night(day)
        run_sql(depot, "UPDATE trucks SET age = age - 2")
        _, calibration, alarmed = night(day + timedelta(days=2))
        assert calibration.last == day
        assert alarmed.alarm
        _, later, _ = night(day + timedelta(days=3))
        assert later.last == day + timedelta(days=2)
        assert later.nights == calibration.nights + 1  # two came in, and the oldest day left the history

    def test_a_row_that_is_refused_by_now_leaves_what_is_compared(self, night, depot):
        day = FIRST + timedelta(days=60)
        run, *_ = night(day)
        parcel = run.workspace.lake.read([of_day(run, day).uri])["parcel"][7]
        run_sql(depot, f"UPDATE parcels SET late = 7 WHERE parcel = {parcel}")
        night(day + timedelta(days=1))
        batch = of_day(run, day)
        assert (batch.rows, batch.as_seen.rows, batch.refused) == (39, 39, 1)
        assert parcel not in run.workspace.lake.read([batch.as_seen.uri])["parcel"]

    def test_a_night_walked_twice_gives_the_same(self, night, depot):
        day = FIRST + timedelta(days=60)
        night(day)
        run_sql(depot, "UPDATE trucks SET age = age - 2")
        first = [night(day + timedelta(days=1)) for _ in range(2)]
        assert first[0][2] == first[1][2]
        assert first[0][1] == first[1][1]


def frame(**columns):
    return pl.DataFrame({"at": [datetime(2013, 5, 1)] * len(next(iter(columns.values()))), **columns})


def test_labels_are_found_by_key_and_no_row_comes_or_goes():
    features = frame(parcel=[1, 2, 3], age=[4, 5, 6], late=[None, None, 1])
    answers = frame(parcel=[3, 2, 9], age=[0, 0, 0], late=[0, 1, 1])
    found = with_answers(features, answers, ("parcel",), "late")
    assert found.columns == features.columns
    assert (found["age"].to_list(), found["late"].to_list()) == ([4, 5, 6], [None, 1, 0])


def test_rows_that_share_a_key_are_taken_in_their_order_also_where_it_is_null():
    features = frame(parcel=[1, 1, None], age=[4, 5, 6])
    answers = frame(parcel=[1, None, 1], late=[0, 1, 1])
    found = with_answers(features, answers, ("parcel",), "late")
    assert (found.height, found["late"].to_list()) == (3, [0, 1, 1])


def test_answers_without_a_label_leave_the_features_as_they_are():
    features = frame(parcel=[1], late=[1])
    assert with_answers(features, frame(parcel=[1]), ("parcel",), "late").equals(features)


def test_a_batch_of_before_is_seen_as_it_is():
    batch = Batch(pipeline="p", day=FIRST, rows=3, uri="a", fingerprint="f")
    assert batch.as_seen == batch
    seen = batch.model_copy(update={"seen": Seen(night=FIRST, rows=2, uri="b", fingerprint="g")}).as_seen
    assert (seen.rows, seen.uri, seen.fingerprint) == (2, "b", "g")
