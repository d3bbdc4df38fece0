"""A model as a file: skops only, with a fixed list of trusted types, and two digests that stay the same.

A pickle can run any code when it is opened. A skops file says which types it holds, and opens only if all of them are
trusted: those that skops knows, the ones named here, and whatever an owner wrote under ``ml.pipelines``.
"""

import hashlib
import importlib
import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from ml.errors import TrainingError

if TYPE_CHECKING:
    import pandas as pd

TRUSTED_TYPES = (
    "functools.partial",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.model_selection._split.KFold",
    "sklearn.model_selection._split.StratifiedKFold",
    "sklearn.model_selection._split.TimeSeriesSplit",
    "sklearn.utils.validation.check_array",
)
OWNERS = "ml.pipelines."


def untrusted(types: Iterable[str]) -> list[str]:
    """Those of the dotted type names that a model of ours must not hold."""
    return sorted(name for name in types if name not in TRUSTED_TYPES and not _is_owners(name))


def _is_owners(name: str) -> bool:
    """Whether an owner's module defines it: a name that such a module merely imported is somebody else's."""
    module, _, attribute = name.rpartition(".")
    if not module.startswith(OWNERS):
        return False
    found = getattr(importlib.import_module(module), attribute, None)
    return getattr(found, "__module__", None) == module


def types_in(estimator: Any) -> list[str]:
    """The types of a fitted estimator that skops does not know by itself; each of them is trusted by us.

    Raises
    ------
    TrainingError
        skops cannot write it, or it holds a lambda or a type that is not trusted.
    """
    from skops import io

    try:
        found: list[str] = io.get_untrusted_types(data=io.dumps(estimator))
    except Exception as error:
        raise TrainingError(
            f"the {type(estimator).__name__} cannot be written as a skops file: {type(error).__name__}: {error}"
        ) from error
    if strange := untrusted(found):
        raise TrainingError(
            f"the {type(estimator).__name__} holds {', '.join(strange)}, which is not trusted; "
            f"use types of scikit-learn, or functions and classes with a name under {OWNERS.rstrip('.')}"
        )
    return found


def load(folder: Path, place: str) -> Any:
    """The estimator of a model folder as MLflow writes it. ``place`` is what an error calls it.

    Raises
    ------
    TrainingError
        It is no skops file or a damaged one, a type in it is not trusted, or a module that it needs is gone.
    """
    from skops import io

    path = _skops_path(folder, place)
    try:
        found = io.get_untrusted_types(file=path)
        if strange := untrusted(found):
            raise TrainingError(f"the model {place} is refused: it holds {', '.join(strange)}, which is not trusted")
        return io.load(path, trusted=found)
    except (ImportError, AttributeError) as error:
        raise TrainingError(f"the model {place} needs code that is not here: {error}") from error
    except (BadZipFile, zlib.error) as error:
        raise TrainingError(f"the model {place} is refused: its file is damaged ({error})") from error


def inputs(folder: Path) -> tuple[tuple[str, str], ...]:
    """Names and types of the inputs as a model folder declares them; none where it declares nothing."""
    import yaml

    description = folder / "MLmodel"
    about = yaml.safe_load(description.read_text()) if description.is_file() else None
    declared = ((about or {}).get("signature") or {}).get("inputs")
    return tuple((str(one["name"]), str(one["type"])) for one in json.loads(declared or "[]"))


def _skops_path(folder: Path, place: str) -> Path:
    import yaml

    description = folder / "MLmodel"
    if not description.is_file():
        raise TrainingError(f"the model {place} is refused: it has no MLmodel file")
    flavor = (yaml.safe_load(description.read_text()) or {}).get("flavors", {}).get("sklearn", {})
    if flavor.get("serialization_format") != "skops":
        kind = flavor.get("serialization_format", "unknown")
        raise TrainingError(f"the model {place} is refused: its format is {kind}, and only skops is safe to open")
    path = folder / str(flavor["pickled_model"])
    if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise TrainingError(f"the model {place} is refused: {flavor['pickled_model']} is no file in its folder")
    return path


def digest(estimator: Any) -> str:
    """The sha256 of everything a fitted estimator holds: equal for equal fits, in any process.

    The bytes of a skops file never are, since addresses of memory stand in it; here they are left out, and every
    array counts by its content.
    """
    import io as streams

    from skops import io

    with ZipFile(streams.BytesIO(io.dumps(estimator))) as archive:
        contents = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
        schema = json.loads(archive.read("schema.json"))
    plain = json.dumps(_without_addresses(schema, contents), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def _without_addresses(node: Any, contents: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_without_addresses(item, contents) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: contents[value] if key == "file" and isinstance(value, str) else _without_addresses(value, contents)
        for key, value in node.items()
        if key != "__id__"
    }


def probe_digest(estimator: Any, probe: "pd.DataFrame") -> str:
    """The sha256 of the predictions on a few fixed rows: what a caller of the model would notice."""
    import numpy

    predict = getattr(estimator, "predict_proba", estimator.predict)
    return hashlib.sha256(numpy.asarray(predict(probe), dtype="float64").tobytes()).hexdigest()
