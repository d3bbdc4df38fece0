"""The registry against the ledger, each disagreement made in MLflow as somebody would."""

import warnings

import pytest

from ml.audit.scope import Scope
from ml.audit.versions import versions

pytestmark = pytest.mark.integration


def test_two_nights_left_no_disagreement(scope):
    checked = versions(scope)
    assert checked.found == ()
    assert checked.said == "version 2 is in Production, of 2 registered"


def stage(mlflow, version, name, archive=False):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        mlflow.transition_model_version_stage("tiny", str(version), name, archive_existing_versions=archive)


def test_two_productions(scope, mlflow, said):
    stage(mlflow, 1, "Production")
    checked = versions(scope)
    assert said(checked) == ["tiny: versions 1 and 2 are all in the stage Production; the alias says 2"]
    assert "Archived" in checked.found[0].mend
    stage(mlflow, 1, "Archived")
    assert said(versions(Scope(scope.place, "tiny"))) == []


def test_a_stage_that_is_not_the_alias(scope, mlflow, said):
    stage(mlflow, 1, "Production", archive=True)
    assert said(versions(scope)) == [
        "tiny: the alias production is version 2, but version 1 is in the stage Production"
    ]


def test_an_alias_that_is_not_the_promotion(scope, mlflow, said):
    mlflow.set_registered_model_alias("tiny", "production", "1")
    stage(mlflow, 1, "Production", archive=True)
    (one,) = said(versions(scope))
    assert one.startswith("tiny: the ledger says version 2 is in Production since 20")
    assert one.endswith("but the alias production is version 1")


def test_an_alias_that_is_gone(scope, mlflow, said):
    mlflow.delete_registered_model_alias("tiny", "production")
    assert said(versions(scope))[-1].endswith("but the alias production is nothing")


def test_another_version_is_called_previous(scope, mlflow, said):
    mlflow.delete_registered_model_alias("tiny", "previous")
    assert said(versions(scope)) == ["tiny: version 1 was in Production before, but the alias previous is gone"]


def test_a_promotion_without_its_version(scope, mlflow, said):
    mlflow.delete_model_version("tiny", "1")
    assert "tiny: version 1, the one before, is not registered in MLflow any more" in said(versions(scope))


def test_an_alias_without_a_promotion(scope, said):
    scope.__dict__["promotions"] = []
    (one,) = said(versions(scope))
    assert one == "tiny: version 2 has the alias production, but the ledger knows no promotion"


def test_a_version_that_says_it_comes_from_another_snapshot(scope, mlflow, said):
    mlflow.set_model_version_tag("tiny", "2", "nightshift.snapshot_sha256", "f" * 64)
    (one,) = said(versions(scope))
    assert one.startswith("tiny: version 2 was promoted from snapshot ")
    assert one.endswith(f"but MLflow says {'f' * 64}")


def test_nothing_is_in_production_of_a_new_pipeline(place):
    checked = versions(Scope(place, "other"))
    assert (checked.said, checked.found) == ("nothing is in Production, of 0 registered", ())
