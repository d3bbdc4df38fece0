import pytest

from ml import steps
from plugins import links


@pytest.mark.parametrize("step", [steps.train, steps.evaluate, steps.gate, steps.refit, steps.promote])
def test_a_step_about_a_model_has_a_button_to_its_mlflow_run(step):
    assert [button.name for button in links.of(step)] == ["MLflow run"]


@pytest.mark.parametrize("step", [steps.pull, steps.decide, steps.notify, steps.deliver])
def test_other_steps_have_none(step):
    assert links.of(step) == ()


def test_a_button_leads_where_the_task_said():
    (button,) = links.of(steps.train)
    assert button.get_link(None, ti_key=None) == ""
    button.url = "http://127.0.0.1/#/experiments/1/runs/abc"
    assert button.get_link(None, ti_key=None) == "http://127.0.0.1/#/experiments/1/runs/abc"
