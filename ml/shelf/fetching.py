"""A version is fetched from MLflow, tried and compiled, in a process of its own, before the service touches it.

    python -m ml.shelf PIPELINE VERSION FOLDER

MLflow's client, a file that crashes whoever opens it, and a model that swallows the memory stay out of the process
that answers requests; so does the work, at a lower priority. It writes one line of JSON.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml import model_file
from ml.compiled import FILE, write
from ml.errors import NightshiftError, ServiceUnavailable, TrainingError
from ml.registry import Registry
from ml.shelf.copies import Copy
from ml.shelf.loading import check, opened

WITHIN = 300.0  # seconds in which a version must have been fetched and tried
ROOT = Path(__file__).parents[2]
_BEHIND = 5  # the answers come first, but on a busy machine the lowest priority would be none at all


def here(registry: Registry, pipeline: str, version: int, folder: Path) -> Copy:
    """The files of a version, brought below ``folder`` by this process, opened, asked its golden requests, compiled.

    Raises
    ------
    TrainingError
        There is no such version; it does not open, is not what was saved, or answers a golden request wrongly.
    ServiceUnavailable
        MLflow did not answer.
    """
    found = registry.version(pipeline, version)
    if found is None:
        raise TrainingError(f"{pipeline} version {version} is refused: MLflow has no such version")
    copy = Copy(version, found.run_id, registry.fetch_model(found.model_uri, folder), folder / FILE)
    served = opened(copy, pipeline, datetime.now(UTC))
    check(served)
    saved = registry.model_digest(found.model_uri)
    if saved is not None and saved != model_file.digest(served.predictor.estimator):
        raise TrainingError(f"{pipeline} version {version} is refused: its file holds another model than was saved")
    write(copy.compiled, served.predictor)
    return copy


def apart(mlflow_url: str, pipeline: str, version: int, folder: Path) -> Copy:
    """What ``here`` does, by a process of its own that has none of the secrets but MLflow's address.

    Raises
    ------
    TrainingError
        As ``here`` does; or the process died, or took longer than WITHIN.
    ServiceUnavailable
        MLflow did not answer.
    """
    words = [sys.executable, "-m", "ml.shelf", pipeline, str(version), str(folder)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NIGHTSHIFT_")}
    env = kept | {"PYTHONPATH": str(ROOT), "NIGHTSHIFT_MLFLOW_URL": mlflow_url}
    try:
        done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=WITHIN, check=False)
    except subprocess.TimeoutExpired as error:
        raise TrainingError(
            f"{pipeline} version {version} is refused: it was not fetched and opened within {WITHIN:.0f} s"
        ) from error
    return _answer(pipeline, version, folder, done)


def _answer(pipeline: str, version: int, folder: Path, done: "subprocess.CompletedProcess[str]") -> Copy:
    said = _last(done.stdout)
    if "away" in said:
        raise ServiceUnavailable(said["away"])
    if "refused" in said:
        raise TrainingError(said["refused"])
    if "model" not in said:
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[-1][:300]
        raise TrainingError(
            f"{pipeline} version {version} is refused: the process that opened it ended with exit code "
            f"{done.returncode}: {why}"
        )
    return Copy(version, said["run_id"], folder / said["model"], folder / FILE)


def _last(text: str) -> dict[str, Any]:
    lines = text.strip().splitlines()
    return dict(json.loads(lines[-1])) if lines and lines[-1].startswith("{") else {}


def main() -> None:
    """Fetch and try the version, and say what came of it."""
    pipeline, version, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    os.nice(_BEHIND)
    answers, sys.stdout = sys.stdout, sys.stderr  # a model that prints must not be taken for an answer
    try:
        copy = here(Registry(os.environ["NIGHTSHIFT_MLFLOW_URL"]), pipeline, version, folder)
        said = {"run_id": copy.run_id, "model": str(copy.folder.relative_to(folder))}
    except ServiceUnavailable as error:
        said = {"away": str(error)}
    except NightshiftError as error:
        said = {"refused": str(error)}
    answers.write(json.dumps(said) + "\n")
