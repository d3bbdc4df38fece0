import shutil
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import numpy
import pandas
import pytest
from sklearn.linear_model import LogisticRegression

from ml import training
from ml.errors import ServiceUnavailable
from ml.registry import Registry, run_of
from ml.shelf import Copies, Keeper, Shelf
from ml.shelf.fetching import here
from tests.ml.golden_frame import golden_frame
from tests.ml.shelf.conftest import BROKEN, NOW, WRONG

pytestmark = pytest.mark.integration


def versions(shelf):
    return tuple(one.version if one else None for one in (shelf.current, shelf.previous, shelf.candidate))


def answers(served):
    rows = golden_frame(served.inputs, [example.row for example in served.examples])
    return training.predict(served.task, served.predictor.estimator, rows).tolist()


def test_a_promotion_comes_onto_the_shelf_and_the_one_before_stays_at_hand(keeper, point):
    watched = keeper()
    point(production=1)
    watched.look()
    assert versions(watched.shelf) == (1, None, None)
    point(production=2, previous=1)
    watched.look()
    assert versions(watched.shelf) == (2, 1, None)
    assert watched.shelf.swaps == 2


def test_a_look_that_finds_nothing_new_loads_nothing(keeper, point, mlflow):
    watched = keeper()
    point(production=2, previous=1)
    watched.look()
    before = watched.shelf.slots
    watched.look()
    assert watched.shelf.slots is before
    assert mlflow.fetched == [2, 1]


def test_a_rollback_loads_nothing(keeper, point, mlflow, monkeypatch):
    watched = keeper()
    point(production=2, previous=1)
    watched.look()
    held = watched.shelf.previous
    monkeypatch.setattr(watched, "fetch", None)
    monkeypatch.setattr("ml.shelf.keeper.opened", None)
    point(production=1)
    watched.look()
    assert watched.shelf.current.predictor.estimator is held.predictor.estimator
    assert versions(watched.shelf) == (1, 2, None)


def test_the_candidate_is_held_only_where_candidates_are_tried(keeper, point):
    point(production=1, staging=2)
    plain, trying = keeper(), keeper(tries=True)
    plain.look()
    trying.look()
    assert versions(plain.shelf) == (1, None, None)
    assert versions(trying.shelf) == (1, None, 2)
    point(production=1)
    trying.look()
    assert versions(trying.shelf) == (1, None, None)


def test_what_waits_in_staging_is_fetched_ahead_once_and_its_promotion_needs_no_mlflow(keeper, point, mlflow):
    watched = keeper()
    point(production=1, staging=2)
    watched.look()
    watched.look()
    assert mlflow.fetched == [1, 2]
    assert versions(watched.shelf) == (1, None, None)
    point(production=2, previous=1)
    watched.look()
    assert versions(watched.shelf) == (2, 1, None)
    assert mlflow.fetched == [1, 2]


def test_what_is_no_good_in_staging_is_told_before_it_is_promoted(keeper, point):
    told = []
    watched = keeper(report=told.append)
    point(production=1, staging=WRONG)
    watched.look()
    watched.look()
    assert [(r.version, r.alias, r.serving) for r in told] == [(WRONG, "staging", 1)]
    point(production=WRONG, previous=1)
    watched.look()
    watched.look()
    assert [r.alias for r in told] == ["staging", "production"]
    assert versions(watched.shelf) == (1, None, None)


def test_a_candidate_that_is_promoted_is_not_loaded_again(keeper, point, mlflow):
    watched = keeper(tries=True)
    point(production=1, staging=2)
    watched.look()
    estimator = watched.shelf.candidate.predictor.estimator
    point(production=2, previous=1)
    watched.look()
    assert watched.shelf.current.predictor.estimator is estimator
    assert versions(watched.shelf) == (2, 1, None)
    assert mlflow.fetched == [1, 2]


