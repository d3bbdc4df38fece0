"""The body of a request becomes rows, or one refusal that names every wrong field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ml.config import PipelineConfig
from ml.features import Definitions
from ml.rows import Rows
from ml.serving.arrow import arrow_columns, too_many
from ml.serving.checks import RowCheck, row_checks
from ml.serving.fields import Field, fields
from ml.serving.refusals import Refused, Wrong, shown, wrong_fields

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails, SchemaValidator

Row = dict[str, Any]

JSON, ARROW = "application/json", "application/vnd.apache.arrow.stream"


@dataclass(frozen=True)
class Reading:
    """How the requests for one version of a pipeline are read."""

    fields: Mapping[str, Field]
    label: str
    checks: tuple[RowCheck, ...]
    limit: int

    @classmethod
    def of(
        cls, pipeline: PipelineConfig, inputs: tuple[tuple[str, str], ...], past: Definitions | None = None
    ) -> Reading:
        """The reading of rows for a model with these declared inputs, of which those of ``past`` are looked up."""
        known = {one.name: one for one in fields(pipeline, inputs, past)}
        checks = row_checks(pipeline.contract.checks, pipeline.contract.types, known)
        return cls(known, pipeline.model.label, checks, pipeline.serving.rows)

    @cached_property
    def _one(self) -> SchemaValidator:
        from pydantic_core import SchemaValidator, core_schema

        parts = {name: core_schema.typed_dict_field(f.core(), required=f.needed) for name, f in self.fields.items()}
        return SchemaValidator(core_schema.typed_dict_schema(parts, extra_behavior="forbid"))

    @cached_property
    def _quoted(self) -> list[Field]:
        """The fields whose values may stand in quotes."""
        return [field for field in self.fields.values() if field.free or field.rule.type in ("string", "datetime")]

    @cached_property
    def _many(self) -> SchemaValidator:
        from pydantic_core import SchemaValidator, core_schema

        parts = {name: core_schema.typed_dict_field(f.core(), required=f.needed) for name, f in self.fields.items()}
        return SchemaValidator(core_schema.list_schema(core_schema.typed_dict_schema(parts, extra_behavior="forbid")))

    @cached_property
    def _columns(self) -> Mapping[str, SchemaValidator]:
        """What each field checks of a whole column of its values."""
        from pydantic_core import SchemaValidator, core_schema

        return {name: SchemaValidator(core_schema.list_schema(field.core())) for name, field in self.fields.items()}

    def warm(self) -> None:
        """Build now what the first request would wait for."""
        assert self._one
        assert self._many
        assert self._columns
        for check in self.checks:
            check.broken([])

    def rows(self, body: bytes, kind: str = JSON) -> Rows:
        """The rows of a body.

        Raises
        ------
        Refused
            It cannot be read (400), holds no rows or too many (413), or some fields are wrong (422).
        """
        if kind == ARROW:
            return self._checked(self._of_arrow(body))
        return self._checked(self._of_json(body))

    def _of_json(self, body: bytes) -> Rows:
        from pydantic_core import ValidationError

        single = body.lstrip(b" \t\r\n")[:1] == b"{"
        try:
            found = self._one.validate_json(body) if single else self._many.validate_json(body)
        except ValidationError as error:
            raise self._refusal(error.errors(include_url=False, include_context=True), body) from None
        rows = Rows([found] if single else found)
        if not self._unmistakable(body, rows) and (twice := _twice(body)):
            raise twice
        return self._counted(rows)

    def _unmistakable(self, body: bytes, rows: Rows) -> bool:
        """Whether a look tells that no field stands twice: two quotes for each name and text, and none is escaped."""
        texts = sum(_texts(field, rows.column(field.name)) for field in self._quoted)
        return b"\\" not in body and body.count(b'"') == 2 * (texts + sum(map(len, rows)))

    def _of_arrow(self, body: bytes) -> Rows:
        from pydantic_core import ValidationError

        columns = arrow_columns(body, self.limit)
        if (right := self._of_columns(columns)) is not None:
            return self._counted(right)
        try:
            found: list[Row] = self._many.validate_python(list(Rows.of(columns)))
        except ValidationError as error:
            raise self._refusal(error.errors(include_url=False, include_context=True)) from None
        return self._counted(Rows(found))

    def _of_columns(self, columns: Mapping[str, list[Any]]) -> Rows | None:
        """The rows of columns that are right in every value; None when anything is wrong: row by row, it has a name."""
        from pydantic_core import ValidationError

        needed = {name for name, field in self.fields.items() if field.needed}
        if not needed <= set(columns) <= set(self.fields):
            return None
        try:
            return Rows.of({name: self._columns[name].validate_python(values) for name, values in columns.items()})
        except ValidationError:
            return None

    def _counted(self, rows: Rows) -> Rows:
        if not rows:
            raise Refused(422, "the list of rows is empty; send at least one")
        if len(rows) > self.limit:
            raise too_many(len(rows), self.limit)
        return rows

    def _checked(self, rows: Rows) -> Rows:
        """The rows, if they keep every rule between columns."""
        wrong = [self._against(check, n, rows[n]) for check in self.checks for n in check.broken(rows)]
        if wrong:
            raise wrong_fields(sorted(wrong, key=lambda one: one.row))
        return rows

    def _against(self, check: RowCheck, number: int, row: Row) -> Wrong:
        names = sorted(check.columns)
        why = f" ({check.check.why})" if check.check.why else ""
        return Wrong(number, ", ".join(names), ", ".join(shown(row[n]) for n in names), check.check.expr + why)

    def _refusal(self, errors: Sequence[ErrorDetails], body: bytes | None = None) -> Refused:
        first = errors[0]
        if first["type"] == "json_invalid":
            return Refused(400, f"the body is no JSON: {first['ctx']['error']}")
        if first["type"] == "list_type":
            return Refused(422, f"the body is {shown(first['input'])}; wanted: a row as an object, or a list of rows")
        if body is not None and (twice := _twice(body)):
            return twice
        return wrong_fields(list(self._wrong(errors)))

    def _wrong(self, errors: Sequence[ErrorDetails]) -> Iterator[Wrong]:
        seen = set()
        for error in errors:
            row, name = _place(error["loc"])
            if (row, name) not in seen:  # a field of several kinds gives an error for each
                seen.add((row, name))
                missing = error["type"] == "missing"
                value = "missing" if missing else shown(error["input"])
                if name is None:
                    yield Wrong(row, None, value, "an object with a value for each field")
                else:
                    yield Wrong(row, name if name in self.fields else shown(name), value, self._wanted(name))

    def _wanted(self, name: str) -> str:
        if name in self.fields:
            return self.fields[name].wanted
        if name == self.label:
            return "nothing: it is what is predicted"
        near = get_close_matches(name[:100], list(self.fields), 1)
        return "nothing: there is no such field" + (f"; did you mean {near[0]}?" if near else "")


def _place(loc: Sequence[int | str]) -> tuple[int, str | None]:
    """The row and the field of an error; a single row is the row 0."""
    row, rest = (loc[0], loc[1:]) if loc and isinstance(loc[0], int) else (0, loc)
    return int(row), str(rest[0]) if rest else None


def _texts(field: Field, values: list[Any]) -> int:
    """How many of a field's values stood in quotes."""
    if field.free:
        return sum(type(value) is str for value in values)
    return len(values) - values.count(None)


def _twice(body: bytes) -> Refused | None:
    """The refusal of a body that names a field twice; None when it does not: of two values, which one counts?"""
    found: list[str] = []

    def seen(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            found.append(next(name for n, name in enumerate(names) if name in names[:n]))

    try:
        json.loads(body, object_pairs_hook=seen, parse_int=len)
    except (ValueError, RecursionError):
        return None  # whoever reads it next says what is wrong
    return Refused(400, f"the field {shown(found[0])} stands twice in one row; which value counts?") if found else None
