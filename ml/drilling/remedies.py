"""Which line of YAML would have caught a fault: computed from the clean days, then tried.

Every candidate is a ladder, from lenient to strict. The first rung that catches the fault is held against clean days
as well: what stops one of them is no remedy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from ml.config import PipelineConfig
    from ml.contract import Contract

Lines = dict[str, Any]
Wrap = Callable[[Lines], Lines]

_MOST_ALLOWED = 40
_MOST_CHECKS = 8
_HISTORY: Mapping[str, tuple[float, ...]] = {
    "values": (0.04, 0.03, 0.02, 0.01),
    "scale": (6, 5, 4, 3),
    "distinct": (0.6, 0.7, 0.8, 0.9),
    "nulls": (0.15, 0.1, 0.05, 0.02),
    "rows": (0.6, 0.7, 0.8, 0.9),
    "shares": (0.65, 0.75, 0.85),
}


@dataclass(frozen=True)
class Part:
    """One contract of a pipeline: that of its own rows, or of an upstream table; ``rows`` are clean rows of it.

    ``columns`` are those that were struck and that the rows have.
    """

    contract: Contract
    wrap: Wrap
    rows: pl.DataFrame
    columns: tuple[str, ...]


def ladders(
    pipeline: PipelineConfig, clean: Mapping[str, pl.DataFrame], columns: Sequence[str]
) -> Iterator[list[Lines]]:
    """Ladders of candidate lines for a fault that struck ``columns``; the likeliest remedies come first."""
    parts = list(_parts(pipeline, clean, columns))
    for part in parts:
        for column in part.columns:
            for ladder in _of_column(part, column):
                yield [part.wrap({"columns": {column: rung}}) for rung in ladder]
    for part in parts:
        yield from ([part.wrap({"checks": [{"expr": check}]})] for check in _checks(part))
    own = parts[0]
    if pipeline.contract.leak is None:
        yield [own.wrap({"leak": {"label": pipeline.model.label}})]
    for part in parts:
        yield from ([part.wrap({"history": lines}) for lines in ladder] for ladder in _histories(part.contract))
    if not pipeline.contract.unique.value:
        yield [own.wrap({"unique": list(pipeline.source.key)})]
    yield [own.wrap({"freshness": hours}) for hours in (12, 9, 6, 4, 3, 2)]
    yield [own.wrap({"refused": share}) for share in (0.04, 0.03, 0.02, 0.01)]


def _histories(contract: Contract) -> Iterator[list[Lines]]:
    """History as it comes where there is none yet, else each of its rules, stricter."""
    if contract.history is None:
        yield [{}]
    else:
        yield from ([{key: rung} for rung in rungs] for key, rungs in _HISTORY.items())


def amended(pipeline: PipelineConfig, lines: Lines) -> PipelineConfig:
    """The pipeline with these lines in its YAML: keys are set, checks added.

    Raises
    ------
    pydantic.ValidationError
        The lines do not fit the contract.
    """
    document = pipeline.model_dump(by_alias=True, include={"contract", "upstream"})
    merged = _merged(document, lines)
    fields = {key: type(pipeline).model_fields[key] for key in lines}
    update = {key: _parsed(field.annotation, merged[key]) for key, field in fields.items()}
    return pipeline.model_copy(update=update)


def _parsed(annotation: Any, value: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(annotation).validate_python(value)


def _merged(document: Any, lines: Any) -> Any:
    if isinstance(document, Mapping) and isinstance(lines, Mapping):
        more = {"checks": [*document.get("checks", ()), *lines["checks"]]} if "checks" in lines else {}
        return {**document, **{key: _merged(document.get(key), value) for key, value in lines.items()}, **more}
    return lines


def _parts(pipeline: PipelineConfig, clean: Mapping[str, pl.DataFrame], columns: Sequence[str]) -> Iterator[Part]:
    """The own rows first, then the upstream tables that have a struck column."""
    own = clean[pipeline.name]
    yield Part(pipeline.contract, lambda lines: {"contract": lines}, own, _there(own, columns))
    for name, table in pipeline.upstream.items():
        there = _there(clean[name], columns)
        if there:
            wrap: Wrap = lambda lines, name=name: {"upstream": {name: {"contract": lines}}}  # type: ignore[misc] # noqa: E731
            yield Part(table.contract, wrap, clean[name], there)


def _there(rows: pl.DataFrame, columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(column for column in columns if column in rows.columns)


def _of_column(part: Part, column: str) -> Iterator[list[Lines]]:
    """Ladders for one column; each rung is what stands under its name."""
    values, rule = part.rows[column], part.contract.columns.get(column)
    typed = {} if rule else {"type": _type(values)}
    nulls = values.null_count() / max(1, len(values))
    if values.dtype.is_numeric():
        yield [typed | bounds for bounds in _bounds(values)]
    else:
        yield [typed | words for words in _words(values)]
    if part.contract.series and values.dtype.is_numeric():
        spread = _spread(values)
        yield [typed | {"spike": rounded(spread * times)} for times in (1, 0.5, 0.25, 0.1, 0.05) if spread]
        yield [typed | {"frozen": hours} for hours in (18, 12, 9, 6)]
    yield [typed | {"nulls": rounded(nulls + more)} for more in (0.3, 0.2, 0.1, 0.05) if nulls + more < 1]


def _type(values: pl.Series) -> str:
    if values.dtype.is_integer():
        return "int"
    return (
        "float"
        if values.dtype.is_float()
        else {"Boolean": "bool", "String": "string"}.get(str(values.dtype), "datetime")
    )


def _bounds(values: pl.Series) -> Iterator[Lines]:
    """Ranges that hold every clean value, the widest first."""
    known = values.drop_nulls().drop_nans() if values.dtype.is_float() else values.drop_nulls()
    if known.is_empty():
        return
    low, high = float(known.min()), float(known.max())  # type: ignore[arg-type]
    for margin in (1.0, 0.5, 0.1):
        room = margin * ((high - low) or abs(high) or 1.0)
        least = 0.0 if low >= 0 and low <= room else rounded(low - room, down=True)
        yield {"min": least, "max": rounded(high + room, down=False)}


def _words(values: pl.Series) -> Iterator[Lines]:
    """What every clean text is: one of few, or of a shape."""
    import polars as pl

    if values.dtype != pl.String:
        return
    known = values.drop_nulls().unique().sort().to_list()
    if known:
        yield {"pattern": _shape(known)}
    if 0 < len(known) <= _MOST_ALLOWED:
        yield {"allowed": known}


def _shape(texts: Sequence[str]) -> str:
    letters = {"A-Z": str.isupper, "a-z": str.islower, "0-9": str.isdigit}
    seen = {character for text in texts for character in text}
    classes = [name for name, belongs in letters.items() if any(belongs(c) and c.isascii() for c in seen)]
    others = sorted(c for c in seen if not (c.isascii() and c.isalnum()))
    escaped = "".join(f"\\{c}" if c in r"\]^-[" else c for c in others)
    sizes = [len(text) for text in texts]
    return f"^[{''.join(classes)}{escaped}]{{{min(sizes)},{max(sizes)}}}$"


def _checks(part: Part) -> Iterator[str]:
    """Order between a struck column and another of the same range, where every clean row keeps it."""
    import polars as pl

    numbers = [c for c in part.contract.columns if c in part.rows.columns and part.rows.schema[c].is_numeric()]
    pairs = [(c, o) for c in part.columns if c in numbers for o in numbers if o != c and _overlap(part.rows, c, o)]
    if not pairs:
        return
    said = [(pl.col(c) <= pl.col(o)).all().alias(f"{c} <= {o}") for c, o in pairs]
    said += [(pl.col(c) >= pl.col(o)).all().alias(f"{c} >= {o}") for c, o in pairs]
    holds = part.rows.select(said).row(0, named=True)
    near = sorted((check for check, always in holds.items() if always), key=lambda check: _apart(part.rows, check))
    yield from near[:_MOST_CHECKS]


def _overlap(rows: pl.DataFrame, one: str, other: str) -> bool:
    """Whether each has values within the range of the other; if not, a range says more than an order."""
    pairs = ((rows[one], rows[other]), (rows[other], rows[one]))
    return all(bool(these.is_between(those.min(), those.max()).any()) for these, those in pairs)


def _apart(rows: pl.DataFrame, check: str) -> float:
    """How far the two columns of a check lie apart, in spreads: the nearer, the more it says."""
    one, _, other = check.split()
    spread = _spread(rows[one]) or 1.0
    return abs(float(rows[one].median() or 0) - float(rows[other].median() or 0)) / spread  # type: ignore[arg-type]


def _spread(values: pl.Series) -> float:
    low, high = (values.cast(float).quantile(q) or 0.0 for q in (0.05, 0.95))
    return high - low


def rounded(value: float, down: bool | None = None) -> float:
    """A number as a person writes it: two digits, rounded outwards where ``down`` says which way.

    >>> rounded(0.23456), rounded(118.2, down=False), rounded(-31.2, down=True)
    (0.23, 120.0, -32.0)
    """
    if not value:
        return 0.0
    unit = 10.0 ** (floor(log10(abs(value))) - 1)
    steps = value / unit
    whole = round(steps) if down is None else floor(steps) if down else -floor(-steps)
    return float(f"{whole * unit:.6g}")
