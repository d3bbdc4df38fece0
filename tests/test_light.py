"""Reading a YAML file must not cost an import of pandas: Airflow draws its DAGs from ``ml.config`` again and again."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"airflow", "evidently", "matplotlib", "mlflow", "numpy", "pandas", "pandera", "polars", "pyarrow", "scipy"}
HEAVY |= {"skops", "sklearn", "sqlalchemy"}


def loaded(*modules):
    """The top-level packages that a fresh Python has loaded after these imports."""
    program = f"import sys, {', '.join(modules)}; print(*{{m.partition('.')[0] for m in sys.modules}})"
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("module", ["ml.config", "ml.lines", "ml.steps", "ml.cli", "ml.walker"])
def test_it_loads_no_heavy_library(module):
    assert loaded(module) & HEAVY == set()


def test_the_stack_starts_on_the_standard_library_alone():
    import tomllib

    text = (Path(__file__).parents[1] / "pyproject.toml").read_text()
    named = {line.split(">")[0].split("=")[0].split("[")[0] for line in tomllib.loads(text)["project"]["dependencies"]}
    assert loaded("stack.home", "stack.postgres") & {name.replace("-", "_") for name in named} == set()
