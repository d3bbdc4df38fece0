"""A message to the owner has a kind that the alerts of the YAML can choose."""

from datetime import date

import pytest
from pydantic import ValidationError

from ml.records import Alert


def test_an_alert_of_no_kind_there_is_is_refused():
    words = {"key": "k", "pipeline": "p", "day": date(2013, 1, 31), "subject": "s", "text": "t", "html": "<p>t</p>"}
    assert Alert(**words, kind="drift").images == ()
    with pytest.raises(ValidationError, match="'quarantine'"):
        Alert(**words, kind="weather")
