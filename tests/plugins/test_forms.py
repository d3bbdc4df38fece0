from typing import Any

import pytest

from plugins import forms


def fill(form: dict[str, Any], **values: Any) -> dict[str, Any]:
    from airflow.sdk.definitions.param import ParamsDict

    params = ParamsDict(form)
    params.update(values)
    return params.validate()


@pytest.mark.parametrize("form", [forms.nightly, forms.retrain])
def test_a_form_left_as_it_is_passes(form, pipeline):
    assert fill(form(pipeline))["data_day"] is None


@pytest.mark.parametrize("form", [forms.nightly, forms.retrain, forms.rollback])
def test_every_field_has_a_title_and_says_what_it_means(form, pipeline):
    for field in form(pipeline).values():
        assert field.schema["title"]
        assert field.description.endswith(".")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("data_day", "yesterday"),
        ("data_day", "2013-02-30"),
        ("window", 5),  # five days are held out; none would be left
        ("window", 61),  # more than the history of 60
        ("window", "many"),
        ("window", 7.5),
        ("reason", ""),
        ("reason", "x" * 501),
        ("dry_run", "perhaps"),
    ],
)
def test_a_value_out_of_range_is_refused(name, value, pipeline):
    from airflow.sdk.exceptions import ParamValidationError

    with pytest.raises(ParamValidationError):
        fill(forms.retrain(pipeline), **{name: value})


@pytest.mark.parametrize(("name", "value"), [("data_day", "2013-06-01"), ("window", 6), ("window", 60)])
def test_a_value_within_range_passes(name, value, pipeline):
    assert fill(forms.retrain(pipeline), **{name: value})[name] == value


def test_a_rollback_needs_a_reason(pipeline):
    from airflow.sdk.exceptions import ParamValidationError

    assert fill(forms.rollback(pipeline), reason="late parcels look early")["version"] is None
    for wrong in ({}, {"reason": "x"}, {"reason": "a reason", "version": 0}):
        with pytest.raises(ParamValidationError):
            fill(forms.rollback(pipeline), **wrong)