def test_at_most_three_versions_are_in_memory_while_another_is_loaded(keeper, point, fetch):
    seen = []
    watched = keeper(tries=True, prepare=lambda served: seen.append((served.version, watched.shelf.slots.versions)))
    for production, previous, staging in ((1, None, 2), (2, 1, 3), (1, 2, 3), (3, 1, 2), (2, 3, None), (1, 2, 3)):
        point(production, previous, staging)
        watched.look()
        assert watched.shelf.current.version == production
    assert max(len(held | {loading}) for loading, held in seen) <= 3


def test_a_version_that_answers_its_golden_requests_wrongly_is_refused_and_the_old_one_serves(keeper, point, caplog):
    told = []
    watched = keeper(report=told.append)
    point(production=1)
    watched.look()
    point(production=WRONG, previous=1)
    for _ in range(3):
        watched.look()
    assert versions(watched.shelf) == (1, None, None)
    assert [(r.version, r.alias, r.serving) for r in told] == [(WRONG, "production", 1)]
    assert "golden requests are answered otherwise" in watched.shelf.refused[WRONG].sentence
    assert caplog.text.count("version 1 goes on serving") == 1


def test_a_version_that_does_not_open_is_refused_until_the_alias_has_moved(keeper, point, mlflow):
    watched = keeper()
    point(production=BROKEN, previous=2)
    watched.look()
    assert versions(watched.shelf) == (2, None, None)
    assert list(watched.shelf.refused) == [BROKEN]
    point(production=2)
    watched.look()
    assert watched.shelf.refused == {}
    point(production=BROKEN)
    watched.look()
    assert mlflow.fetched.count(BROKEN) == 2


def test_a_version_of_which_the_service_can_make_nothing_is_refused(keeper, point):
    def odd(served):
        if served.version == 2:
            raise ValueError("no rule for this kind of estimator")

    watched = keeper(prepare=odd)
    point(production=1)
    watched.look()
    point(production=2)
    watched.look()
    assert versions(watched.shelf) == (1, None, None)
    assert watched.shelf.refused[2].sentence == (
        "tiny version 2 is refused: ValueError: no rule for this kind of estimator"
    )


def test_what_the_service_prepared_belongs_to_the_version(keeper, point):
    watched = keeper(prepare=lambda served: f"compiled {served.version}")
    point(production=2, previous=1)
    watched.look()
    assert (watched.shelf.current.prepared, watched.shelf.previous.prepared) == ("compiled 2", "compiled 1")


def test_a_refusal_that_cannot_be_told_is_told_later(keeper, point, monkeypatch):
    away, told = [True], []

    def report(refusal):
        if away[0]:
            raise ServiceUnavailable("the ledger did not answer")
        told.append(refusal.version)

    watched = keeper(report=report)
    point(production=WRONG)
    watched.look()
    away[0] = False
    watched.look()
    assert told == []
    monkeypatch.setattr("ml.shelf.keeper.monotonic", lambda: watched._tell_after + 1)
    watched.look()
    watched.look()
    assert told == [WRONG]


def test_the_ledger_knows_since_when_a_version_serves(keeper, point):
    at = {1: NOW, 2: NOW + timedelta(days=1)}
    watched = keeper(since=at.get)
    point(production=2, previous=1)
    watched.look()
    assert (watched.shelf.current.since, watched.shelf.previous.since) == (at[2], at[1])


def test_without_a_ledger_a_version_serves_since_it_was_seen_and_a_restart_remembers(keeper, point):
    begun, watched = datetime.now(UTC), keeper()
    point(production=1)
    watched.look()
    assert begun <= watched.shelf.current.since <= datetime.now(UTC)
    again = keeper()
    again.restore()
    assert again.shelf.current.since == watched.shelf.current.since


def test_after_a_restart_without_mlflow_the_last_versions_serve(keeper, point, mlflow):
    watched = keeper(tries=True)
    point(production=2, previous=1, staging=3)
    watched.look()
    mlflow.away = True
    again = keeper(prepare=lambda served: "compiled")
    again.restore()
    assert versions(again.shelf) == (2, 1, None)
    assert again.shelf.current.prepared == "compiled"
    assert answers(again.shelf.current) == answers(watched.shelf.current)
    with pytest.raises(ServiceUnavailable):
        again.look()
    assert versions(again.shelf) == (2, 1, None)


