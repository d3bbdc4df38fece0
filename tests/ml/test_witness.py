"""The heads of the chains, remembered elsewhere."""

import pytest

from ml import witness

pytestmark = pytest.mark.integration


def test_a_night_leaves_the_heads_in_the_lake_and_in_its_run(walked):
    heads = walked.ledger.heads()
    known = list(witness.remembered(walked, "tiny"))
    newest = {(head.book, head.number, head.hash) for head in heads.values()}
    in_mlflow = {(k.book, k.number, k.hash) for k in known if k.place.startswith("MLflow run ")}
    in_lake = {(k.book, k.number, k.hash) for k in known if k.place.startswith("the lake ")}
    assert newest == in_mlflow == in_lake & newest
    assert {book for book, *_ in newest} == {"decisions", "promotions"}


def test_the_same_heads_are_one_file(workspace):
    from datetime import date

    run = workspace.run("tiny", date(2013, 6, 1))
    for _ in range(2):
        witness.remember(run)
    assert len(workspace.lake.within("tiny", witness.FOLDER)) == 1
