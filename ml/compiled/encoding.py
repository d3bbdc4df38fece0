"""The transformers of a fitted pipeline, each as what it does to plain arrays.

A part of a ``ColumnTransformer`` that has no counterpart here is asked as it is, with a frame of its own columns alone.
An owner's function ``f(frame)`` has one when its module holds ``f_plain(columns)``: the same numbers from a list of
arrays, float64 with NaN, datetime64[us] with NaT, or objects with None.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from ml.compiled.forest import CannotCompile
from ml.model_file import OWNERS
from ml.rows import Rows, array

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]
    Columns = Mapping[str, Array]

PLAIN = "_plain"
_DTYPES = {"datetime": "datetime64[us]", "string": "object", "boolean": "object"}


def arrays(kinds: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> Columns:
    """The values of the rows, an array for each input; what a row lacks is missing."""
    make = rows.array if isinstance(rows, Rows) else partial(array, rows)
    return {name: make(name, _DTYPES.get(kind, "float64")) for name, kind in kinds.items()}


class Part(Protocol):
    """Some columns of the trees, made of some inputs."""

    def __call__(self, columns: Columns) -> Array: ...


@dataclass(frozen=True)
class Encoder:
    """All columns of the trees, a part after the other."""

    parts: tuple[Part, ...]

    def __call__(self, columns: Columns) -> Array:
        import numpy

        return numpy.column_stack([part(columns) for part in self.parts])


def encoder(transformer: Any, kinds: Mapping[str, str]) -> Encoder:
    """What a fitted ``ColumnTransformer`` does.

    Raises
    ------
    CannotCompile
        It is something else, or has a part that even a frame of its columns would not do.
    """
    from sklearn.compose import ColumnTransformer

    if not isinstance(transformer, ColumnTransformer):
        raise CannotCompile(f"a {type(transformer).__name__} stands before the trees")
    if transformer.transformer_weights:
        raise CannotCompile("the ColumnTransformer weighs its parts")
    return Encoder(tuple(_part(one, _names(columns, transformer), kinds) for _, one, columns in _parts(transformer)))


def _parts(transformer: Any) -> list[Any]:
    """The parts that give columns, in the order in which they do."""
    fitted = [part for part in transformer.transformers_ if part[1] != "drop"]
    return [part for part in fitted if len(part[2])]


def _names(columns: Any, transformer: Any) -> list[str]:
    known = list(transformer.feature_names_in_)
    return [known[column] if isinstance(column, int) else str(column) for column in columns]


def _part(transformer: Any, names: list[str], kinds: Mapping[str, str]) -> Part:
    from sklearn.pipeline import Pipeline

    steps = [step for _, step in transformer.steps] if isinstance(transformer, Pipeline) else [transformer]
    steps = [step for step in steps if not _passes(step)]
    texts = all(kinds[name] == "string" for name in names)
    if steps and _is_function(steps[0], "ml.pipelines.default", "as_texts") and texts:
        steps = steps[1:]  # what comes in is text already
    if len(steps) == 1 and texts and (table := _table(steps[0])):
        return Table(tuple(names), *table)
    if len(steps) == 1 and (plain := _plain(steps[0])):
        return Function(tuple(names), *plain)
    if not steps and all(kinds[name] not in ("string", "datetime") for name in names):
        return Numbers(tuple(names))
    return Asked(tuple(names), transformer)


def _passes(step: Any) -> bool:
    """Whether it does nothing: so a fitted ``ColumnTransformer`` writes what is passed through."""
    from sklearn.preprocessing import FunctionTransformer

    return step == "passthrough" if isinstance(step, str) else isinstance(step, FunctionTransformer) and not step.func


def _is_function(step: Any, module: str, name: str) -> bool:
    found = getattr(step, "func", None)
    return getattr(found, "__module__", None) == module and getattr(found, "__name__", None) == name


def _plain(step: Any) -> tuple[str, str] | None:
    """The counterpart of an owner's function, if its module holds one and the function is given nothing else."""
    from sklearn.preprocessing import FunctionTransformer

    if not isinstance(step, FunctionTransformer) or step.func is None or step.kw_args:
        return None
    module, name = step.func.__module__, f"{step.func.__name__}{PLAIN}"
    there = module.startswith(OWNERS) and callable(getattr(sys.modules.get(module), name, None))
    return (module, name) if there else None