def test_a_restart_passes_over_a_damaged_copy_and_mlflow_gives_it_again(keeper, point, mlflow, caplog):
    watched = keeper()
    point(production=2, previous=1)
    watched.look()
    path = watched.copies.here(2).folder / "model.skops"
    path.write_bytes(path.read_bytes()[:-1])
    again = keeper()
    again.restore()
    assert versions(again.shelf) == (1, None, None)
    assert "tiny version 2 on this machine is damaged" in caplog.text
    again.look()
    assert versions(again.shelf) == (2, 1, None)
    assert mlflow.fetched == [2, 1, 2]


def test_nothing_is_restored_where_nothing_stood(keeper):
    watched = keeper()
    watched.restore()
    assert versions(watched.shelf) == (None, None, None)


def test_when_mlflow_goes_away_during_a_fetch_the_old_one_serves_and_nothing_is_refused(keeper, point, mlflow):
    watched = keeper()
    point(production=1)
    watched.look()
    point(production=2)
    asked = mlflow.aliases()
    mlflow.away = True
    cut = replace(watched, aliases=lambda: asked)
    with pytest.raises(ServiceUnavailable):
        cut.look()
    assert versions(watched.shelf) == (1, None, None)
    assert watched.shelf.refused == {}


def test_what_serves_is_noted_before_it_serves(keeper, point, tmp_path):
    """A process that is killed right after a rollback must not come back with the version that was taken out."""
    noted = []

    class Watched(Copies):
        def note(self, standing):
            super().note(standing)
            noted.append((standing["production"].version, watched.shelf.current and watched.shelf.current.version))

    watched = keeper(copies=Watched("tiny", tmp_path / "shelf"))
    for production, previous in ((1, None), (2, 1), (1, None)):
        point(production, previous)
        watched.look()
    assert noted == [(1, None), (2, 1), (1, 2)]


def test_a_disk_that_takes_no_note_keeps_no_rollback_from_serving(keeper, point, caplog, monkeypatch):
    watched = keeper()
    point(production=2, previous=1)
    watched.look()
    monkeypatch.setattr(Copies, "note", lambda self, standing: (_ for _ in ()).throw(OSError(28, "No space left")))
    point(production=1)
    watched.look()
    assert watched.shelf.current.version == 1
    assert "what tiny serves could not be noted, a restart may find older versions" in caplog.text


def test_a_full_disk_is_no_fault_of_the_version(keeper, point, mlflow):
    full = [True]

    def fetch(version, folder):
        if full[0]:
            raise OSError(28, "No space left on device")
        return mlflow.fetch(version, folder)

    watched = keeper(fetch=fetch)
    point(production=1)
    with pytest.raises(OSError, match="No space left"):
        watched.look()
    assert watched.shelf.refused == {}
    full[0] = False
    watched.look()
    assert versions(watched.shelf) == (1, None, None)


def test_an_alias_that_points_nowhere_takes_nothing_away(keeper, point):
    watched = keeper()
    point(production=1)
    watched.look()
    point()
    watched.look()
    assert versions(watched.shelf) == (1, None, None)


