"""Bulk requests: the rows of an Arrow IPC stream, looked at before anything is unpacked."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ml.serving.refusals import Refused, shown

if TYPE_CHECKING:
    import pyarrow as pa

_DICTIONARY, _BATCH = 2, 3


def arrow_columns(body: bytes, limit: int) -> dict[str, list[Any]]:
    """The columns as plain values.

    Raises
    ------
    Refused
        It is no such stream, is compressed or nested, or holds more than ``limit`` rows.
    """
    import pyarrow as pa

    try:
        _look(body, limit)
        with pa.ipc.open_stream(body) as stream:
            _refuse_schema(stream.schema)
            table = pa.Table.from_batches(_batches(stream, limit), stream.schema)
            return {name: _plain(table[name]) for name in table.column_names}
    except (pa.ArrowException, ValueError, OSError, struct.error) as error:
        said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise Refused(400, f"the body is no Arrow IPC stream that can be read: {said}") from None


def too_many(rows: int, limit: int) -> Refused:
    """The refusal of a request with more rows than one may carry."""
    return Refused(413, f"the request holds {rows:,} rows, and {limit:,} are the limit; send them in parts")


def _batches(stream: Any, limit: int) -> Iterator[pa.RecordBatch]:
    seen = 0
    for batch in stream:
        seen += batch.num_rows
        if seen > limit:
            raise too_many(seen, limit)
        batch.validate(full=True)
        yield batch


def _plain(column: pa.ChunkedArray) -> list[Any]:
    import pyarrow as pa

    if column.type in (pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("us")):  # Arrow takes ten times as long
        moments: list[Any] = column.to_numpy().astype("datetime64[us]").tolist()
        return moments
    values: list[Any] = column.to_pylist()
    return values


def _refuse_schema(schema: pa.Schema) -> None:
    import pyarrow as pa

    names = schema.names
    if len(set(names)) < len(names):
        twice = next(name for n, name in enumerate(names) if name in names[:n])
        raise Refused(400, f"the field {shown(twice)} stands twice in one row; which value counts?")
    for one in schema:
        kind = one.type.value_type if pa.types.is_dictionary(one.type) else one.type
        text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
        if not (text or pa.types.is_primitive(kind) or pa.types.is_null(kind)):
            raise Refused(400, f"the field {shown(one.name)} is of the Arrow type {str(kind)[:60]}; send plain values")


def _look(body: bytes, limit: int) -> None:
    """Refuse what would become far more than was sent: compressed buffers, and columns of nothing but length."""
    import pyarrow as pa

    rows = 0
    reader = pa.ipc.MessageReader.open_stream(body)
    for message in _messages(reader):
        header, kind = _header(message.metadata.to_pybytes())
        if kind == _DICTIONARY:
            header = header.table(1)
        if kind in (_DICTIONARY, _BATCH):
            if header.has(3):
                raise Refused(415, "the Arrow stream is compressed; send it as it is")
            size = header.long(0)
            rows += size if kind == _BATCH else 0
            if max(size, rows) > limit:
                raise too_many(max(size, rows), limit)


def _messages(reader: Any) -> Iterator[Any]:
    while True:
        try:
            yield reader.read_next_message()
        except StopIteration:
            return


class _Table:
    """A table of a flatbuffer (https://flatbuffers.dev/internals), as far as Arrow's headers need it."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at
        self.names = at - struct.unpack_from("<i", data, at)[0]
        self.size = struct.unpack_from("<H", data, self.names)[0]

    def _place(self, field: int) -> int:
        at = 4 + 2 * field
        offset = struct.unpack_from("<H", self.data, self.names + at)[0] if at < self.size else 0
        return self.at + int(offset) if offset else 0

    def has(self, field: int) -> bool:
        return self._place(field) != 0

    def table(self, field: int) -> _Table:
        place = self._place(field)
        return _Table(self.data, place + struct.unpack_from("<I", self.data, place)[0])

    def long(self, field: int) -> int:
        place = self._place(field)
        return int(struct.unpack_from("<q", self.data, place)[0]) if place else 0

    def byte(self, field: int) -> int:
        place = self._place(field)
        return self.data[place] if place else 0


def _header(metadata: bytes) -> tuple[_Table, int]:
    """The header of a message, and its kind (Message.fbs of Arrow: header_type is field 1, header field 2)."""
    message = _Table(metadata, struct.unpack_from("<I", metadata, 0)[0])
    return message.table(2), message.byte(1)
