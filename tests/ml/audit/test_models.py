"""The model of Production loads, or the audit says why not."""

from pathlib import Path
from urllib.parse import urlparse

import pytest

from ml.audit.models import models
from ml.audit.scope import Scope

pytestmark = pytest.mark.integration


def test_production_loads(scope):
    assert (models(scope).said, models(scope).found) == ("version 2 loads", ())


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_a_model_file_that_is_gone_or_damaged(scope, mlflow, said, how):
    model = mlflow.get_logged_model(scope.served.model_uri.removeprefix("models:/"))
    for path in Path(urlparse(model.artifact_location).path).rglob("*.skops"):
        path.unlink() if how == "gone" else path.write_bytes(b"not a model")
    checked = models(scope)
    assert said(checked)[0].startswith("tiny: the model of version 2 does not load: ")
    assert checked.found[0].mend == "nightshift rollback tiny --why 'the model does not load'"


def test_nothing_in_production_is_no_discrepancy(place):
    assert models(Scope(place, "other")).said == "nothing is in Production"
