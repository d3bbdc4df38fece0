"""The figures of an evaluation."""

from ml.messages.scores import comparisons, roles, scores, weak_slices
from ml.records import Comparison, Looks


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


def beside(**changes):
    told = {"role": "champion", "how": "as served", "metric": "log_loss", "worse_by": -0.0014, "version": 3}
    sure = {"interval": (-0.0104, 0.0076), "level": 0.95, "blocks": 7, "block_days": 1, "rows": 6000}
    return Comparison(**{**told, **sure, **changes})


def test_a_comparison_says_in_words_who_is_better_and_how_sure_that_is(evaluation):
    (table,) = comparisons(evaluation.model_copy(update={"comparisons": (beside(),)}))
    assert table.title == "Beside the others, by log_loss"
    (row,) = table.rows
    assert row.cells == (
        *("champion (v3)", "as served", "better by 0.0014"),
        *("better by 0.01 to worse by 0.0076 (95 %)", "7 days"),
    )


def test_what_many_nights_say_together_stands_beneath(evaluation):
    looks = Looks(
        worse_by=-0.001, interval=(-0.003, 0.0012), level=0.975, blocks=12, block_days=7, nights=78, question=1,
        first=evaluation.first, last=evaluation.last,
    )  # fmt: skip
    (table,) = comparisons(evaluation.model_copy(update={"comparisons": (beside(looks=looks),)}))
    _, together = table.rows
    assert together.cells[3:] == ("better by 0.003 to worse by 0.0012 (97.5 %)", "12 blocks of 7 days of 78 nights")


def test_days_that_are_too_few_are_called_so(evaluation):
    (table,) = comparisons(evaluation.model_copy(update={"comparisons": (beside(interval=None, blocks=2),)}))
    assert table.rows[0].cells[3] == "too few days"


def test_the_metric_that_counts_is_compared_first_and_none_is_no_table(evaluation):
    both = (beside(metric="roc_auc"), beside())
    tables = comparisons(evaluation.model_copy(update={"comparisons": both}))
    assert [table.title.split()[-1] for table in tables] == ["log_loss", "roc_auc"]
    assert list(comparisons(evaluation)) == []
