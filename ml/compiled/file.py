"""A compiled model as a file of arrays, so that who answers requests need not open an estimator.

To open an estimator makes two hundred thousand objects, and whoever does so keeps Python's lock from all others; arrays
are read in a few milliseconds. The process that tried a version writes the file beside its copy, after it saw that
the compiled model gives what the estimator gives, bit for bit. The file holds numbers and names, nothing that runs: of
code it can name functions of plain arrays under ``ml.pipelines`` alone.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from ml.compiled.encoding import Encoder, Function, Numbers, Part, Table
from ml.compiled.forest import CannotCompile, Forest
from ml.compiled.predictor import Predictor
from ml.errors import TrainingError

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

FILE = "compiled.npz"
FORM = 1
_PLAIN = {"numbers": Numbers, "function": Function}


def write(path: Path, predictor: Predictor) -> bool:
    """Keep a compiled model; whether it could be: one that asks a part of its estimator as it is cannot."""
    import numpy

    if predictor.forest is None or predictor.encode is None:
        return False
    parts = [_told(part) for part in predictor.encode.parts]
    if None in parts:
        return False
    forest = predictor.forest
    trees = {"sizes": forest.sizes, "columns": forest.columns, "baseline": forest.baseline, "link": forest.link}
    about = {"made_with": _made_with(), "task": predictor.task, "inputs": list(predictor.kinds.items())}
    text = json.dumps(about | {"parts": parts, "trees": trees})
    numpy.savez(path, about=numpy.frombuffer(text.encode(), dtype="uint8"), nodes=forest.nodes)
    return True


def read(path: Path) -> Predictor | None:
    """The model that was kept; None when there is none, or when other libraries or another release made it.

    Raises
    ------
    TrainingError
        The file is damaged, or names a function that is not here.
    """
    import numpy

    if not path.is_file():
        return None
    try:
        with numpy.load(BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            about, nodes = json.loads(kept["about"].tobytes()), kept["nodes"]
        return _predictor(about, nodes) if about["made_with"] == _made_with() else None
    except (CannotCompile, ValueError, LookupError, TypeError, OSError, EOFError, BadZipFile, zlib.error) as error:
        raise TrainingError(f"{path.name} of a copy cannot be used: {type(error).__name__}: {error}") from error


def _made_with() -> dict[str, Any]:
    """What must be the same for the numbers to mean the same."""
    import numpy
    import sklearn

    return {"form": FORM, "numpy": numpy.__version__, "scikit-learn": sklearn.__version__}


def _told(part: Part) -> dict[str, Any] | None:
    """A part as JSON has it; None when it cannot."""
    if isinstance(part, Function):
        return {"kind": "function", "names": part.names, "module": part.module, "function": part.function}
    if isinstance(part, Numbers):
        return {"kind": "numbers", "names": part.names}
    if isinstance(part, Table) and all(v is None or isinstance(v, str) for table in part.tables for v in table):
        tables = [list(table.items()) for table in part.tables]
        return {"kind": "table", "names": part.names, "tables": tables, "other": part.other}
    return None


def _part(told: Mapping[str, Any]) -> Part:
    names, rest = tuple(told["names"]), {k: v for k, v in told.items() if k not in ("kind", "names")}
    if told["kind"] == "table":
        return Table(names, [dict(map(tuple, table)) for table in rest["tables"]], rest["other"])
    return _PLAIN[told["kind"]](names, **rest)  # type: ignore[no-any-return]


def _predictor(about: Mapping[str, Any], nodes: Array) -> Predictor:
    trees = about["trees"]
    _sound(nodes, trees["sizes"], trees["columns"])
    forest = Forest.grown(nodes, trees["sizes"], trees["columns"], trees["baseline"], trees["link"])
    encode = Encoder(tuple(_part(told) for told in about["parts"]))
    return Predictor(None, about["task"], dict(about["inputs"]), encode, forest)


def _sound(nodes: Array, sizes: Sequence[int], columns: int) -> None:
    """Raise unless every walk through these trees ends, within them: they are walked without a look at any limit."""
    import numpy
    from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE

    if nodes.dtype != PREDICTOR_RECORD_DTYPE or sum(sizes) != len(nodes) or min(sizes) < 1:
        raise ValueError("its nodes are not those of its trees")
    inner = nodes["is_leaf"] == 0
    place = numpy.concatenate([numpy.arange(size) for size in sizes])[inner]
    end = numpy.repeat(sizes, sizes)[inner]
    left, right, column = (nodes[name][inner].astype("int64") for name in ("left", "right", "feature_idx"))
    down = (numpy.minimum(left, right) > place) & (numpy.maximum(left, right) < end)
    if not (down & (column >= 0) & (column < columns)).all():
        raise ValueError("a node points out of its tree")
