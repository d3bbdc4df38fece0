"""The lines of a segment: a bundle of predictions each, or a single one, as JSON.

A process that was killed while it wrote leaves a last line without its end; nobody was answered yet for what is in it.
"""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ml.errors import DataError
from ml.predictions.bundle import Bundle
from ml.records import Prediction

_BUNDLE = b'{"ids":'


def encode(said: Sequence[Prediction | Bundle]) -> bytes:
    """A line for each. NaN and infinity among features become null, a text's half characters U+FFFD."""
    return b"".join([_line(one.__dict__) for one in said])


def decode(path: Path) -> Iterator[Prediction]:
    """The predictions of a segment, without what a killed process left half written at its end.

    Raises
    ------
    DataError
        A whole line is no prediction; raised after all others were given. The sentence names file and first such line.
    """
    data = path.read_bytes()
    whole, _, torn = data.rpartition(b"\n")
    if torn:
        logging.getLogger(__name__).warning("%s ends in %s bytes of an unfinished line; passed over", path, len(torn))
    damage: DataError | None = None
    for number, line in enumerate(whole.split(b"\n") if whole else (), start=1):
        try:
            yield from _said(line)
        except ValidationError as error:
            said = error.errors()[0]["msg"]
            damage = damage or DataError(
                f"line {number} of {path} is no prediction ({said}): it was changed or damaged"
            )
    if damage is not None:
        raise damage


def _said(line: bytes) -> list[Prediction]:
    if line.startswith(_BUNDLE):
        return Bundle.model_validate_json(line).predictions()
    return [Prediction.model_validate_json(line)]


def _line(values: dict[str, Any]) -> bytes:
    import orjson

    try:
        return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY)
    except orjson.JSONEncodeError:  # half a surrogate pair, or a whole number of more than 64 bits
        return _slowly(values)


def _slowly(values: dict[str, Any]) -> bytes:
    from pydantic_core import to_json

    from ml.ledger.types import storable

    return to_json(storable(values), inf_nan_mode="null") + b"\n"
