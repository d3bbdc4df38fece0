"""The definitions that a model was fitted with: they stay with it, whatever the YAML says later.

In a model's folder they lie as JSON beside its file, by the name of the feature.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ml.features.plan import Aggregate

FILE = "past.json"
Definitions = Mapping[str, Aggregate]


def as_text(past: Definitions) -> str:
    """The definitions as JSON, in full: a default may be another one day."""
    said = {name: aggregate.model_dump(mode="json") for name, aggregate in past.items()}
    return json.dumps(said, separators=(",", ":"))


def of_text(text: str) -> Definitions:
    """What ``as_text`` wrote."""
    return {name: Aggregate.model_validate(said) for name, said in json.loads(text).items()}


def write(folder: Path, past: Definitions) -> None:
    """Keep the definitions in a model's folder."""
    (folder / FILE).write_text(as_text(past))


def read(folder: Path) -> Definitions | None:
    """The definitions of a model's folder; None for a model that was saved without."""
    path = folder / FILE
    return of_text(path.read_text()) if path.is_file() else None
