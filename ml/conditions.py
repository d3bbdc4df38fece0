"""Under which conditions a model was fitted: code, configuration, lock, libraries, Python, processor, threads.

Whoever fits the same rows again under the same conditions gets the same model, to the bit. They are kept in the lake
beside the snapshot, once for all models that share them:

    <lake>/<pipeline>/conditions/<sha256>.json        this record
    <lake>/<pipeline>/locks/<sha256>.txt              the text of the requirements.lock that it names
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
from functools import cache
from pathlib import Path
from typing import Any

from ml import training
from ml.config import PipelineConfig
from ml.errors import DataError
from ml.lake import Lake
from ml.records import Record

_PACKAGE = Path(__file__).parent
_LOCK = _PACKAGE.parent / "requirements.lock"
# what put the libraries there, and ourselves, whose code is noted apart
_INSTALLERS = ("nightshift", "pip", "setuptools", "uv", "wheel")


class Conditions(Record):
    """What a fit depends on besides its rows.

    ``configuration`` is the pipeline's YAML as it was read, without the addresses of ``alerts``; ``code_sha256`` is
    the digest of the Python files of ``ml``, whatever the commit says. ``lock`` is the lake's place of the lock's
    text; None where the code runs without one. ``processor_features`` are those that NumPy chooses its code by.
    """

    configuration: dict[str, Any]
    recipe: str
    code_version: str
    code_sha256: str
    lock: str | None
    lock_sha256: str | None
    libraries: dict[str, str]
    python: str
    libc: str
    processor: str
    processor_features: tuple[str, ...]
    blas: tuple[str, ...]
    openmp_threads: int
    blas_threads: int


def gather(pipeline: PipelineConfig) -> Conditions:
    """The conditions of this process, which has just fitted a model of the pipeline."""
    from ml.ledger import code_version

    blas, openmp_threads, blas_threads = _pools()
    return Conditions(
        configuration=pipeline.model_dump(mode="json", exclude_unset=True, exclude={"alerts"}),
        recipe=training.recipe(pipeline.model, pipeline.features.digests),
        code_version=code_version(),
        code_sha256=code_digest(_PACKAGE),
        lock=None,
        lock_sha256=hashlib.sha256(_LOCK.read_bytes()).hexdigest() if _LOCK.is_file() else None,
        libraries=_libraries(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        libc=" ".join(platform.libc_ver()).strip() or platform.system(),
        processor=_processor(),
        processor_features=_features(),
        blas=blas,
        openmp_threads=openmp_threads,
        blas_threads=blas_threads,
    )


def keep(lake: Lake, pipeline: PipelineConfig) -> str:
    """The lake's place of the conditions of this process, and of the lock that they name."""
    found = gather(pipeline)
    if found.lock_sha256 is not None:
        lock = lake.put_bytes(_LOCK.read_bytes(), pipeline.name, "locks", suffix=".txt")
        found = found.model_copy(update={"lock": lock.uri, "lock_sha256": lock.fingerprint})
    text = found.model_dump_json(indent=1).encode()
    return lake.put_bytes(text, pipeline.name, "conditions", suffix=".json").uri


def read(lake: Lake, uri: str) -> Conditions:
    """What ``keep`` kept at ``uri``.

    Raises
    ------
    DataError
        It is not there, damaged, or of a version of the code that noted other things.
    """
    try:
        return Conditions.model_validate_json(lake.read_bytes(uri))
    except ValueError as error:
        raise DataError(
            f"the conditions {uri} were noted by a version of the code that this one does not understand: "
            f"{str(error).splitlines()[0]}"
        ) from error


@cache
def code_digest(package: Path) -> str:
    """The sha256 over the paths and contents of a package's Python files."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def _libraries() -> dict[str, str]:
    from importlib.metadata import distributions

    named = ((found.metadata["Name"], found.version) for found in distributions())
    own = {name.lower().replace("_", "-"): version for name, version in sorted(named)}
    return {name: version for name, version in own.items() if name not in _INSTALLERS}


@cache
def _processor() -> str:
    """The model as Linux tells it, with the kind of machine; elsewhere what Python knows of it."""
    named = re.compile(r"^(?:model name|Model|CPU part)\s*:\s*(.+)$", re.MULTILINE)
    try:
        found = named.search(Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return f"{found[1] if found else platform.processor()} {platform.machine()}".strip()


def _features() -> tuple[str, ...]:
    import numpy

    shown = numpy.show_config(mode="dicts")
    return tuple(sorted(shown["SIMD Extensions"].get("found", ())))


def _pools() -> tuple[tuple[str, ...], int, int]:
    """Which BLAS libraries are loaded, and how many threads a fit gets from OpenMP and from BLAS.

    Without OMP_NUM_THREADS scikit-learn starts no more threads than there are physical cores.
    """
    import sklearn.ensemble  # noqa: F401  the pools are those that it loads
    from joblib import cpu_count
    from threadpoolctl import threadpool_info  # type: ignore[import-untyped]

    pools = threadpool_info()
    blas = {f"{p['internal_api']} {p['version']} {p.get('architecture', '')}".strip() for p in _api(pools, "blas")}
    openmp = max((p["num_threads"] for p in _api(pools, "openmp")), default=1)
    if not os.environ.get("OMP_NUM_THREADS"):
        openmp = min(openmp, cpu_count(only_physical_cores=True))
    return tuple(sorted(blas)), openmp, max((p["num_threads"] for p in _api(pools, "blas")), default=1)


def _api(pools: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [pool for pool in pools if pool["user_api"] == name]
