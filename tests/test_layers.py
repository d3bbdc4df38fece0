"""Imports run one way: a room may import only from rooms in lower rows. No exceptions, and no cycles anywhere."""

import ast
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

ROWS = [
    "dags",
    "plugins",
    "ml.__main__",
    "ml.cli",
    "ml.commands",
    "ml.serving",
    "ml.night_page ml.timeline ml.audit",
    "ml.account",
    "ml.walker ml.nights ml.local ml.failures ml.tenures",
    "ml.lines",
    "ml.steps",
    "ml.stages",
    "ml.tryouts",
    "ml.approvals",
    "ml.watching",
    "ml.outside",
    "ml.notices ml.drift_notices ml.quarantine ml.drilling ml.suggestion ml.rehearsal ml.reproduction ml.housekeeping",
    "ml.evidence ml.skew ml.fates",
    "ml.nightwatch",
    "ml.fitting",
    "ml.surroundings",
    "ml.shelf",
    "ml.scoring ml.truth ml.worth",
    "ml.attachments ml.witness ml.intake ml.holdout ml.past ml.provenance ml.moves",
    "ml.holds ml.kept ml.seen ml.materialised",
    "ml.recall ml.evaluation_page",
    "ml.drift_table",
    "ml.delivery ml.messages ml.summary",
    "ml.workspace",
    "ml.samples ml.summaries",
    "ml.predictions",
    "ml.evaluation ml.registry ml.snapshots ml.inspection ml.conditions ml.refits ml.compiled",
    "ml.importances ml.contrast ml.estimated ml.fresh_process ml.golden",
    "ml.figures ml.training ml.ledger ml.lake ml.model_file ml.looks",
    "ml.comparison",
    "ml.migrations ml.pipelines ml.drills",
    "ml.config ml.settings",
    "ml.upstream ml.score_plan",
    "ml.approval",
    "ml.occasions",
    "ml.prediction_log",
    "ml.sources ml.drift ml.gates ml.notifiers ml.contract ml.policy ml.retention ml.limits ml.episodes ml.diagnosis",
    "ml.baselines ml.exposure ml.prices",
    "ml.features",
    "ml.metrics ml.rules ml.frames ml.detectors",
    "ml.profiles",
    "ml.masking",
    "ml.records ml.section ml.days ml.calibration ml.seals ml.moments ml.page ml.estimate ml.tokens ml.rows",
    "ml.errors",
    "ml",
]
DEPTH = {room: depth for depth, row in enumerate(ROWS) for room in row.split()}

HEAVY = {"airflow", "evidently", "matplotlib", "mlflow", "numpy", "pandas", "pandera", "polars", "pyarrow", "scipy"}
HEAVY |= {"skops", "sklearn"}
ONLY = {
    "mlflow": r"ml/registry/.*|stack/mlflow_server\.py",  # the client, and the server's own process
    "sqlalchemy": r"ml/(ledger|migrations)(\.py|/.*)|ml/sources/sql\.py",
    "evidently": r"ml/drift/(evidently|pictures|stattests)\.py",
    "airflow": r"(dags|plugins)/.*",
    "fastapi": r"(ml/serving|plugins)/.*",
    "starlette": r"(ml/serving|plugins)/.*",
    "uvicorn": r"ml/serving/.*",
    "prometheus_client": r"ml/serving/.*",
    "ml": r"(ml|dags|plugins)/.*",
    "stack": r"stack/.*",
}

FILES = sorted(path for top in ("ml", "plugins", "dags", "stack") for path in (ROOT / top).rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in FILES]
PATHS = dict(zip(NAMES, FILES, strict=True))


def module(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {module(name) for name in NAMES}


def imports(nodes: "list[ast.stmt] | ast.AST") -> list[str]:
    """What the nodes import, each as the longest name that is a module of ours, or as it stands."""
    walked = ast.walk(nodes) if isinstance(nodes, ast.AST) else iter(nodes)
    found = []
    for node in walked:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide where a room is"
            base = node.module or ""
            found += [full if (full := f"{base}.{alias.name}") in MODULES else base for alias in node.names]
    return found


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(PATHS[name].read_text())


def room(name: str) -> str:
    """``ml.gates.at_least`` lives in ``ml.gates``; ``plugins.nights`` in ``plugins``."""
    return ".".join(name.split(".")[:2]) if name.startswith("ml.") else name.split(".")[0]


@pytest.mark.parametrize("name", [n for n in NAMES if not n.startswith("stack/")])
def test_imports_run_downhill(name):
    here = room(module(name))
    assert here in DEPTH, f"{here} has no row in {__file__} yet"
    ours = {room(i) for i in imports(tree(name)) if i.split(".")[0] in ("ml", "plugins", "dags")} - {here}
    assert [there for there in ours if DEPTH[there] <= DEPTH[here]] == []


@pytest.mark.parametrize("name", NAMES)
def test_each_neighbour_is_met_in_one_room_only(name):
    tops = {i.split(".")[0] for i in imports(tree(name))}
    assert [top for top in tops & set(ONLY) if not re.fullmatch(ONLY[top], name)] == []


@pytest.mark.parametrize("name", NAMES)
def test_heavy_libraries_are_imported_where_they_are_used(name):
    airflow = {"airflow"} if name.startswith(("dags/", "plugins/")) else set()
    assert {i.split(".")[0] for i in imports(tree(name).body)} & HEAVY <= airflow


def test_no_two_modules_need_each_other():
    graph = {module(name): {i for i in imports(tree(name)) if i in MODULES} - {module(name)} for name in NAMES}
    assert set(TopologicalSorter(graph).static_order()) == MODULES  # raises, naming the cycle, if there is one


def test_config_holds_no_python():
    assert list((ROOT / "config").rglob("*.py")) == []


def test_every_row_is_lived_in():
    assert set(DEPTH) - {room(module(name)) for name in NAMES} == set()
