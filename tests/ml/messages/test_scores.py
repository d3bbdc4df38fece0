"""The figures of an evaluation."""

from ml.messages.scores import roles, scores, weak_slices


def test_the_metric_that_counts_comes_first_and_is_told_apart(evaluation):
    table = scores(evaluation)
    assert table.header == ("metric", "challenger", "champion (v11)", "baseline")
    assert table.rows[0].cells == ("log_loss (lower is better)", "0.4931", "0.4967", "0.5211")
    assert [row.tone for row in table.rows] == ["quiet", None]


def test_a_figure_that_is_no_number_says_so(evaluation):
    assert scores(evaluation).rows[1].cells[-1] == "nan"


def test_a_role_that_is_missing_has_no_column_and_a_metric_that_is_missing_a_dash(evaluation):
    challenger, champion, _ = evaluation.scores
    few = evaluation.model_copy(
        update={"scores": (challenger, champion.model_copy(update={"metrics": {"log_loss": 1.0}}))}
    )
    assert scores(few).header == ("metric", "challenger", "champion (v11)")
    assert scores(few).rows[1].cells == ("roc_auc (higher is better)", "0.7100", "-")


def test_large_figures_are_short(evaluation):
    large = evaluation.scores[0].model_copy(update={"metrics": {"rmse": 123456.789}})
    assert scores(evaluation.model_copy(update={"scores": (large,)})).rows[0].cells[1] == "1.2346e+05"


def test_the_slices_that_got_worse_are_listed_the_worst_first(evaluation):
    table = weak_slices(evaluation)
    assert [row.cells[0].partition(" = ")[2][:4] for row in table.rows] == ["UA", "</sc"]
    assert table.header == ("slice", "rows", "challenger", "champion")


def test_without_a_champion_slices_are_held_against_the_baseline(evaluation):
    assert weak_slices(evaluation.model_copy(update={"champion_version": None})) is None


def test_slices_that_all_got_better_are_not_listed(evaluation):
    assert weak_slices(evaluation.model_copy(update={"slices": evaluation.slices[:2]})) is None


def test_who_was_compared_is_said(evaluation):
    assert roles(evaluation).rows[1].cells == ("champion (v11)", "how the champion was made")
