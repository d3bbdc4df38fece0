"""What Evidently is taught: the words of each method stay, and a score that was counted is taken as it is."""

import pytest

from ml.drift.methods import METHODS
from ml.drift.stattests import counted, taught


@pytest.mark.integration
@pytest.mark.parametrize("method", METHODS)
def test_a_counted_method_has_the_name_on_the_page_that_evidently_gives_it(method) -> None:
    from evidently.legacy.calculations.stattests import get_stattest

    kind = METHODS[method].kinds[0][:3]
    with counted({"x": 0.3}):
        assert taught("y", method) == method
        own, ours = (get_stattest(None, None, kind, name) for name in (method, taught("x", method)))
    assert ours.name != own.name
    assert ours.display_name == own.display_name


@pytest.mark.integration
def test_inside_another_report_the_scores_are_its_own() -> None:
    with counted({"x": 0.1}):
        with counted({}):
            assert taught("x", "ks") == "ks"
        assert taught("x", "ks") == "ks, counted"
