import pytest

from ml.occasions import Worse


@pytest.mark.parametrize("challenger", [0.51, 0.512])
def test_one_that_is_not_better_is_said_with_its_figures(challenger, case):
    assert Worse().reason(case(challenger=challenger)) == (
        f"it is not better than the champion, version 7: log_loss {challenger} against 0.51 "
        "on 900 held-out rows of 2013-01-31"
    )


def test_without_a_champion_nothing_is_worse(case):
    assert Worse().reason(case(champion=None)) is None


def test_a_score_that_is_no_number_is_not_better(case):
    assert "nan against 0.51" in Worse().reason(case(challenger=float("nan")))
