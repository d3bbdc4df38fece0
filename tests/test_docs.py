"""What the pages say is so: links lead somewhere, commands exist, examples run, references follow from the code."""

import ast
import importlib.util
import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def load_generator():
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generate = load_generator()
PAGES = {str(page.relative_to(ROOT)): page.read_text() for page in generate.pages()}


def blocks(language, pages=PAGES):
    return [
        (name, block)
        for name, text in pages.items()
        for block in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    ]


def commands():
    """Every command line of the pages, as words; comments and the shell's own syntax are left out."""
    lines = [line[2:] for _, block in blocks("console") for line in block.splitlines() if line.startswith("$ ")]
    return [shlex.split(part, comments=True) for line in lines for part in line.split(" && ")]


@pytest.mark.parametrize("name", PAGES)
def test_what_follows_from_the_code_is_current(name):
    assert generate.filled(PAGES[name]) == PAGES[name], "run: python docs/generate.py"


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    links = re.findall(r"\]\((?!https?://)([^)]+)\)", PAGES[name])
    assert [link for link in links if not leads_somewhere((ROOT / name).parent, link)] == []


def leads_somewhere(folder, link):
    file, _, anchor = link.partition("#")
    target = (folder / file).resolve()
    return target.exists() and (not anchor or anchor in anchors(target.read_text()))


def anchors(text):
    """The names that a page's headings can be reached by, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_is_reached_from_an_index():
    indexes = [ROOT / "docs" / "README.md", ROOT / "docs" / "adr" / "README.md"]
    links = [(index, link) for index in indexes for link in re.findall(r"\]\(([^)#]+)\)", index.read_text())]
    reached = {(index.parent / link).resolve() for index, link in links}
    assert {page for page in (ROOT / "docs").rglob("*.md") if page != indexes[0]} <= reached


def test_every_command_of_the_pages_exists():
    import typer

    from ml.cli import app

    for words in [w for w in commands() if w[0].endswith("nightshift")]:
        command, rest = typer.main.get_command(app), words[1:]
        while hasattr(command, "commands"):
            command, rest = command.commands[rest[0]], rest[1:]
        options = {o for p in command.params for o in p.opts}
        assert {w for w in rest if w.startswith("--")} <= options, words


def test_every_verb_of_pages_hooks_and_ci_is_in_the_makefile():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {word for words in commands() if words[0] == "make" for word in words[1:] if "=" not in word}
    named |= {v for text in PAGES.values() for v in re.findall(r"`make ([\w-]+)", text)}
    named |= set(re.findall(r"entry: make ([\w-]+)", (ROOT / ".pre-commit-config.yaml").read_text()))
    named |= set(re.findall(r"^make ([\w-]+)", (ROOT / ".ci" / "run").read_text(), re.MULTILINE))
    assert named <= targets


def constants():
    """All text constants of the source, f-strings' pieces among them."""
    files = [path for top in ("ml", "stack", "plugins") for path in (ROOT / top).rglob("*.py")]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text()))]
    return "\n".join(n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))


def test_troubleshooting_quotes_sentences_that_are_said():
    said = constants().replace("`", "")
    quoted = re.findall(r"^\| (`.+?`) \|", PAGES["docs/troubleshooting.md"], re.MULTILINE)
    pieces = [piece.strip() for cell in quoted for piece in re.split("…|` and `", cell.replace("``", "").strip("`"))]
    assert [piece for piece in pieces if piece.strip("` ") and piece.strip("` ") not in said] == []


@pytest.mark.parametrize(("name", "code"), blocks("python"))
def test_python_of_the_pages_is_python(name, code):
    assert ast.parse(code).body


@pytest.fixture
def parcels(tmp_path, monkeypatch):
    """A working directory with the README's pipeline and its data."""
    from tests import tiny

    [yaml] = [block for _, block in blocks("yaml", {"README.md": PAGES["README.md"]})]
    data, pipelines = tmp_path / "data" / "parcels", tmp_path / "config" / "pipelines"
    data.mkdir(parents=True)
    pipelines.mkdir(parents=True)
    (pipelines / "parcels.yaml").write_text(yaml)
    for n in range((tiny.LAST - tiny.FIRST).days + 1):
        tiny.write_day(data, tiny.FIRST + timedelta(days=n))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))
    return tmp_path


def test_the_pipeline_of_the_readme_is_right(parcels):
    from ml.config import find_pipeline

    assert find_pipeline(parcels / "config" / "pipelines", "parcels").description == "Will this parcel be late?"


@pytest.mark.integration
@pytest.mark.timeout(900)  # a whole night with every library in it: a minute when nothing else runs
def test_the_readme_runs(parcels, capsys):
    from typer.testing import CliRunner

    from ml.cli import app

    for words in [w[1:] for w in commands() if "parcels" in w]:
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
    [code] = [code for name, code in blocks("python") if name == "README.md"]
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  the page's own code
    assert capsys.readouterr().out.startswith("True ['no version is in Production yet'")
