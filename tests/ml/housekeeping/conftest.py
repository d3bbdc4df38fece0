"""A pipeline with a past: three nights of ``tiny``, each with a new version in Production."""

import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

NIGHTS = (date(2013, 6, 1), date(2013, 6, 2), date(2013, 6, 3))


@pytest.fixture(scope="session")
def three_nights(tmp_path_factory):
    """A folder with the workspace ``apart`` of those nights, and its copy ``whole``."""
    from ml import lines
    from ml.walker import InProcess
    from ml.workspace import Workspace
    from tests.tiny import write

    folder = tmp_path_factory.mktemp("three_nights")
    place = Workspace.apart(folder / "apart", write(folder / "tiny"))
    for day in NIGHTS:
        do = InProcess(place.run("tiny", day))
        lines.retrain(do, lines.nightly(do))
    shutil.copytree(folder / "apart", folder / "whole")
    return folder


@pytest.fixture
def past(three_nights):
    """That workspace as the nights left it; a test may remove what it likes. MLflow keeps absolute paths."""
    from ml.workspace import Workspace

    apart = three_nights / "apart"
    for whole in (three_nights / "whole").iterdir():
        if whole.is_dir():
            shutil.rmtree(apart / whole.name)
            shutil.copytree(whole, apart / whole.name)
        elif whole.suffix == ".db":
            with sqlite3.connect(whole) as kept, sqlite3.connect(apart / whole.name) as used:
                kept.backup(used)
    return Workspace.apart(apart, three_nights / "tiny" / "config")


@pytest.fixture
def later():
    """The moment so many days from now."""
    return lambda days: datetime.now(UTC) + timedelta(days=days)


@pytest.fixture
def keeping(tmp_path):
    """The workspace with a ``retention`` section in its YAML; the lake and all else stay where they are."""

    def of(place, **spans):
        folder = tmp_path / "keeping"
        folder.mkdir(exist_ok=True)
        lines = "".join(f"  {key}: {span}\n" for key, span in spans.items())
        yaml = Path(place.pipelines, "tiny.yaml").read_text()
        (folder / "tiny.yaml").write_text(f"{yaml}retention:\n{lines}")
        return replace(place, pipelines=folder)

    return of


@pytest.fixture
def never_promoted():
    """Registers one more version from the training of version 3, in a stage, and gives its number."""

    def of(place, stage="Staging", **tags):
        registry, old = place.registry, place.registry.version("tiny", 3)
        made = tags or {"nightshift.snapshot": old.tags["nightshift.snapshot"]}
        with registry._asking() as client:
            source = client.get_model_version("tiny", "3").source
            version = int(client.create_model_version("tiny", source, old.run_id, tags=made).version)
        if stage == "Staging":
            registry.stage("tiny", version)
        return version

    return of
