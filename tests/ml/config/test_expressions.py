import pytest

from ml.config import load_pipeline
from ml.errors import ConfigError


def refused(path):
    with pytest.raises(ConfigError) as error:
        load_pipeline(path, deep=True)
    return str(error.value)


def test_an_expression_over_an_unknown_column_is_a_sentence_with_file_path_and_nearest_column(pipelines):
    path = pipelines.write("  unique:", "  checks:\n    - {expr: wieght > 0}\n  unique:")
    said = "contract.checks[0].expr: 'wieght' is not among the contract's columns; did you mean 'weight'? (line 15)"
    assert refused(path) == f"{path}: {said}"
    assert load_pipeline(path).contract.checks[0].expr == "wieght > 0"


def test_an_expression_that_cannot_be_parsed_is_a_sentence(pipelines):
    assert "'weight >' is not an expression: " in refused(
        pipelines.write("  unique:", "  checks: [{expr: weight >}]\n  unique:")
    )


def test_a_pattern_that_polars_cannot_match_is_a_sentence(pipelines):
    said = refused(pipelines.write("town: {type: string}", 'town: {type: string, pattern: "(?=A).*"}'))
    assert "contract.columns.town.pattern: " in said


def test_a_good_file_is_right(pipelines):
    path = pipelines.write("  unique:", "  checks: [{expr: weight >= 0 OR town = 'Bonn'}]\n  unique:")
    assert load_pipeline(path, deep=True).name == "parcels"


def test_a_baselines_rule_over_an_unknown_column_is_a_sentence(pipelines):
    rule = "gates:\n  - {kind: beats_baseline, metric: log_loss, against: {kind: rule, expr: wieght > 20}}\n"
    said = refused(pipelines.write("gates:\n", rule))
    assert "gates[0].against.expr: 'wieght' is not among the rows' columns; did you mean 'weight'?" in said


def test_an_aggregate_of_what_is_no_number_is_a_sentence(pipelines):
    rate = "features:\n  past:\n    rate: {by: [town], of: town, over: 3d, known_after: 1d}\ndrift:"
    said = refused(pipelines.write("drift:", rate))
    assert "features.past.rate.of: 'town' gives String, not a number, or true or false" in said
