import pytest

from ml.config import find_pipeline, load_pipeline, load_pipelines
from ml.drift import EvidentlyDrift
from ml.errors import ConfigError


def test_parsing_gives_the_strategies_themselves(pipelines) -> None:
    pipeline = load_pipeline(pipelines.write())
    assert isinstance(pipeline.drift, EvidentlyDrift)
    assert (pipeline.name, pipeline.retrain.every, pipeline.gates[0].kind) == ("parcels", 1, "beats_champion")


def test_the_name_is_the_name_of_the_file(pipelines) -> None:
    path = pipelines.write(name="letters")
    with pytest.raises(ConfigError, match=r"letters\.yaml: name: 'parcels' should be the name of the file, 'letters'"):
        load_pipeline(path)


def test_all_pipelines_of_a_folder_are_loaded_by_name(pipelines) -> None:
    pipelines.write()
    pipelines.write("name: parcels", "name: letters", "letters")
    (pipelines.folder / "README.md").write_text("not a pipeline")
    assert list(load_pipelines(pipelines.folder)) == ["letters", "parcels"]


def test_the_wrong_places_of_all_files_are_listed(pipelines) -> None:
    pipelines.write("every", "evry")
    pipelines.write("name: parcels", "name: letters\nnme: x", "letters")
    with pytest.raises(ConfigError) as refused:
        load_pipelines(pipelines.folder)
    assert [line.split(": ")[1] for line in str(refused.value).splitlines()] == ["nme", "retrain.evry"]


def test_an_unknown_pipeline_is_told_the_nearest_and_all(pipelines) -> None:
    pipelines.write()
    with pytest.raises(ConfigError, match=r"no pipeline 'parcel' in .*; did you mean 'parcels'\? \(known: parcels\)"):
        find_pipeline(pipelines.folder, "parcel")


def test_a_wrong_neighbour_does_not_stop_a_pipeline(pipelines) -> None:
    pipelines.write()
    pipelines.write("every", "evry", "letters")
    assert find_pipeline(pipelines.folder, "parcels").name == "parcels"


@pytest.mark.parametrize("name", ["../parcels", "", ".", "parcels.yaml"])
def test_a_name_is_never_a_path(pipelines, name) -> None:
    pipelines.write()
    with pytest.raises(ConfigError, match="no pipeline"):
        find_pipeline(pipelines.folder, name)


def test_a_file_that_would_be_overlooked_is_refused(pipelines) -> None:
    (pipelines.folder / "parcels.yml").write_text("name: parcels")
    with pytest.raises(ConfigError, match=r"parcels\.yml: a pipeline's file ends in \.yaml"):
        load_pipelines(pipelines.folder)


def test_a_missing_folder_is_a_sentence(tmp_path) -> None:
    with pytest.raises(ConfigError, match="the pipelines' folder cannot be read: No such file"):
        load_pipelines(tmp_path / "nowhere")
