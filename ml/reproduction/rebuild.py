"""A model fitted once more in a process of its own, with nothing but the lake and what the training noted.

The process is started with the number of threads of the training, since libraries read it once. In a locked
environment it is that environment's Python and that commit's code, so what the two tell each other is small: a request
and an answer, a JSON file each.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ml import errors
from ml.conditions import Conditions
from ml.errors import ConfigError, NightshiftError, TrainingError
from ml.records import Record, Snapshot

if TYPE_CHECKING:
    import numpy
    import pandas as pd

    from ml.workspace import Run


class Request(Record):
    """Which model to fit again: ``lake`` and ``original`` are folders, the latter of the saved model if it is there."""

    name: str
    snapshot: Snapshot
    configuration: dict[str, Any]
    lake: str
    original: str | None = None


class Answer(Record):
    """What came out. ``moved`` holds the absolute differences of each probe row's prediction to the saved model's."""

    model_sha256: str
    probe_sha256: str
    conditions: Conditions
    moved: tuple[float, ...] | None = None
    unopened: str | None = None


@dataclass(frozen=True)
class Interpreter:
    """The Python that fits, and the folder whose ``ml`` it imports. ``version`` is what that code calls itself."""

    python: Path
    code: Path
    version: str | None = None

    @classmethod
    def here(cls) -> Interpreter:
        return cls(Path(sys.executable), Path(__file__).parents[2])


def ask(request: Request, conditions: Conditions, interpreter: Interpreter) -> Answer:
    """Let a new process fit the model.

    OMP_NUM_THREADS and OPENBLAS_NUM_THREADS of our own environment are obeyed; where they are not set, the process
    gets as many threads as the training had.

    Raises
    ------
    NightshiftError
        What the process foresaw, as the error that it raised there.
    TrainingError
        The process was killed, or met a bug; its words went to standard error.
    """
    with TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "request.json", Path(folder) / "answer.json"
        asked.write_text(request.model_dump_json())
        command = [str(interpreter.python), "-m", "ml.reproduction", str(asked), str(answered)]
        code = subprocess.run(
            command, cwd=interpreter.code, env=_environment(conditions, interpreter), stdout=2
        ).returncode
        if code or not answered.is_file():
            how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
            raise TrainingError(f"the process that fitted the model {request.name!r} again {how}")
        return _understood(json.loads(answered.read_text()))


def _environment(conditions: Conditions, interpreter: Interpreter) -> dict[str, str]:
    threads = {
        "OMP_NUM_THREADS": str(conditions.openmp_threads),
        "OPENBLAS_NUM_THREADS": str(conditions.blas_threads),
    }
    if "OMP_NUM_THREADS" in os.environ:
        del threads["OPENBLAS_NUM_THREADS"]  # OpenBLAS obeys that variable too
    named = {} if interpreter.version is None else {"NIGHTSHIFT_CODE_VERSION": interpreter.version}
    return {**threads, **os.environ, "PYTHONPATH": str(interpreter.code), **named}


def _understood(answer: Mapping[str, Any]) -> Answer:
    if "error" in answer:
        raise getattr(errors, answer["error"], TrainingError)(answer["sentence"])
    return Answer.model_validate(answer)


def main(asked: Path, answered: Path) -> None:
    """Be that process: read a request, fit, and write the answer, or the error that was foreseen."""
    try:
        text = fit_again(Request.model_validate_json(asked.read_text())).model_dump_json()
    except NightshiftError as error:
        text = json.dumps({"error": type(error).__name__, "sentence": str(error)})
    answered.write_text(text)


def fit_again(request: Request) -> Answer:
    """The model that the request names, fitted in this process.

    Raises
    ------
    ConfigError
        The configuration is not one that this version of the code reads.
    DataError, TrainingError
        The snapshot is damaged, or cannot be learned from.
    """
    from ml import conditions, fitting, model_file

    with TemporaryDirectory() as folder:
        run = _run(request, Path(folder))
        fit = fitting.FITS[request.name](run, request.snapshot)
    moved, unopened = _moved(request, fit.estimator, fit.probe)
    return Answer(
        model_sha256=model_file.digest(fit.estimator),
        probe_sha256=model_file.probe_digest(fit.estimator, fit.probe),
        conditions=conditions.gather(run.pipeline),
        moved=moved,
        unopened=unopened,
    )


def _run(request: Request, apart: Path) -> Run:
    """A run that can read the lake and nothing else: its ledger and registry are apart, and never touched."""
    from pydantic import ValidationError

    from ml.config import PipelineConfig
    from ml.lake import Lake
    from ml.settings import Settings
    from ml.workspace import Run, Workspace

    try:
        pipeline = PipelineConfig.model_validate(request.configuration)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"the configuration of the training is none that this version of the code reads ({where}: {first['msg']}); "
            "--environment runs the version that wrote it"
        ) from error
    place = Workspace.of(Settings.apart(apart, apart))
    return Run(pipeline, request.snapshot.day, dataclasses.replace(place, lake=Lake(Path(request.lake))))


def _moved(request: Request, estimator: Any, probe: pd.DataFrame) -> tuple[tuple[float, ...] | None, str | None]:
    """How far each prediction on the probe is from the saved model's; or why that model could not be asked."""
    import numpy

    from ml import model_file

    if request.original is None:
        return None, "its files are gone"
    try:
        original = model_file.load(Path(request.original), f"{request.name} of the training")
    except TrainingError as error:
        return None, str(error)
    apart: numpy.ndarray[Any, Any] = numpy.abs(_predicted(original, probe) - _predicted(estimator, probe))
    return tuple(float(value) for value in apart.reshape(len(probe), -1).max(axis=1)), None


def _predicted(estimator: Any, probe: pd.DataFrame) -> numpy.ndarray[Any, Any]:
    import numpy

    return numpy.asarray(getattr(estimator, "predict_proba", estimator.predict)(probe), dtype="float64")
