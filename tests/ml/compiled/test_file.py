"""A compiled model as a file of arrays: what is read gives the same numbers, and walks within its trees."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml import compiled
from ml.compiled.encoding import Asked, Encoder, Function
from ml.errors import TrainingError
from tests.ml.serving import flights

WHOLE = flights.served().predictor
ROWS = [dict(row) for row in flights.served().golden]


@pytest.fixture
def path(tmp_path):
    assert compiled.write(tmp_path / compiled.FILE, WHOLE)
    return tmp_path / compiled.FILE


@pytest.fixture
def altered(path):
    """The file with something changed: in what it says of itself, or in its nodes."""

    def made(about=lambda about: None, nodes=lambda nodes: None):
        with np.load(path) as kept:
            said, found = json.loads(kept["about"].tobytes()), kept["nodes"].copy()
        about(said)
        found = nodes(found) if nodes(found) is not None else found
        np.savez(path, about=np.frombuffer(json.dumps(said).encode(), dtype="uint8"), nodes=found)
        return path

    return made


def test_what_is_read_gives_the_same_numbers_to_the_last_bit(path):
    found = compiled.read(path)
    assert found.compiled
    assert found.estimator is None
    assert found.kinds == dict(flights.INPUTS)
    assert list(found.kinds) == [name for name, _ in flights.INPUTS]
    assert (found.answers(ROWS) == WHOLE.answers(ROWS)).all()
    odd = [dict.fromkeys(found.kinds), dict(ROWS[0]) | {"carrier": "nobody", "distance": 1e300}]
    assert (found.answers(odd) == WHOLE.answers(odd)).all()


def test_a_number_of_a_regression_comes_back_too(tmp_path):
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.pipeline import make_pipeline

    table, names = flights.table(), ["distance", "temp"]
    columns = ColumnTransformer([("numbers", "passthrough", names)])
    model = make_pipeline(columns, HistGradientBoostingRegressor(max_iter=5, loss="poisson"))
    model.fit(table[names], table["distance"])
    rows = [{"distance": 500.0 + n, "temp": None if n % 3 else 10.0} for n in range(9)]
    whole = compiled.predictor(model, "regression", (("distance", "double"), ("temp", "double")), rows)
    assert compiled.write(tmp_path / "it.npz", whole)
    assert (compiled.read(tmp_path / "it.npz").answers(rows) == whole.answers(rows)).all()


def test_a_part_that_is_asked_as_it_is_cannot_be_kept(tmp_path):
    asked = replace(WHOLE, encode=Encoder((*WHOLE.encode.parts, Asked(("distance",), None))))
    assert not compiled.write(tmp_path / "it.npz", asked)
    assert not compiled.write(tmp_path / "it.npz", replace(WHOLE, forest=None))
    assert not (tmp_path / "it.npz").exists()
    assert compiled.read(tmp_path / "it.npz") is None


def test_what_another_library_made_is_not_used(altered):
    assert compiled.read(altered(lambda about: about["made_with"].update({"scikit-learn": "0.1"}))) is None


@pytest.mark.parametrize(
    ("function", "why"),
    [
        ({"module": "os", "function": "system"}, "os.system is no function of plain arrays under ml.pipelines"),
        ({"module": "ml.pipelines.flight_delays", "function": "estimator"}, "is no function of plain arrays"),
        ({"module": "ml.pipelines.flight_delays", "function": "gone_plain"}, "gone_plain is gone"),
        ({"module": "ml.pipelines.no_such", "function": "as_clock_plain"}, "as_clock_plain is gone"),
    ],
)
def test_code_that_is_not_an_owners_function_is_refused(altered, function, why):
    def named(about):
        next(part for part in about["parts"] if part["kind"] == "function").update(function)

    with pytest.raises(TrainingError, match=why):
        compiled.read(altered(named))


@pytest.mark.parametrize(
    ("name", "to"), [("left", 0), ("right", 0), ("left", 10**9), ("right", 10**9), ("feature_idx", 99)]
)
def test_a_node_that_points_out_of_its_tree_is_refused(altered, name, to):
    def bent(nodes):
        nodes[name][np.flatnonzero(nodes["is_leaf"] == 0)[3]] = to

    with pytest.raises(TrainingError, match="a node points out of its tree"):
        compiled.read(altered(nodes=bent))


def test_nodes_that_are_too_few_are_refused(altered):
    with pytest.raises(TrainingError, match="its nodes are not those of its trees"):
        compiled.read(altered(nodes=lambda nodes: nodes[:-1]))


def test_a_function_is_called_by_its_name():
    with pytest.raises(compiled.CannotCompile, match=r"ml\.nowhere\.f_plain is no function"):
        Function(("a",), "ml.nowhere", "f_plain")


BYTES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None)
@given(BYTES)
def test_whatever_is_changed_in_its_nodes_it_is_refused_or_answers(changes):
    """Nothing hangs and nothing crashes: a walk that is accepted ends."""
    forest = WHOLE.forest
    raw = bytearray(forest.nodes.tobytes())
    for place, value in changes:
        raw[place % len(raw)] = value
    nodes = np.frombuffer(bytes(raw), dtype=forest.nodes.dtype)
    about = {
        "task": "classification",
        "inputs": list(WHOLE.kinds.items()),
        "parts": [],
        "trees": {"sizes": forest.sizes, "columns": forest.columns, "baseline": 0.0, "link": forest.link},
    }
    from ml.compiled import file

    try:
        found = file._predictor(about, nodes)
    except ValueError:
        return
    assert len(found.forest.answers(np.zeros((3, forest.columns)))) == 3