def test_100_swaps_under_requests_fail_none_and_mix_none(keeper):
    """Each request asks twice of what it holds: both answers are those of the version that it names."""
    pointed = {"production": 1}
    watched = keeper(aliases=lambda: pointed)
    watched.look()
    row = golden_frame(watched.shelf.current.inputs, [watched.shelf.current.examples[0].row])
    right: dict[int, float] = {}
    for version in (1, 2, 3):
        pointed["production"] = version
        watched.look()
        right[version] = watched.shelf.current.predictor.estimator.predict_proba(row)[0, 1]
    stop, failed, asked = threading.Event(), [], [0, 0]

    def hammer(me):
        while not stop.is_set():
            served = watched.shelf.current
            for _ in range(2):
                if served.predictor.estimator.predict_proba(row)[0, 1] != right[served.version]:
                    failed.append(served.version)
            asked[me] += 1
            time.sleep(0.002)

    callers = [threading.Thread(target=hammer, args=(n,)) for n in range(2)]
    for caller in callers:
        caller.start()
    before = watched.shelf.swaps
    for n in range(100):
        pointed["production"] = n % 3 + 1
        watched.look()
    stop.set()
    for caller in callers:
        caller.join()
    assert watched.shelf.swaps - before == 100
    assert failed == []
    assert min(asked) > 0


def test_a_candidate_that_was_stopped_leaves_the_shelf_and_is_told_once(keeper, point):
    told = []
    watched = keeper(tries=True, report=told.append)
    point(production=1, staging=2)
    watched.look()
    watched.shelf.stopped = 2, "tiny version 2 is stopped: it failed on 2 of 9 rows"
    watched.look()
    watched.look()
    assert versions(watched.shelf) == (1, None, None)
    assert [(r.version, r.alias, r.serving) for r in told] == [(2, "staging", 1)]


class Reused:
    """An MLflow in which somebody deletes the registered model, so that numbers begin anew."""

    def __init__(self, file, frame):
        self.registry, self.frame = Registry(f"sqlite:///{file}"), frame

    def register(self, sign):
        """A version of a model, made by a run of its own, in Production."""
        run_id = self.registry.training_run("tiny", f"key {sign}", {}, {})
        fitted = LogisticRegression().fit(self.frame, sign * self.frame["size"] > 0)
        uri = self.registry.save_model(run_id, "model", fitted, self.frame, "tiny")
        version = self.registry.register("tiny", run_id, uri, {})
        self.registry._client.set_registered_model_alias("tiny", "production", str(version))
        return version, run_id

    def delete(self):
        self.registry._client.delete_registered_model("tiny")

    def keeper(self, folder):
        return Keeper(
            shelf=Shelf("tiny"),
            copies=Copies("tiny", folder, partial(run_of, self.registry.uri, "tiny")),
            aliases=partial(self.registry.aliases, "tiny"),
            fetch=partial(here, self.registry, "tiny"),
        )


@pytest.fixture
def reused(tmp_path, empty_mlflow):
    shutil.copy(empty_mlflow, tmp_path / "mlflow.db")
    rng = numpy.random.default_rng(0)
    return Reused(tmp_path / "mlflow.db", pandas.DataFrame({"size": rng.normal(size=60)}))


@pytest.mark.parametrize("restarted", [False, True])
def test_a_number_that_is_another_versions_by_now_is_served_by_that_one(reused, tmp_path, restarted, caplog):
    watched = reused.keeper(tmp_path / "copies")
    first = reused.register(1)
    watched.look()
    assert (watched.shelf.current.version, watched.shelf.current.run_id) == first
    reused.delete()
    watched.look()
    assert (watched.shelf.current.version, watched.shelf.current.run_id) == first
    second = reused.register(-1)
    assert (second[0], second[1] != first[1]) == (first[0], True)
    if restarted:
        watched = reused.keeper(tmp_path / "copies")
        watched.restore()
        assert watched.shelf.current.run_id == first[1]
    watched.look()
    assert (watched.shelf.current.version, watched.shelf.current.run_id) == second
    assert f"is of the run {first[1]}, and MLflow's version is of another; it is fetched again" in caplog.text
    before = watched.shelf.slots
    watched.look()
    assert watched.shelf.slots is before


def test_while_mlflow_is_away_a_copy_is_as_good_as_ever(reused, tmp_path):
    watched = reused.keeper(tmp_path / "copies")
    version, run_id = reused.register(1)
    watched.look()
    away = Copies("tiny", tmp_path / "copies", partial(run_of, "http://127.0.0.1:1", "tiny"))
    assert away.get(version, watched.fetch).run_id == run_id
