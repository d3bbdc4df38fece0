"""Golden requests: a few rows with the answers that a model gave where it was fitted, kept in its folder.

Whoever loads the model asks them again before it serves. Rows are plain JSON, as a caller would send them.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml import training
from ml.metrics import Task

if TYPE_CHECKING:
    import pandas as pd

FILE, ROWS = "golden.json", 16
# as the gate `compatible` has it: float64 sums in another order differ by far less, another model by far more
CLOSE = 1e-6

_AS_WRITTEN = {"datetime": datetime.fromisoformat}


@dataclass(frozen=True)
class Example:
    """A golden request: the value of each input as JSON has it, and the recorded answer."""

    row: Mapping[str, Any]
    answer: float


def task(estimator: Any) -> Task:
    """What a fitted estimator of ours is for: one that gives probabilities classifies."""
    return "classification" if hasattr(estimator, "predict_proba") else "regression"


def recorded(estimator: Any, probe: "pd.DataFrame", hidden: Collection[str] = ()) -> tuple[Example, ...]:
    """The golden requests of a fitted estimator, at most ROWS, spread evenly over the rows of ``probe``.

    What a ``hidden`` column holds of a row is told to nobody: all rows have its median, or its commonest value.
    """
    some = probe.iloc[:: max(1, -(-len(probe) // ROWS))]
    some = some.assign(**{name: _typical(probe[name], len(some)) for name in hidden if name in probe})
    answers = training.predict(task(estimator), estimator, some).tolist()
    rows = [{str(name): _plain(value) for name, value in row.items()} for row in some.to_dict("records")]
    asked = (Example(row, answer) for row, answer in zip(rows, answers, strict=True))
    return tuple(example for example in asked if _is_json(example))


def _typical(column: "pd.Series[Any]", rows: int) -> Any:
    """A column of so many rows, each with the same value that stands for all of ``column``."""
    import pandas as pd
    from pandas.api.types import is_any_real_numeric_dtype, is_datetime64_any_dtype

    ordered = is_any_real_numeric_dtype(column.dtype) or is_datetime64_any_dtype(column.dtype)
    values = column.dropna().sort_values() if ordered else column.mode()
    middle = values.iloc[len(values) // 2 if ordered else 0] if len(values) else None
    return pd.Series([middle] * rows, dtype=column.dtype).array


def _is_json(example: Example) -> bool:
    """Whether all its numbers are finite: JSON knows no others."""
    return all(math.isfinite(n) for n in (*example.row.values(), example.answer) if isinstance(n, float))


def _plain(value: Any) -> Any:
    """A cell as JSON has it: missing is null, a moment its ISO text."""
    import pandas as pd

    if pd.isna(value):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def write(folder: Path, examples: Sequence[Example]) -> None:
    """Keep golden requests in a model's folder."""
    kept = [{"row": example.row, "answer": example.answer} for example in examples]
    (folder / FILE).write_text(json.dumps(kept, allow_nan=False))


def examples(folder: Path) -> tuple[Example, ...]:
    """The golden requests of a model's folder; none for a model that was saved without."""
    path = folder / FILE
    kept = json.loads(path.read_text()) if path.is_file() else []
    return tuple(Example(one["row"], float(one["answer"])) for one in kept)


def typed(inputs: Sequence[tuple[str, str]], row: Mapping[str, Any]) -> dict[str, Any]:
    """A golden row with moments where it has their texts."""
    return {name: _as(kind, row.get(name)) for name, kind in inputs}


def _as(kind: str, value: Any) -> Any:
    return value if value is None or kind not in _AS_WRITTEN else _AS_WRITTEN[kind](value)


def objection(answers: Sequence[float], examples: Sequence[Example]) -> str | None:
    """What speaks against the answers to golden requests, in a sentence; None when each is as it was recorded.

    An answer may be off by CLOSE, times the largest recorded answer where that is above 1.
    """
    scale = max([1.0, *(abs(example.answer) for example in examples)])
    off = [abs(answer - example.answer) for answer, example in zip(answers, examples, strict=True)]
    wrong = [gap for gap in off if not gap <= CLOSE * scale]
    if not wrong:
        return None
    odd = sum(not math.isfinite(answer) for answer in answers)
    far = f"{odd} of them not finite" if odd else f"by up to {max(wrong):.3g}"
    return (
        f"{len(wrong)} of {len(off)} golden requests are answered otherwise than when it was fitted, {far}; "
        f"at most {CLOSE * scale:.3g} is allowed"
    )
