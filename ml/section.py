"""The base of everything that is parsed from YAML."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A frozen part of a YAML file; a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def spelled_out(value: Any) -> Any:
    """``worse`` as ``{kind: worse}``: a member of a roster whose defaults suit is its kind alone."""
    return {"kind": value} if isinstance(value, str) else value
