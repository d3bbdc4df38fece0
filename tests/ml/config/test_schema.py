import json
import subprocess
import sys

import pytest

from ml.config import json_schema, schema_text


def rejected(path, schema) -> bool:
    schema.write_text(schema_text())
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).returncode != 0


def sections(schema):
    return {"PipelineConfig": schema, **schema["$defs"]}


def test_the_schema_in_the_repository_is_current(repository) -> None:
    assert (repository / "config" / "schema.json").read_text() == schema_text(), "run `nightshift schema --write`"


def test_the_shipped_pipelines_are_valid_and_name_their_schema(repository, tmp_path) -> None:
    files = sorted((repository / "config" / "pipelines").glob("*.yaml"))
    assert files
    for file in files:
        assert file.read_text().startswith("# yaml-language-server: $schema=../schema.json\n")
        assert not rejected(file, tmp_path / "schema.json")


def test_a_good_pipeline_is_accepted(pipelines, tmp_path) -> None:
    assert not rejected(pipelines.write(), tmp_path / "schema.json")


@pytest.mark.parametrize(
    ("old", "new"), [("every", "evry"), ("kind: beats_champion", "metric: log_loss"), ("wasserstein", "waserstein")]
)
def test_what_the_loader_refuses_an_editor_underlines(pipelines, tmp_path, old, new) -> None:
    assert rejected(pipelines.write(old, new), tmp_path / "schema.json")


def test_every_section_is_described_in_plain_words() -> None:
    for name, section in sections(json_schema()).items():
        assert section.get("description"), name
        assert ">>>" not in section["description"], name
        assert "``" not in section["description"], name


def test_running_examples_of_docstrings_become_examples_of_yaml() -> None:
    example = {"kind": "beats_champion", "metric": "log_loss", "margin": 0.002}
    assert json_schema()["$defs"]["BeatsChampion"]["examples"] == [example]


def test_defaults_are_written_as_an_owner_writes_them() -> None:
    definitions = json_schema()["$defs"]
    assert definitions["EvidentlyDrift"]["properties"]["reference"]["default"] == "56d"
    assert definitions["Schedule"]["properties"]["at"]["default"] == "02:00"


def test_kind_must_be_written_where_it_tells_members_apart() -> None:
    assert "kind" in json_schema()["$defs"]["AtLeast"]["required"]


def test_the_schema_is_json() -> None:
    assert json.loads(schema_text()) == json_schema()
