"""What differs between two sets of conditions."""

import pytest

from ml.reproduction import differences

pytestmark = pytest.mark.integration


@pytest.fixture
def then(origin):
    return origin.models[0].conditions


def kinds(then, **changes):
    return [(d.kind, d.sentence) for d in differences.between(then, then.model_copy(update=changes))]


def test_equal_conditions_differ_in_nothing(then):
    assert kinds(then) == []


def test_another_commit_with_the_same_files_is_no_difference(then):
    assert kinds(then, code_version="another") == []


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"code_sha256": "f" * 64, "code_version": "v2"}, "code", "here it is v2 (files ffffffffffff)"),
        ({"recipe": "other"}, "configuration", "here it is other"),
        ({"lock_sha256": None}, "lock", "here it is none"),
        ({"python": "CPython 3.13.1"}, "Python", "here it is CPython 3.13.1"),
        ({"libc": "musl 1.2"}, "Python", "the C library was"),
        ({"processor": "another"}, "processor", "here it is another"),
        ({"processor_features": ()}, "processor", "NumPy's code for the processor was"),
        ({"blas": ("mkl 2026",)}, "processor", "here it is mkl 2026"),
        ({"openmp_threads": 7}, "threads", "the number of OpenMP threads was 1, here it is 7"),
        ({"blas_threads": 7}, "threads", "the number of BLAS threads was 1, here it is 7"),
    ],
)
def test_each_condition_has_a_sentence_with_both_values(then, change, kind, words):
    ((found, sentence),) = kinds(then, **change)
    assert found == kind
    assert words in sentence


def test_libraries_that_fits_compute_with_come_first_and_a_crowd_is_counted(then):
    here = {**then.libraries, "scikit-learn": "0.1", "newcomer": "2"}
    (first, second) = kinds(then, libraries=here)
    assert first == ("libraries", f"scikit-learn was {then.libraries['scikit-learn']}, here it is 0.1")
    assert second == ("libraries", "newcomer was absent, here it is 2")
    assert kinds(then, libraries={})[-1][1].startswith(f"and {len(then.libraries) - 10} more libraries: ")


def test_the_yaml_of_today_is_compared_where_it_tells_something():
    then = {"name": "a", "model": {"seed": 3, "label": "late"}, "retrain": {"every": 1}}
    today = {"name": "a", "model": {"seed": 4, "label": "late", "task": "regression"}, "retrain": {"every": 2}}
    assert [d.sentence for d in differences.of_yaml(then, today)] == [
        "model.seed was 3, here it is 4",
        "model.task was not given, here it is regression",
    ]