def _table(step: Any) -> tuple[list[dict[Any, float]], float] | None:
    """What an encoder makes of each known value of each column, and of all others.

    To scikit-learn None is a value like any other; NaN, which it has a code for, never is in a request.
    """
    from sklearn.preprocessing import OrdinalEncoder, TargetEncoder

    if type(step) is OrdinalEncoder and step.handle_unknown == "use_encoded_value" and not step._infrequent_enabled:
        known = [{v: float(n) for n, v in enumerate(values) if v == v} for values in step.categories_]
        return known, float(step.unknown_value)
    if type(step) is TargetEncoder and step.target_type_ in ("binary", "continuous"):
        pairs = zip(step.categories_, step.encodings_, strict=True)
        known = [{v: float(c) for v, c in zip(values, codes, strict=True) if v == v} for values, codes in pairs]
        return known, float(step.target_mean_)
    return None


@dataclass(frozen=True)
class Table:
    """A code for each known value of each text column, and one for all ``other`` values."""

    names: tuple[str, ...]
    tables: list[dict[Any, float]]
    other: float

    @cached_property
    def _looks(self) -> list[tuple[str, Callable[[Any, float], float]]]:
        return [(name, table.get) for name, table in zip(self.names, self.tables, strict=True)]

    def __call__(self, columns: Columns) -> Array:
        import numpy

        other = self.other
        codes = [[get(value, other) for value in columns[name]] for name, get in self._looks]
        return numpy.array(codes, dtype="float64").T


@dataclass(frozen=True)
class Function:
    """An owner's function of plain arrays, by its name.

    Raises
    ------
    CannotCompile
        It is not an owner's, or is gone.
    """

    names: tuple[str, ...]
    module: str
    function: str

    def __post_init__(self) -> None:
        if not (self.module.startswith(OWNERS) and self.function.endswith(PLAIN)):
            raise CannotCompile(f"{self.module}.{self.function} is no function of plain arrays under {OWNERS[:-1]}")
        self._called  # noqa: B018  whoever makes it learns now that it is gone

    @cached_property
    def _called(self) -> Callable[[list[Array]], Array]:
        try:
            found: Callable[[list[Array]], Array] = getattr(import_module(self.module), self.function)
        except (ImportError, AttributeError) as error:
            raise CannotCompile(f"{self.module}.{self.function} is gone") from error
        return found

    def __call__(self, columns: Columns) -> Array:
        return self._called([columns[name] for name in self.names])


@dataclass(frozen=True)
class Numbers:
    """Columns as they are."""

    names: tuple[str, ...]

    def __call__(self, columns: Columns) -> Array:
        import numpy

        return numpy.column_stack([columns[name] for name in self.names]).astype("float64")


@dataclass(frozen=True)
class Asked:
    """A transformer as it is, asked with a frame of its own columns."""

    names: tuple[str, ...]
    transformer: Any

    def __call__(self, columns: Columns) -> Array:
        import numpy

        found = self.transformer.transform(frame({name: columns[name] for name in self.names}))
        return numpy.asarray(found.toarray() if hasattr(found, "toarray") else found, dtype="float64")


def frame(columns: Columns) -> Any:
    """The arrays as the frame that an estimator takes, as ``ml.golden.frame`` would have it."""
    import pandas as pd

    typed = {n: a.astype("datetime64[ns]") if a.dtype.kind == "M" else a for n, a in columns.items()}
    return pd.DataFrame({name: pd.Series(values, dtype=values.dtype) for name, values in typed.items()})
