"""A single value that a contract promises: bare, or with the reason for it."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from ml.section import Section


class Limit(Section):
    """A value with why it is this one; without a reason it stands in the YAML by itself."""

    why: str = ""

    def place(self, name: str) -> tuple[str, ...]:
        """Where the value of this name stands in the YAML."""
        return (name, "value") if self.why else (name,)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, given: Any) -> Any:
        return given if isinstance(given, dict | Limit) else {"value": given}

    @model_serializer(mode="wrap")
    def _as_written(self, whole: SerializerFunctionWrapHandler) -> Any:
        fields = whole(self)
        return fields if self.why else fields["value"]


class Rows(Limit):
    """A number of rows, with why it is this one."""

    value: int = Field(ge=0)


class Share(Limit):
    """A share of the rows, with why it is this one."""

    value: float = Field(ge=0, le=1)


class Hours(Limit):
    """A number of hours, with why it is this one."""

    value: float = Field(gt=0)


class Key(Limit):
    """The columns of a key, with why they are one."""

    value: tuple[str, ...] = ()


def _or_bare(written: Any) -> BeforeValidator:
    """What an editor accepts: the value by itself too."""
    return BeforeValidator(lambda given: given, json_schema_input_type=written)


SomeRows: TypeAlias = Annotated[Rows, _or_bare(Annotated[int, Field(ge=0)] | Rows)]
SomeShare: TypeAlias = Annotated[Share, _or_bare(Annotated[float, Field(ge=0, le=1)] | Share)]
SomeHours: TypeAlias = Annotated[Hours, _or_bare(Annotated[float, Field(gt=0)] | Hours)]
SomeKey: TypeAlias = Annotated[Key, _or_bare(tuple[str, ...] | Key)]
