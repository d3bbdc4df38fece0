"""The YAML files of a folder, one pipeline each."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from ml.config import complaints, document, expressions
from ml.config.consistency import contradictions
from ml.config.pipeline import PipelineConfig
from ml.config.schema import json_schema
from ml.errors import ConfigError


def load_pipeline(path: Path, deep: bool = False) -> PipelineConfig:
    """The pipeline that a YAML file describes.

    ``deep`` also looks at what only polars can tell, the contracts' expressions and patterns: half a second more.

    Raises
    ------
    ConfigError
        With one line for each wrong place: file, path of the field, what is wrong, and the nearest right name.
    """
    read = document.read(path)
    try:
        pipeline = PipelineConfig.model_validate(read.content)
    except ValidationError as error:
        raise ConfigError("\n".join(complaints.sentences(read, error.errors(), json_schema()))) from error
    wrong = [*contradictions(pipeline), *(expressions.faults(pipeline) if deep else ())]
    if pipeline.name != path.stem:
        wrong.insert(0, (("name",), f"{pipeline.name!r} should be the name of the file, {path.stem!r}"))
    if wrong:
        raise ConfigError("\n".join(complaints.line(read, place, what) for place, what in wrong))
    return pipeline


def load_pipelines(directory: Path, deep: bool = False) -> dict[str, PipelineConfig]:
    """The pipelines of all ``*.yaml`` in ``directory``, by name, in the order of their names; see ``load_pipeline``.

    Raises
    ------
    ConfigError
        With every wrong place of every file, one line each.
    """
    found: dict[str, PipelineConfig] = {}
    wrong: list[str] = []
    for path in _files(directory):
        try:
            found[path.stem] = load_pipeline(path, deep)
        except ConfigError as error:
            wrong.append(str(error))
    if wrong:
        raise ConfigError("\n".join(wrong))
    return found


def find_pipeline(directory: Path, name: str, deep: bool = False) -> PipelineConfig:
    """The pipeline called ``name`` in ``directory``; the other files are not read. See ``load_pipeline``.

    Raises
    ------
    ConfigError
        There is no such pipeline (the sentence has the nearest name and the list), or its file is wrong.
    """
    files = {path.stem: path for path in _files(directory)}
    if name in files:
        return load_pipeline(files[name], deep)
    known = ", ".join(files) or "none"
    raise ConfigError(f"no pipeline {name!r} in {directory}{complaints.nearest(name, files)} (known: {known})")


def _files(directory: Path) -> Iterable[Path]:
    try:
        paths = sorted(directory.iterdir())
    except OSError as error:
        raise ConfigError(f"{directory}: the pipelines' folder cannot be read: {error.strerror}") from error
    misnamed = [path.name for path in paths if path.suffix == ".yml"]
    if misnamed:
        raise ConfigError(f"{directory}: {', '.join(misnamed)}: a pipeline's file ends in .yaml")
    return [path for path in paths if path.suffix == ".yaml" and not path.name.startswith(".")]
