"""What all records are: frozen, named, small."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """The base of all records."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=True, ser_json_inf_nan="strings")
