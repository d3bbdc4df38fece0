"""What differs between the conditions of a training and those in which it was done again, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ml.conditions import Conditions
from ml.records import Record

# Those that a fit computes with come first; the others can only matter through an owner's estimator.
_COMPUTING = ("numpy", "scipy", "scikit-learn", "pandas", "polars", "pyarrow", "joblib", "threadpoolctl", "skops")
_MOST = 10


class Difference(Record):
    """One thing that is not as it was; ``kind`` is code, configuration, lock, libraries, Python, processor, threads."""

    kind: str
    then: str
    here: str
    sentence: str


def between(then: Conditions, here: Conditions) -> tuple[Difference, ...]:
    """Everything that differs, in the order in which it is worth looking at."""
    return tuple(_all(then, here))


def _all(then: Conditions, here: Conditions) -> Iterator[Difference]:
    yield from _code(then, here)
    yield from _one("configuration", "the recipe (estimator, its parameters, features, seed)", then.recipe, here.recipe)
    yield from _libraries(then.libraries, here.libraries)
    yield from _one("lock", "requirements.lock", _short(then.lock_sha256), _short(here.lock_sha256))
    yield from _one("Python", "Python", then.python, here.python)
    yield from _one("Python", "the C library", then.libc, here.libc)
    yield from _one("processor", "the processor", then.processor, here.processor)
    features = (" ".join(c.processor_features) or "none" for c in (then, here))
    yield from _one("processor", "NumPy's code for the processor", *features)
    yield from _one("processor", "BLAS", *(", ".join(c.blas) or "none" for c in (then, here)))
    yield from _one("threads", "the number of OpenMP threads", str(then.openmp_threads), str(here.openmp_threads))
    yield from _one("threads", "the number of BLAS threads", str(then.blas_threads), str(here.blas_threads))


def _one(kind: str, what: str, then: str, here: str) -> Iterator[Difference]:
    if then != here:
        yield Difference(kind=kind, then=then, here=here, sentence=f"{what} was {then}, here it is {here}")


def _code(then: Conditions, here: Conditions) -> Iterator[Difference]:
    """The files of ``ml`` that differ; another commit with the same files is no difference."""
    if then.code_sha256 != here.code_sha256:
        names = [f"{c.code_version} (files {_short(c.code_sha256)})" for c in (then, here)]
        yield from _one("code", "the code", *names)


def _libraries(then: Mapping[str, str], here: Mapping[str, str]) -> Iterator[Difference]:
    """Each library with another version, those that fits compute with first; at most ten, then how many more."""
    different = sorted(name for name in then.keys() | here.keys() if then.get(name) != here.get(name))
    ordered = sorted(different, key=lambda name: (name not in _COMPUTING, name))
    for name in ordered[:_MOST]:
        yield from _one("libraries", name, then.get(name, "absent"), here.get(name, "absent"))
    if more := ordered[_MOST:]:
        sentence = f"and {len(more)} more libraries: {', '.join(more)}"
        yield Difference(kind="libraries", then="", here="", sentence=sentence)


def of_yaml(then: Mapping[str, Any], today: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What the pipeline's YAML says otherwise today. The fit used what it said then, so this explains nothing."""
    old, new = dict(_leaves(_telling(then))), dict(_leaves(_telling(today)))
    changed = sorted(place for place in old.keys() | new.keys() if old.get(place) != new.get(place))
    return tuple(
        found
        for place in changed
        for found in _one("YAML", place, str(old.get(place, "not given")), str(new.get(place, "not given")))
    )


def _telling(configuration: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in configuration.items() if name in ("model", "evaluation", "window")}


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _leaves(part, f"{place}.{name}" if place else str(name))
    else:
        yield place, value


def _short(digest: str | None) -> str:
    return digest[:12] if digest else "none"
