"""The base of everything that is parsed from YAML."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A frozen part of a YAML file; a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
