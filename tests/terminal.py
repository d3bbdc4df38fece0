"""``nightshift …`` as it is typed, in this process: a process of its own takes seconds to load what is here already."""

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from unittest.mock import patch


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def nightshift(*words: str, env: dict[str, str]) -> Answer:
    """The answer to a command in an environment that has nothing but ``env``; a bug is raised as it is."""
    from ml.cli import main

    out, errors, code = io.StringIO(), io.StringIO(), 0
    argv = patch.object(sys, "argv", ["nightshift", *words])
    with patch.dict(os.environ, env, clear=True), argv, redirect_stdout(out), redirect_stderr(errors):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Answer(code, out.getvalue(), errors.getvalue())
