"""What every part of a YAML file is."""

import pytest
from pydantic import ValidationError

from ml.section import Section


class Lamp(Section):
    colour: str = "red"


def test_an_unknown_key_is_an_error():
    with pytest.raises(ValidationError, match="color"):
        Lamp.model_validate({"color": "blue"})


def test_a_section_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        Lamp().colour = "blue"
