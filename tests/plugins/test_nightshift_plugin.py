import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]


@pytest.mark.filterwarnings("ignore:GitWildMatchPattern:DeprecationWarning")
def test_airflow_loads_the_plugin_and_no_other_module_of_the_folder():
    from airflow import plugins_manager

    plugins, errors = plugins_manager._get_plugins()
    assert errors == {}
    assert [p.name for p in plugins if str(p.source).startswith("$PLUGINS_FOLDER")] == ["nightshift"]
    assert not {"runs", "tasks", "draw", "forms", "guards", "links", "texts", "nights"} & set(sys.modules)


def test_it_guards_the_web_server():
    from plugins.nightshift_plugin import NightshiftPlugin

    names = [guard["middleware"].__name__ for guard in NightshiftPlugin().fastapi_root_middlewares]
    assert names == ["TrustedHostMiddleware", "SecurityHeaders"]


def test_loading_it_costs_no_heavy_import():
    program = "import sys, plugins.nightshift_plugin; print(*{m.partition('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert not {"pandas", "polars", "sklearn", "mlflow", "evidently", "matplotlib"} & set(done.stdout.split())
