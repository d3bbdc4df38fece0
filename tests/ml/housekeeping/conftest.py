"""A pipeline with a past: three nights of ``tiny``, each with a new version in Production."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

NIGHTS = (date(2013, 6, 1), date(2013, 6, 2), date(2013, 6, 3))


@pytest.fixture
def past(nights):
    """A workspace as those nights left it; a test may remove what it likes."""
    return nights.after(len(NIGHTS))


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
        soon = "worth: {stale: 1d}\n"  # versions must be kept until they are weighed
        (folder / "tiny.yaml").write_text(f"{yaml}{soon}retention:\n{lines}")
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
