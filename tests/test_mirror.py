"""The tests mirror the source: who looks for a test of ``ml/gates/at_least.py`` finds it at once."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = [
    path.relative_to(ROOT)
    for top in ("ml", "plugins", "dags", "stack")
    for path in sorted((ROOT / top).rglob("*.py"))
    if not path.name.startswith("__") and "migrations" not in path.parts
]


@pytest.mark.parametrize("source", SOURCES, ids=str)
def test_a_source_file_has_a_test_file_of_its_name(source):
    assert (ROOT / "tests" / source.with_name(f"test_{source.name}")).is_file()


def test_a_test_file_has_a_source_of_its_name():
    mirrored = [p for p in (ROOT / "tests").rglob("test_*.py") if p.parent != ROOT / "tests"]
    names = [p.relative_to(ROOT / "tests").with_name(p.name.removeprefix("test_")) for p in mirrored]
    others = ("e2e", "integration")
    assert [str(n) for n in names if n.parts[0] not in others and not (ROOT / n).is_file()] == []
