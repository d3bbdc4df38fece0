"""`up`: everything from nothing to a stack in which every part is healthy, or a sentence and nothing left behind."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from stack import environment, files, keys, lock, logs, parts, postgres, processes, status
from stack.errors import NotHealthy, SettingsError, StackError
from stack.home import Home
from stack.keys import Keys

Say = Callable[[str], None]
PATIENCE = 180.0
TRIES = 3
ROOM = 500_000_000


def start(home: Home) -> Keys:
    """Prepare the home and start the supervisor in the background; gives the secrets it runs with.

    Raises AlreadyRunning, StackError when something is missing or taken; then nothing runs.
    """
    if not home.database_url:
        postgres.pgbin()
    _check_room(home)
    _check_folder(home)
    home.make()
    held = lock.take(home.run)
    try:
        processes.sweep(home.run)
        _check_ports(home)
        secrets = _prepare(home)
        _spawn(home, held)
    finally:
        os.close(held)
    return secrets


def _check_room(home: Home) -> None:
    there = next(folder for folder in (home.root, *home.root.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < ROOM:
        raise StackError(
            f"only {free // 1_000_000} MB are free at {there}, {ROOM // 1_000_000} MB are needed:"
            " make room, or set NIGHTSHIFT_HOME to a folder on another disk"
        )


def _check_folder(home: Home) -> None:
    """A folder with other things in it is not ours: `reset` deletes the whole of it."""
    if home.root.exists() and any(home.root.iterdir()) and not home.run.exists():
        raise SettingsError(f"NIGHTSHIFT_HOME={home.root} holds other things: name a folder for the stack alone")


def _check_ports(home: Home) -> None:
    wanted = {port: part.name for part in parts.roster(home, Keys.fresh()) for port in part.ports}
    if taken := [f"{port} ({name})" for port, name in wanted.items() if _is_taken(port)]:
        raise StackError(
            f"ports in use by another program: {', '.join(taken)}. Stop it, or choose others: NIGHTSHIFT_PORT_BASE"
        )


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _prepare(home: Home) -> Keys:
    secrets = keys.load_or_make(home.secrets)
    keys.write_passwords(home.passwords, secrets)
    shared = environment.shared(home, secrets)
    files.replace(home.env_file, "".join(f"{name}={value}\n" for name, value in shared.items()))
    parts.prepare(home)
    if not home.database_url:
        postgres.initdb(home.pgdata, secrets.postgres_password)
    (home.run / "status.json").unlink(missing_ok=True)
    return secrets


def _spawn(home: Home, held: int) -> None:
    with logs.open_log(home.logs, "supervisor") as log:
        subprocess.Popen(
            [sys.executable, "-m", "stack", "supervise", str(held)],
            cwd=home.repository,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077,
            pass_fds=(held,),
            env=_supervisor_environment(home),
        )


def _supervisor_environment(home: Home) -> dict[str, str]:
    passed = [*environment.KEPT, "NIGHTSHIFT_PGBIN", "NIGHTSHIFT_DATABASE_URL"]
    settings = {"NIGHTSHIFT_HOME": str(home.root), "NIGHTSHIFT_PORT_BASE": str(home.port_base)}
    settings["NIGHTSHIFT_CONFIG"] = str(home.config)
    known = {name: os.environ[name] for name in passed if name in os.environ}
    return known | settings | {"PYTHONPATH": str(home.repository), "PYTHONUNBUFFERED": "1"}


def wait(home: Home, say: Say, patience: float = PATIENCE) -> None:
    """Return when every part is ready, telling of each as it becomes so.

    Raises NotHealthy with the end of the part's log when one fails three times, or the time is over.
    """
    told: set[str] = set()
    end = time.monotonic() + patience
    while True:
        seen = status.read(home.run)
        if seen is None and lock.holder(home.run) is None:
            raise NotHealthy(f"the supervisor ended:\n{_last_words(home, 'supervisor')}")
        for part in seen.parts if seen else ():
            if part.ready and part.name not in told:
                say(f"  {part.name:<16} {part.took or 0:5.1f} s")
                told.add(part.name)
            if part.failures >= TRIES and part.took is None:
                raise NotHealthy(f"{part.name} failed {part.failures} times:\n{_last_words(home, part.name)}")
        if seen and seen.ready:
            return
        if time.monotonic() > end:
            raise NotHealthy(_who_is_late(home, seen, patience))
        time.sleep(0.1)


def wait_for(home: Home, name: str, patience: float = PATIENCE) -> None:
    """Return when this part is ready. Raises NotHealthy when the time is over or the supervisor is gone."""
    end = time.monotonic() + patience
    while not any(part.name == name and part.ready for part in _parts(home)):
        if time.monotonic() > end or lock.holder(home.run) is None:
            raise NotHealthy(f"{name} did not become ready:\n{_last_words(home, name)}")
        time.sleep(0.1)


def _parts(home: Home) -> tuple[status.PartStatus, ...]:
    seen = status.read(home.run)
    return seen.parts if seen else ()


def _who_is_late(home: Home, seen: status.Status | None, patience: float) -> str:
    late = [part for part in seen.parts if not part.ready] if seen else []
    names = [part.name for part in late] or ["supervisor"]
    first = next((part.name for part in late if part.state != "waiting"), names[0])
    return f"not healthy after {patience:g} s: {', '.join(names)}. {first} says:\n{_last_words(home, first)}"


def _last_words(home: Home, name: str) -> str:
    lines = logs.tail(home.logs, name)
    return "\n".join([*(f"  | {line}" for line in lines), f"  (all of it: {logs.path(home.logs, name)})"])


def log_of(home: Home, name: str) -> Path:
    """The log of a part. Raises StackError for a name that no part has."""
    names = [part.name for part in parts.roster(home, Keys.fresh())] + ["supervisor"]
    if name not in names:
        raise StackError(f"there is no part {name!r}; there are {', '.join(names)}")
    return logs.path(home.logs, name)
