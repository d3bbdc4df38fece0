"""What a person who clones this has no use for: paths of somebody's machine, private hosts, secrets, stubs."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKED = ("requirements.lock", "LICENSE", "tests/test_words.py")

UNWANTED = {
    "a path of somebody's machine": r"(?<![\w.<])/(root|home/[a-z]|Users|work)/",
    "a package index": r"--(extra-)?index-url[ =]http|^https?://\S+/simple/?$",
    "a private key or token": r"BEGIN [A-Z ]*PRIVATE KEY|\bgh[ps]_[A-Za-z0-9]{20}|\bAKIA[A-Z0-9]{12}",
    "a stub": r"\bNotImplementedError\(\)|\b(TODO|FIXME)\b",
    "an error that nobody hears": r"except Exception: *pass|except: *pass",
}


def committed():
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.split("\0") if name and name not in LOCKED and (ROOT / name).is_file()]


def text_of(name):
    try:
        return (ROOT / name).read_text()
    except UnicodeDecodeError:
        return ""


@pytest.mark.parametrize("what", UNWANTED)
def test_the_tree_is_free_of(what):
    pattern = re.compile(UNWANTED[what], re.MULTILINE)
    found = [f"{name}: {match[0]!r}" for name in committed() for match in pattern.finditer(text_of(name))]
    assert found == []
