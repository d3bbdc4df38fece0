"""A saved model in a fresh process, as a service holds it: does it open, what does it answer, and how fast.

    python -m ml.fresh_process FOLDER REQUESTS.parquet TASK

The process gets none of the secrets of the environment. It writes one line of JSON when it has opened the model and
answered every request, and one for each line that it reads: the milliseconds of one round of requests, by the clock
and by the processor. Models that are compared take turns round by round, and the quietest round of each counts:
another program on the machine can only make a round slower. By how much one is slower than the other is a question to
the processor's time, which other programs hardly touch.
"""

import json
import math
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import IO, TYPE_CHECKING, Any

from ml import model_file
from ml.errors import NightshiftError
from ml.gates.trial import Served
from ml.metrics import Task
from ml.records import Role

if TYPE_CHECKING:
    import pandas as pd

ROUNDS, WARM_UP = 8, 2
CALLS = {1: 20, 100: 5}  # requests of a round, by the rows of each
WITHIN = 900.0  # seconds in which a model must have opened and answered everything, on a busy machine too
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "VIRTUAL_ENV")
ROOT = Path(__file__).parents[1]


def serve(task: Task, folders: Mapping[Role, Path], requests: "pd.DataFrame") -> dict[Role, Served]:
    """What each model folder does in a process of its own with the same ``requests``, the processes taking turns."""
    with TemporaryDirectory() as place, ExitStack() as stack:
        rows = Path(place) / "requests.parquet"
        requests.reset_index(drop=True).to_parquet(rows)
        started = {
            role: stack.enter_context(_started(task, folder, rows, Path(place) / f"{role}.log"))
            for role, folder in folders.items()
        }
        first = {role: process.line() for role, process in started.items()}
        rounds = [
            {role: process.round() for role, process in started.items() if "refused" not in first[role]}
            for _ in range(ROUNDS)
        ]
        return {
            role: _served(folders[role], first[role], [one[role] for one in rounds if role in one]) for role in folders
        }


def _served(folder: Path, first: Mapping[str, Any], rounds: list[Any]) -> Served:
    dead: Mapping[str, Any] = next((found for found in rounds if "refused" in found), {})
    return Served(
        size=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        inputs=model_file.inputs(folder),
        refused=first.get("refused") or dead.get("refused"),
        memory=int(first.get("memory", 0)),
        missing=tuple(first.get("missing", ())),
        answers=tuple(float(answer) for answer in first.get("answers", ())),
        milliseconds=_quietest([] if dead else rounds, 0),
        busy=_quietest([] if dead else rounds, 1),
    )


def _quietest(rounds: list[Any], which: int) -> dict[int, float]:
    """What 95 of 100 requests take at most in the quietest round, by their rows; nothing of no round."""
    return {n: min(_p95([call[which] for call in one[str(n)]]) for one in rounds) for n in CALLS if rounds}


def _p95(milliseconds: list[float]) -> float:
    return sorted(milliseconds)[math.ceil(0.95 * len(milliseconds)) - 1]


class _Process:
    """One model's process: a line of JSON is its every answer."""

    def __init__(self, process: "subprocess.Popen[str]", log: Path) -> None:
        self.process, self.log = process, log

    def round(self) -> dict[str, Any]:
        """The milliseconds of one round by clock and processor, by the rows of a request."""
        try:
            assert self.process.stdin is not None
            self.process.stdin.write("round\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended: line() says how
        return self.line()

    def line(self) -> dict[str, Any]:
        """The next answer; when the process has ended instead, why."""
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        if said:
            return dict(json.loads(said))
        code = self.process.wait()
        last = (self.log.read_text(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
        late = f" after {WITHIN:.0f} s" if code < 0 else ""
        return {"refused": f"its process ended with exit code {code}{late}: {last[:300]}"}


@contextmanager
def _started(task: Task, folder: Path, requests: Path, log: Path) -> Iterator[_Process]:
    words = [sys.executable, "-m", "ml.fresh_process", str(folder), str(requests), task]
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    with (
        log.open("w") as errors,
        subprocess.Popen(
            words,
            cwd=ROOT,
            env=kept | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        alarm = threading.Timer(WITHIN, process.kill)
        alarm.start()
        try:
            yield _Process(process, log)
        finally:
            alarm.cancel()
            process.kill()
            with suppress(BrokenPipeError):  # what a process that has ended never read
                process.stdin.close()  # type: ignore[union-attr]


def main() -> None:
    """Open the model, answer the requests, then time a round for each line that comes in."""
    folder, rows, task = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    # a model that prints must not be taken for an answer
    answers, sys.stdout = sys.stdout, sys.stderr
    found = _opened(folder, rows, task)
    _say(answers, found[0])
    for _ in sys.stdin if found[1] else ():
        _say(answers, found[1]())


def _opened(folder: Path, rows: Path, task: str) -> tuple[dict[str, Any], Any]:
    """The first answer, and the way to time a round; None when there is nothing to time."""
    import pandas as pd
    import sklearn.ensemble
    import sklearn.pipeline  # noqa: F401 - what every model of ours needs is no part of its own memory

    from ml import training

    requests = pd.read_parquet(rows)
    before = _most_memory()
    try:
        model = model_file.load(folder, "under trial")
        memory = _most_memory() - before
        answers = training.predict(task, model, requests).tolist()  # type: ignore[arg-type]
    except NightshiftError as error:
        return {"refused": str(error)}, None
    missing = [unmet for line in _requirements(folder) if (unmet := _unmet(line))]
    first = {"memory": memory, "answers": [repr(answer) for answer in answers], "missing": missing}

    def ask(count: int, call: int) -> tuple[float, float]:
        some = requests.iloc[[(call * count + n) % len(requests) for n in range(count)]]
        begun, busy = perf_counter(), process_time()
        training.predict(task, model, some)  # type: ignore[arg-type]
        return (perf_counter() - begun) * 1000, (process_time() - busy) * 1000

    def round_() -> dict[str, list[tuple[float, float]]]:
        return {str(n): [ask(n, call) for call in range(calls)] for n, calls in CALLS.items()}

    for _ in range(WARM_UP):
        ask(1, 0)
    return first, round_


def _say(answers: IO[str], what: Mapping[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


def _most_memory() -> int:
    """The most memory that this process has held so far, in bytes."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _requirements(folder: Path) -> list[str]:
    path = folder / "requirements.txt"
    return [line.strip() for line in path.read_text().splitlines() if "==" in line] if path.is_file() else []


def _unmet(line: str) -> str | None:
    """What is here instead of a pinned requirement; None when it is met."""
    name, _, wanted = line.partition("==")
    try:
        here = version(name)
    except PackageNotFoundError:
        return f"{line} (not here)"
    return None if here == wanted else f"{line} ({here} is here)"


if __name__ == "__main__":
    main()
