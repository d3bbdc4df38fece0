import pytest

from ml.config import load_pipeline
from ml.errors import ConfigError


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[weight, town]", "[weight, late]", "model.features[1]: 'late' is the label; a model that is shown its label"),
        (
            "event_time: at",
            "event_time: att",
            "source.event_time: 'att' is not among the contract's columns; did you mean 'at'",
        ),
        (
            "retrain:",
            "serving: {candidate: {kind: canary, wait: 2d}}\nretrain:",
            "serving.candidate.wait: 2d are longer than the 1d of retrain.every: the next version would",
        ),
        (
            "retrain:",
            "serving: {candidate: {kind: canary, key: [twon]}}\nretrain:",
            "serving.candidate.key[0]: 'twon' is not among the source's key or the model's features, which a request",
        ),
        (
            "key: [parcel]",
            "key: [parcl]",
            "source.key[0]: 'parcl' is not among the contract's columns; did you mean 'parcel'",
        ),
        (
            "unique: [parcel]",
            "unique: [at, x]",
            "contract.unique[1]: 'x' is not among the contract's columns (line 14)",
        ),
        ("slices: [town]", "slices: [twon]", "evaluation.slices[0]: 'twon' is not among the contract's columns or the"),
        (
            "town: {method",
            "twon: {method",
            "drift.columns.twon: 'twon' is not among the contract's columns or the model's",
        ),
        (
            "town: {type: string}",
            "town: {type: float}",
            "jensenshannon compares categorical columns; the contract says that",
        ),
        (
            "weight: {type: float}",
            "weight: {type: string}",
            "drift.columns.weight: wasserstein compares numerical columns;",
        ),
        (
            "slices:",
            "metric: rmse, slices:",
            "evaluation.metric: 'rmse' is no metric of a classification (known: log_loss",
        ),
        ("slices:", "metric: logloss, slices:", "no metric of a classification; did you mean 'log_loss'?"),
        (
            "  label: late",
            "  task: regression\n  label: late",
            "gates[0].metric: 'log_loss' is no metric of a regression",
        ),
    ],
)
def test_sections_that_contradict_each_other_are_a_sentence(pipelines, old, new, sentence) -> None:
    path = pipelines.write(old, new)
    with pytest.raises(ConfigError) as refused:
        load_pipeline(path)
    assert f"{path}: " in str(refused.value)
    assert sentence in str(refused.value)


DETECTORS = """false_alarms: 1 per 90 days
  detectors:
    - {kind: frozen, by: town, columns: [weight]}
    - {kind: relation, columns: [weight], by: [late]}
  columns:
    weight: {method"""


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("", "", None),
        ("by: town", "by: twon", "drift.detectors[0].by: 'twon' is not among the contract's columns or the model's"),
        ("columns: [weight]}", "columns: [wieght]}", "drift.detectors[0].columns[0]: 'wieght' is not among"),
        ("by: [late]", "by: [lat]", "drift.detectors[1].by[0]: 'lat' is not among"),
        (
            "columns: [weight]}",
            "columns: [town]}",
            "'town' tells the places apart; it cannot be what is measured there",
        ),
    ],
)
def test_detectors_that_can_never_see_anything_are_a_sentence(pipelines, old, new, sentence) -> None:
    path = pipelines.write("columns:\n    weight: {method", DETECTORS)
    path.write_text(path.read_text().replace(old, new, 1))
    if sentence is None:
        assert load_pipeline(path).drift.detectors
        return
    with pytest.raises(ConfigError) as refused:
        load_pipeline(path)
    assert sentence in str(refused.value)


