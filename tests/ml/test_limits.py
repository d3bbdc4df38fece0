"""The limits that stand in a pipeline's YAML."""

import pytest
from pydantic import ValidationError

from ml.limits import Serving


def test_a_pipeline_that_says_nothing_has_limits():
    assert Serving().rows == 10_000
    assert Serving().key == "required"


@pytest.mark.parametrize("odd", [{"rows": 0}, {"body": 1}, {"queue": 0}, {"rate": 0}, {"timeout": 0}, {"key": "no"}])
def test_a_limit_that_lets_nothing_through_is_refused(odd):
    with pytest.raises(ValidationError):
        Serving(**odd)
