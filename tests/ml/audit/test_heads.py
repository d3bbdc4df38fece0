"""A ledger that lost its newest rows, or whose chain was made anew, is seen by what others remember."""

import shutil

import pytest
import sqlalchemy as sa

from ml import seals
from ml.audit.chains import chains
from ml.audit.heads import heads
from ml.audit.scope import Scope
from tests.ml.ledger.conftest import unguarded  # noqa: F401

pytestmark = pytest.mark.integration


def test_two_nights_are_remembered_in_the_lake_and_in_mlflow(scope):
    checked = heads(scope)
    assert checked.found == ()
    assert checked.said.startswith("6 nights and runs")  # decide and announce of each night, and its run


def test_a_cut_tail_is_a_whole_chain_and_is_seen(scope, said, unguarded):  # noqa: F811
    unguarded(scope.place.ledger, "promotions", "DELETE FROM promotions WHERE id = 2")
    assert chains(scope.place.ledger).found == ()
    (one,) = said(heads(scope))
    assert one.startswith("promotions ends at 1, but ")
    assert one.endswith("remembers promotions 2: its newest rows are gone")


def test_mlflow_alone_remembers_it_too(scope, said, unguarded):  # noqa: F811
    shutil.rmtree(scope.place.lake.path("tiny/heads"))
    unguarded(scope.place.ledger, "promotions", "DELETE FROM promotions WHERE id = 2")
    (one,) = said(heads(scope))
    assert "but MLflow run " in one


def test_a_chain_that_was_made_anew_is_seen(scope, said, unguarded):  # noqa: F811
    ledger = scope.place.ledger
    with ledger.database.reading() as connection:
        sealed = connection.scalar(sa.text("SELECT sealed FROM promotions WHERE id = 2"))
    forged = sealed.replace('"by":"nightshift"', '"by":"nobody"')
    anew = seals.chained(ledger.hashes("promotions")[1], forged)
    statement = f"UPDATE promotions SET by = 'nobody', sealed = '{forged}', hash = '{anew}' WHERE id = 2"
    unguarded(ledger, "promotions", statement)
    assert chains(ledger).found == ()
    (one,) = said(heads(scope))
    assert one.startswith("promotions 2 has another hash than ")


def test_a_damaged_memory_is_said(scope, said):
    uri = scope.place.lake.within("tiny", "heads")[0]
    scope.place.lake.path(uri).write_bytes(b"[]")
    assert "is damaged" in said(heads(scope))[0]


def test_a_pipeline_without_nights_has_no_memory(place):
    assert heads(Scope(place, "other")).found == ()
