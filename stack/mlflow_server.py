"""``mlflow server`` in one process: the command itself would wait, at 200 MB, for a copy of itself that does the work.

Everything else is MLflow's own: its options, its checks, its migrations. Should its inner name change one day, the
command runs as it always did, in two processes.
"""

import os
import runpy
import sys
from collections.abc import Sequence
from typing import Any, NoReturn


def run_here(command: Sequence[str], *, extra_env: dict[str, str], **options: Any) -> NoReturn:
    """Instead of starting ``python -m MODULE …``, become it."""
    _, flag, module, *words = command
    if flag != "-m":
        raise SystemExit(f"mlflow starts its server in an unknown way: {command[1:3]}")
    os.environ.update(extra_env)
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__")
    raise SystemExit(0)


def main() -> None:
    """Run ``mlflow server`` with the words of our own command line."""
    import mlflow.server
    from mlflow.cli import cli

    mlflow.server._exec_cmd = run_here
    cli(["server", *sys.argv[1:]])


if __name__ == "__main__":
    main()
