"""The commands of the stack: ``python -m stack up|down|status|logs|reset|password|env``."""

import argparse
import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

from stack import environment, keys, lock, parts, shutdown, startup, status
from stack.errors import AlreadyRunning, StackError
from stack.home import Home

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code: 0, 1 for what cannot be done, 2 for a wrong setting."""
    chosen = _parser().parse_args(words)
    try:
        command: Callable[[Home, argparse.Namespace], int] = chosen.command
        return command(Home.from_env(), chosen)
    except StackError as error:
        return _complain(str(error), error.exit_code)
    except OSError as error:
        if error.errno in NO_ROOM:
            return _complain(f"the disk is full ({error.filename}): make room, or move NIGHTSHIFT_HOME")
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            return _complain(f"{error.filename} cannot be written: set NIGHTSHIFT_HOME to a folder of your own")
        raise
    except KeyboardInterrupt:
        return 130


def _complain(sentence: str, code: int = 1) -> int:
    print(f"stack: {sentence}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m stack", description="The local stack, without Docker and root.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[Home, argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        return sub

    up_ = add("up", up, "start everything, load the demo warehouse, run the first night")
    up_.add_argument("--bare", action="store_true", help="only the parts: no demo data, no first night")
    add("down", down, "stop everything")
    add("status", show_status, "each part: health, pid, port, memory").add_argument("--json", action="store_true")
    logs_ = add("logs", show_log, "what a part wrote")
    logs_.add_argument("part", help="as `status` names it")
    logs_.add_argument("-f", "--follow", action="store_true")
    add("reset", reset, "forget all state").add_argument("--yes", action="store_true", help="do not ask")
    add("password", password, "print the password of Airflow's user admin")
    add("env", show_env, 'variables of the running stack: eval "$(python -m stack env)"')
    commands.add_parser("supervise").set_defaults(command=supervise)
    commands.choices["supervise"].add_argument("lock", type=int)
    return parser


def say(line: str) -> None:
    """Print a line of progress at once."""
    print(line, flush=True)


def up(home: Home, chosen: argparse.Namespace) -> int:
    """Start what does not run yet; then, once in the life of a home, load the demo data and run the first night."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, _interrupt)
    seen = status.read(home.run)
    running = seen is not None and seen.ready
    if not running:
        _start(home, demo=not chosen.bare and not home.first_night.exists())
    if not chosen.bare and not home.first_night.exists():
        _first_night(home)
    if not chosen.bare and not running:
        _newest_nights(home)
    say(f"\n{'Everything was running.' if running else f'Ready after {time.monotonic() - began:.0f} s.'}\n")
    say(_addresses(home))
    return 0


def _start(home: Home, demo: bool) -> None:
    """Every part healthy, or none left; the demo data is loaded while the slow parts start."""
    try:
        startup.start(home)
    except AlreadyRunning:
        say("The stack runs already; waiting until every part is healthy.")
        startup.wait(home, say)
        return
    say(f"Starting the stack in {home.root}")
    try:
        with ThreadPoolExecutor(max_workers=1) as pool:
            data = pool.submit(_load_warehouse, home) if demo else None
            startup.wait(home, say)
    except BaseException:
        say("Stopping what was started.")
        shutdown.stop(home)
        raise
    if data:
        data.result()


def _load_warehouse(home: Home) -> int:
    from stack import warehouse

    startup.wait_for(home, "databases")
    address = environment.database(home, keys.load(home.secrets), "warehouse")
    return warehouse.load(address, lambda line: say(f"  {line}"))


def _first_night(home: Home) -> None:
    from stack import night

    secrets = keys.load(home.secrets)
    _load_warehouse(home)
    say("\nThe first night, through Airflow:")
    night.first(home.address("airflow"), "admin", secrets.admin_password, lambda line: say(f"  {line}"))
    home.first_night.touch(mode=0o600)


def _newest_nights(home: Home) -> None:
    say("")
    services = environment.services(home, keys.load(home.secrets))
    subprocess.run([sys.executable, "-m", "ml", "status"], env=services, check=False)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _addresses(home: Home) -> str:
    rows = [
        ("Airflow", home.address("airflow"), "user admin; `make password` prints the password"),
        ("MLflow", home.address("mlflow"), "runs, models, stages"),
        ("Predictions", home.address("prediction"), f"the token lies in {home.owner_token}"),
        ("Mail", home.address("mail_page"), "every mail that was sent"),
        ("Postgres", f"127.0.0.1:{home.port('postgres')}", "user nightshift; `python -m stack env` has the addresses"),
    ]
    if home.database_url:
        rows.pop()
    lines = [f"  {name:<11} {address:<24} {text}" for name, address, text in rows]
    return "\n".join([*lines, f"\n  The password lies in {home.passwords}"])


def down(home: Home, chosen: argparse.Namespace) -> int:
    """Stop everything."""
    began = time.monotonic()
    stopped = shutdown.stop(home)
    say(f"Stopped after {time.monotonic() - began:.1f} s." if stopped else "Nothing was running.")
    return 0


def show_status(home: Home, chosen: argparse.Namespace) -> int:
    """Print each part; exit code 1 unless all are ready."""
    seen = status.read(home.run)
    say(json.dumps(status.as_json(seen), indent=1) if chosen.json else status.as_table(seen))
    return 0 if seen and seen.ready else 1


def show_log(home: Home, chosen: argparse.Namespace) -> int:
    """Print a part's log."""
    log = startup.log_of(home, chosen.part)
    if not log.exists():
        raise StackError(f"{chosen.part} has not written anything yet")
    how = ["-n", "200", "-F"] if chosen.follow else ["-n", "+1"]
    return subprocess.call(["tail", *how, str(log)])


def reset(home: Home, chosen: argparse.Namespace) -> int:
    """Forget all state, after asking."""
    if not home.root.exists():
        say("There is nothing to forget.")
        return 0
    if not chosen.yes and not _agrees(f"Delete {home.root} with all data, models, mails and runs? [y/N] "):
        raise StackError("nothing was deleted")
    shutdown.reset(home)
    say(f"Deleted {home.root}.")
    return 0


def _agrees(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False


def password(home: Home, chosen: argparse.Namespace) -> int:
    """Print the password of Airflow's admin."""
    say(keys.load(home.secrets).admin_password)
    return 0


def show_env(home: Home, chosen: argparse.Namespace) -> int:
    """Print the variables for a shell."""
    import shlex

    for name, value in environment.shared(home, keys.load(home.secrets)).items():
        say(f"export {name}={shlex.quote(value)}")
    return 0


def supervise(home: Home, chosen: argparse.Namespace) -> int:
    """Be the supervisor: started by `up`, which hands over the lock."""
    from stack.supervisor import Supervisor

    os.set_inheritable(chosen.lock, False)
    lock.sign(chosen.lock)
    Supervisor(home.run, home.logs, parts.roster(home, keys.load(home.secrets))).run()
    return 0
