from dataclasses import fields

from ml.gates.trial import Trial


def test_a_trial_names_what_a_gate_may_look_at():
    assert {"challenger", "champion", "older", "newest", "y", "predictions", "days", "refit"} <= {
        field.name for field in fields(Trial)
    }
