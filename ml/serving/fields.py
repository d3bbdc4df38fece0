"""The fields of a request: each from its rule in the pipeline's contract and from what the model declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ml.config import PipelineConfig
from ml.features import Definitions
from ml.rules.columns import ColumnRule
from ml.rules.types import Type

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

# JSON's numbers are floats for most programs: beyond this two whole numbers are the same float (RFC 8259, section 6)
WHOLE = 2**53 - 1
EARLIEST, LATEST = datetime(1900, 1, 1), datetime(2200, 1, 1)
_DECLARED: dict[str, Type] = {"string": "string", "boolean": "bool", "datetime": "datetime"}
_SHOWN_ALLOWED = 8


@dataclass(frozen=True)
class Field:
    """One field: its rule, whether a row must carry it, and whether null stands for "not known"."""

    name: str
    rule: ColumnRule
    needed: bool
    nullable: bool
    text: int
    free: bool = False
    """Nothing is known of its type: any text, number or truth."""

    def core(self) -> CoreSchema:
        """What pydantic-core is to check; strict, so that nothing is cast."""
        from pydantic_core import core_schema as core

        value = self._value()
        return core.nullable_schema(value) if self.nullable else value

    def _value(self) -> CoreSchema:
        from pydantic_core import core_schema as core

        rule = self.rule
        if self.free:
            whole = core.int_schema(strict=True, ge=-WHOLE, le=WHOLE)
            other = core.float_schema(strict=True, allow_inf_nan=False, ge=-WHOLE, le=WHOLE)
            text = core.str_schema(strict=True, max_length=self.text)
            return core.union_schema([text, core.bool_schema(strict=True), whole, other])
        if rule.type == "string":
            if rule.allowed is not None:
                return core.literal_schema(list(rule.allowed))
            # pydantic's regular expressions are Rust's, as the contract's are: their time is linear in the text
            pattern = None if rule.pattern is None else f"^(?:{rule.pattern})$"
            return core.str_schema(strict=True, max_length=self.text, pattern=pattern)
        if rule.type == "datetime":
            return core.datetime_schema(
                strict=True, tz_constraint="naive", ge=EARLIEST, lt=LATEST, microseconds_precision="error"
            )
        plain = core.bool_schema(strict=True) if rule.type == "bool" else self._number()
        return plain if rule.allowed is None else core.no_info_after_validator_function(self._among, plain)

    def _number(self) -> CoreSchema:
        from pydantic_core import core_schema as core

        low, high = self.rule.min, self.rule.max
        if self.rule.type == "float":
            return core.float_schema(strict=True, allow_inf_nan=False, ge=low, le=high)
        low, high = max(-WHOLE, low if low is not None else -WHOLE), min(WHOLE, high if high is not None else WHOLE)
        return core.float_schema(strict=True, allow_inf_nan=False, multiple_of=1, ge=low, le=high)

    def _among(self, value: Any) -> Any:
        if value not in (self.rule.allowed or ()):
            raise ValueError("not allowed")
        return value

    @property
    def wanted(self) -> str:
        """What may stand in it, in words."""
        return self._kind + (", or null" if self.nullable else "")

    @property
    def _kind(self) -> str:
        rule = self.rule
        if self.free:
            return "a text, a number, true or false"
        if rule.allowed is not None:
            more = len(rule.allowed) - _SHOWN_ALLOWED
            first = ", ".join(str(value) for value in rule.allowed[:_SHOWN_ALLOWED])
            return f"one of {first}" + (f" and {more} more" if more > 0 else "")
        if rule.type == "string":
            return f"a text of up to {self.text:,} characters" + (f" like {rule.pattern}" if rule.pattern else "")
        if rule.type == "datetime":
            return f"local time like 2013-06-01T14:30:00, without a zone, from {EARLIEST.year} to {LATEST.year - 1}"
        if rule.type == "bool":
            return "true or false"
        return ("a whole number" if rule.type == "int" else "a number") + self._range

    @property
    def _range(self) -> str:
        low, high = self.rule.min, self.rule.max
        if low is not None and high is not None:
            return f" from {low:g} to {high:g}"
        return f" of at least {low:g}" if low is not None else f" of at most {high:g}" if high is not None else ""

    def json_schema(self) -> dict[str, Any]:
        """The same for OpenAPI."""
        rule = self.rule
        if self.free:
            return {"type": ["string", "number", "boolean", *(["null"] if self.nullable else [])]}
        name = {"string": "string", "datetime": "string", "bool": "boolean", "int": "integer"}.get(rule.type, "number")
        known: dict[str, Any] = {"type": [name, "null"] if self.nullable else name}
        if rule.allowed is not None:
            known["enum"] = [*rule.allowed, *([None] if self.nullable else [])]
        elif rule.type == "string":
            known["maxLength"] = self.text
        elif rule.type == "datetime":
            known["format"] = "local-date-time"
        known |= {} if rule.pattern is None else {"pattern": f"^(?:{rule.pattern})$"}
        known |= {} if rule.min is None else {"minimum": rule.min}
        known |= {} if rule.max is None else {"maximum": rule.max}
        return known | ({"description": rule.why} if rule.why else {})


def fields(
    pipeline: PipelineConfig, inputs: tuple[tuple[str, str], ...], past: Definitions | None = None
) -> tuple[Field, ...]:
    """The fields of a row: what the model takes, the source's key and time, and the contract's other columns.

    Aggregates over the ``past``, without it those of the YAML, are no fields: the service knows them. What the model's
    file declares counts more than today's YAML: a rule for another type than the model was fitted with is not asked.
    """
    past = pipeline.features.past if past is None else past
    taken = [_input(pipeline, name, kind) for name, kind in inputs if name not in past]
    known = {field.name for field in taken}
    return (*taken, *(field for field in _beside(pipeline, past) if field.name not in known))


def _input(pipeline: PipelineConfig, name: str, declared: str) -> Field:
    kind = _DECLARED.get(declared, "float")
    rule = pipeline.contract.columns.get(name)
    if rule is None or {rule.type, kind} not in ({kind}, {"int", "float"}):
        rule = ColumnRule(type=kind)
    keyed = name in _key(pipeline)
    nullable = rule.nullable and not (keyed and pipeline.serving.key == "required")
    return Field(name, rule, rule.required or keyed, nullable, pipeline.serving.text)


def _beside(pipeline: PipelineConfig, past: Definitions) -> Iterator[Field]:
    """Key and event time; and the contract's columns that the model does not take, which may be left out."""
    limits, columns = pipeline.serving, pipeline.contract.columns
    for name in _key(pipeline):
        kind: Type = "datetime" if name == pipeline.source.event_time else "string"
        needed = limits.key == "required"
        rule = columns.get(name) or ColumnRule(type=kind)
        free = name not in columns and kind != "datetime"
        yield Field(name, rule, needed, not needed and rule.nullable, limits.text, free)
    for name, rule in columns.items():
        if name not in (*_key(pipeline), *past, *pipeline.afterwards, pipeline.model.label):
            yield Field(name, rule, False, rule.nullable, limits.text)


def _key(pipeline: PipelineConfig) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*pipeline.source.key, pipeline.source.event_time)))
