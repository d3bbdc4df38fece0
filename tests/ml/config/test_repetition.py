"""A name that stands twice is a sentence, and no traceback of some library in the night."""

import pytest

from ml.config import load_pipeline
from ml.errors import ConfigError

MORE = """
upstream:
  weather:
    source: {kind: files, path: w.csv, event_time: hour, key: [place]}
    joined_on: {place: town, hour: at}
    contract:
      unique: [place, hour]
      series: {by: [place], time: hour}
      columns: {place: {type: string}, hour: {type: datetime}}
contract:
  series: {by: [town], time: at}"""
DETECTORS = """false_alarms: 1 per 90 days
  detectors:
    - {kind: novel, columns: [town]}
    - {kind: relation, columns: [weight], by: [late]}
    - {kind: missing}
  columns:
    weight: {method"""


@pytest.fixture
def full(pipelines):
    """A pipeline in which every list of columns stands."""
    path = pipelines.write("\ncontract:", MORE)
    path.write_text(path.read_text().replace("columns:\n    weight: {method", DETECTORS, 1))
    return path


def test_each_once_is_right(full):
    assert len(load_pipeline(full).drift.detectors) == 3


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("features: [weight, town]", "features: [weight, weight]", "model.features[1]: 'weight'"),
        ("slices: [town]", "slices: [town, at, town]", "evaluation.slices[2]: 'town'"),
        ("key: [parcel]", "key: [parcel, parcel]", "source.key[1]: 'parcel'"),
        ("unique: [parcel]", "unique: [parcel, at, parcel]", "contract.unique[2]: 'parcel'"),
        ("unique: [parcel]", "unique: {value: [at, at], why: once}", "contract.unique.value[1]: 'at'"),
        ("{by: [town]", "{by: [town, town]", "contract.series.by[1]: 'town'"),
        ("key: [place]", "key: [place, place]", "upstream.weather.source.key[1]: 'place'"),
        ("unique: [place, hour]", "unique: [hour, hour]", "upstream.weather.contract.unique[1]: 'hour'"),
        ("{by: [place]", "{by: [place, place]", "upstream.weather.contract.series.by[1]: 'place'"),
        ("novel, columns: [town]", "novel, columns: [town, town]", "drift.detectors[0].columns[1]: 'town'"),
        ("by: [late]", "by: [late, late]", "drift.detectors[1].by[1]: 'late'"),
    ],
)
def test_a_column_that_stands_twice_is_a_sentence(full, old, new, place):
    assert old in full.read_text()
    full.write_text(full.read_text().replace(old, new, 1))
    with pytest.raises(ConfigError) as refused:
        load_pipeline(full)
    assert f"{place} stands here twice" in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "hour: at}",
            "hour: town}",
            "upstream.weather.joined_on.hour: 'town' meets place already; a row has one partner, by each column once",
        ),
        (
            "{kind: missing}",
            "{kind: novel}",
            "drift.detectors[2]: 'novel: town' is what drift.detectors[0] watches already; name it in one of them",
        ),
    ],
)
def test_what_would_quietly_take_the_place_of_another_is_a_sentence(full, old, new, sentence):
    full.write_text(full.read_text().replace(old, new, 1))
    with pytest.raises(ConfigError) as refused:
        load_pipeline(full)
    assert sentence in str(refused.value)