UPSTREAM = """
upstream:
  weather:
    source: {kind: files, path: w.csv, event_time: hour, key: [place]}
    joined_on: {place: town, hour: at}
    contract: {columns: {place: {type: string}, hour: {type: datetime}}}
contract:"""


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("", "", None),
        (
            "event_time: hour",
            "event_time: huor",
            "upstream.weather.source.event_time: 'huor' is not among the contract",
        ),
        ("key: [place]", "key: [x]", "upstream.weather.source.key[0]: 'x' is not among the contract's columns"),
        ("key: [place]", "key: [place], history: 7d", "upstream.weather.source.history: is the pipeline's own"),
        (
            "{place: town",
            "{plaze: town",
            "upstream.weather.joined_on.plaze: 'plaze' is not among the columns of weather's",
        ),
        ("{place: town", "{place: towm", "joined_on.place: 'towm' is not among the columns of the pipeline's contract"),
        (
            "hour: at",
            "hour: late",
            "joined_on.hour: hour is datetime and late is int; rows can only be joined on equal",
        ),
        ("  weather:", "  parcels:", "upstream.parcels: is the name of the pipeline itself"),
        ("{columns", "{series: {time: x}, columns", "upstream.weather.contract.series.time: 'x' is not among"),
        ("{columns", "{series: {time: hour, by: [y]}, columns", "upstream.weather.contract.series.by[0]: 'y' is not"),
        ("contract:\n", "contract:\n  leak: {label: lat}\n", "contract.leak.label: 'lat' is not among"),
        (
            "contract:\n",
            "contract:\n  joins: {planes: {column: z}}\n",
            "contract.joins.planes.column: 'z' is not among",
        ),
        (
            "\ncontract:\n",
            "\ncontract:\n  joins: {p: {column: at, key: z}}\n",
            "contract.joins.p.key: 'z' is not among",
        ),
        (
            "contract:\n",
            "contract:\n  checks: [{expr: a, table: wether}]\n",
            "contract.checks[0].table: 'wether' is not",
        ),
    ],
)
def test_upstream_tables_that_do_not_meet_the_pipeline_are_a_sentence(pipelines, old, new, sentence) -> None:
    path = pipelines.write("\ncontract:", UPSTREAM)
    path.write_text(path.read_text().replace(old, new, 1))
    if sentence is None:
        assert load_pipeline(path).upstream["weather"].unjoined == 0.2
        return
    with pytest.raises(ConfigError) as refused:
        load_pipeline(path)
    assert sentence in str(refused.value)


def test_a_column_of_an_unknown_table_is_a_sentence(pipelines) -> None:
    path = pipelines.write("weight: {type: float}", "weight: {type: float, table: wether}")
    with pytest.raises(ConfigError, match=r"contract\.columns\.weight\.table: 'wether' is not among the tables"):
        load_pipeline(path)


def test_a_feature_that_the_contract_does_not_name_may_be_watched_for_drift(pipelines) -> None:
    path = pipelines.write("    town: {type: string}\n", "")
    assert load_pipeline(path).drift.columns["town"].method == "jensenshannon"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("by: [twon]", "features.past.rate.by[0]: 'twon' is not among the contract's columns; did you mean 'town'?"),
        ("by: [weight]", "features.past.rate.by[0]: weight is float; a key is made of string, int and bool"),
        ("known_after: landed", "features.past.rate.known_after: 'landed' is not among the contract's columns"),
        ("known_after: town", "features.past.rate.known_after: town is string; the moment of knowing is a datetime"),
        ("over: 53w", "features.past.rate.over: looks 8904 hours back, and the first pull brings 364 days"),
        ("over: 3m", "features.past.rate.over: '3m' is not a span of hours; write for example 6h, 1d or 4w"),
    ],
)
def test_an_aggregate_over_columns_that_nobody_has_is_a_sentence(pipelines, wrong, sentence) -> None:
    asked = {"by": "[town]", "of": "late", "over": "3d", "known_after": "1d"} | dict([wrong.split(": ", 1)])
    written = ", ".join(f"{key}: {value}" for key, value in asked.items())
    path = pipelines.write("drift:", f"features:\n  past:\n    rate: {{{written}}}\ndrift:")
    with pytest.raises(ConfigError) as refused:
        load_pipeline(path)
    assert sentence in str(refused.value)


def test_an_aggregate_is_no_column_of_the_rows_that_a_drift_check_looks_at(pipelines) -> None:
    path = pipelines.write(
        "drift:", "features:\n  past:\n    town: {by: [town], of: late, over: 3d, known_after: 1d}\ndrift:"
    )
    with pytest.raises(ConfigError, match="'town' is a column of the contract already; an aggregate needs a name of"):
        load_pipeline(path)
