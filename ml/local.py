"""The local stack's addresses, for a terminal that has none in its environment."""

import os
from pathlib import Path


def home() -> Path:
    """The folder of the local stack's state: ``NIGHTSHIFT_HOME``, or ``.nightshift`` in the checkout."""
    return Path(os.environ.get("NIGHTSHIFT_HOME") or Path(__file__).parents[1] / ".nightshift")


def config() -> Path:
    """The folder of the owner's YAML: ``NIGHTSHIFT_CONFIG``, or ``config`` in the checkout."""
    return Path(os.environ.get("NIGHTSHIFT_CONFIG") or Path(__file__).parents[1] / "config")


def use_stack() -> None:
    """Take from the local stack's ``run/stack.env`` every NIGHTSHIFT_* variable that the environment lacks.

    A fit runs on one thread, as the stack's do, unless ``OMP_NUM_THREADS`` says otherwise.
    """
    # more threads than idle cores wait for each other: a fit of 8 s took 170 s; and another number is another model
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    path = home() / "run" / "stack.env"
    if not path.is_file():
        return
    for line in path.read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and name.startswith("NIGHTSHIFT_"):
            os.environ.setdefault(name, value)
