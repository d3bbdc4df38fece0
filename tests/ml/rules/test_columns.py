import pytest
from pydantic import ValidationError

from ml.rules.columns import ColumnRule


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"type": "string", "min": 1}, "min and max are for int and float, not for string"),
        ({"type": "int", "min": 2, "max": 1}, "min 2.0 is above max 1.0"),
        ({"type": "int", "pattern": "a"}, "pattern is for string, not for int"),
        ({"type": "string", "pattern": "("}, "is not a regular expression"),
        ({"type": "string", "allowed": ["SE", False]}, "allowed value False is not of type string"),
        ({"type": "int", "allowed": [True]}, "allowed value True is not of type int"),
        ({"type": "int", "nulls": 2}, "less than or equal to 1"),
        ({"type": "string", "spike": 2}, "spike and frozen are for int and float, not for string"),
        ({"type": "float", "frozen": 25}, "less than or equal to 24"),
        ({"type": "text"}, "Input should be 'string'"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(fields, sentence):
    with pytest.raises(ValidationError, match=sentence):
        ColumnRule.model_validate(fields)
