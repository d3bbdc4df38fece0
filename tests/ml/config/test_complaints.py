import pytest

from ml.config import load_pipeline
from ml.config.complaints import dotted
from ml.errors import ConfigError


def complaints(path) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        load_pipeline(path)
    return [line.removeprefix(f"{path}: ") for line in str(refused.value).splitlines()]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("every: 1d", "evry: 1d", "retrain.evry: not a known key; did you mean 'every'? (line 20)"),
        (
            "every: 1d",
            "often: 1d",
            "retrain.often: not a known key (known: every, on_drift, min_new_rows, new_labels, performance_drop) "
            "(line 20)",
        ),
        (
            "every: 1d",
            "every: daily",
            "retrain.every: 'daily' is not a span of days; write for example 7d or 8w (line 20)",
        ),
        ("every: 1d", "every: 0d", "retrain.every: should be greater than or equal to 1, not '0d' (line 20)"),
        ("retrain:", "label_delay: 3d\nretrain:", "label_delay: not a known key; it belongs in 'source' (line 20)"),
        ("type: float", "typ: float", "contract.columns.weight.type: is missing (line 11)"),
        ("type: float", "type: real", "is not one of string, float, int, bool, datetime"),
        ("  event_time: at\n", "", "source.event_time: is missing (line 2)"),
        ("  key: [parcel]\n", "  key: parcel\n", "source.key: should be a list, not 'parcel' (line 6)"),
        (
            "kind: files",
            "kind: file",
            "source.kind: 'file' is not a known kind; did you mean 'files'? (known: sql, files)",
        ),
        ("  kind: files\n", "", "source.kind: is missing (known: files, sql) (line 2)"),
        ("method: wasserstein", "method: waserstein", "did you mean 'wasserstein'? (known: wasserstein, ed,"),
        ("threshold: 0.1", "threshold: high", "drift.columns.weight.threshold: should be a valid number"),
        ("method: wasserstein, threshold: 0.1", "method: ks, threshold: 2", "drift.columns.weight: 2 is never reached"),
        (
            "kind: beats_champion",
            "kind: beats_champ",
            "gates[0].kind: 'beats_champ' is not a known kind; did you mean 'beats_",
        ),
        (
            "kind: beats_champion",
            "kind: beats_champion, margn: 1",
            "gates[0].margn: not a known key; did you mean 'margin'?",
        ),
        ("kind: beats_champion", "kind: beats_champion, metric: logloss", "gates[0].metric: 'logloss' is not one of"),
        ("  label: late\n", "  label:\n", "model.label: is empty (line 22)"),
        (
            "retrain: {every: 1d}",
            "retrain: often",
            "retrain: should be a mapping of keys to values, not 'often' (line 20)",
        ),
        ("retrain: {every: 1d}", "retrain:", "retrain: is empty (line 20)"),
        ("name: parcels", "name: Parcels!", "name: should match pattern"),
        ("retrain:", "schedule: {at: 1230}\nretrain:", "schedule.at: 1230 is not a time; write it as HH:MM"),
        ("retrain:", "schedule: {timezone: Mars}\nretrain:", "schedule.timezone: 'Mars' is not a timezone"),
        ("  label: late", "  estimator: build\n  label: late", "model.estimator: should match pattern"),
    ],
)
def test_each_wrong_place_is_a_sentence(pipelines, old, new, sentence) -> None:
    assert sentence in "\n".join(complaints(pipelines.write(old, new)))


def test_all_wrong_places_are_listed_in_the_order_of_the_file(pipelines) -> None:
    path = pipelines.write("type: float}", "type: real}")
    path.write_text(path.read_text().replace("every", "evry").replace("kind: beats_champion", "kind: x"))
    assert [line.split(":")[0] for line in complaints(path)] == [
        "contract.columns.weight.type",
        "retrain.evry",
        "gates[0].kind",
    ]


def test_a_complaint_starts_with_the_file(pipelines) -> None:
    path = pipelines.write("every", "evry")
    with pytest.raises(ConfigError) as refused:
        load_pipeline(path)
    assert str(refused.value) == f"{path}: retrain.evry: not a known key; did you mean 'every'? (line 20)"


def test_a_path_is_written_as_people_write_it() -> None:
    assert dotted(("gates", 0, "metric")) == "gates[0].metric"
    assert dotted(("alerts", 1, "to", 0)) == "alerts[1].to[0]"
