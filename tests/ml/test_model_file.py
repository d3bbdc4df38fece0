import pickle

import numpy
import pytest
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from ml import model_file, training
from ml.errors import TrainingError

pytestmark = pytest.mark.integration


@pytest.fixture
def folder(tmp_path):
    """Writes a model folder as MLflow does."""

    def of(content=b"", **flavor):
        described = {"serialization_format": "skops", "pickled_model": "model.skops", **flavor}
        (tmp_path / "MLmodel").write_text(yaml.safe_dump({"flavors": {"sklearn": described}}))
        (tmp_path / "model.skops").write_bytes(content)
        return tmp_path

    return of


def dumped(estimator):
    from skops import io

    return io.dumps(estimator)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_the_default_estimator_holds_only_trusted_types(task, model, table):
    fitted = training.fit(model(task=task, label="late" if task == "classification" else "delay"), table())
    assert model_file.untrusted(model_file.types_in(fitted)) == []


def test_what_was_written_predicts_the_same_when_it_is_opened(folder, model, table):
    fitted = training.fit(model(), table())
    opened = model_file.load(folder(dumped(fitted)), "m")
    one, two = (training.predict("classification", e, table()) for e in (fitted, opened))
    assert (one == two).all()


def test_a_pickle_is_refused_unopened(folder):
    with pytest.raises(
        TrainingError, match="the model models:/m-1 is refused: its format is cloudpickle, and only skops"
    ):
        model_file.load(folder(serialization_format="cloudpickle"), "models:/m-1")


def test_a_pickle_under_the_name_of_a_skops_file_is_refused(folder):
    with pytest.raises(TrainingError, match=r"the model m is refused: its file is damaged"):
        model_file.load(folder(pickle.dumps("a model")), "m")


def test_the_inputs_are_those_that_the_folder_declares(folder, tmp_path):
    place = folder()
    assert model_file.inputs(place) == ()
    declared = '[{"type": "double", "name": "size", "required": true}]'
    (place / "MLmodel").write_text(yaml.safe_dump({"signature": {"inputs": declared}}))
    assert model_file.inputs(place) == (("size", "double"),)
    assert model_file.inputs(tmp_path / "nowhere") == ()


def test_a_type_that_is_not_trusted_is_refused(folder):
    harmful = dumped(FunctionTransformer(numpy.save))
    with pytest.raises(TrainingError, match=r"is refused: it holds numpy\.save, which is not trusted"):
        model_file.load(folder(harmful), "m")


def test_the_models_own_list_of_trusted_types_counts_for_nothing(folder):
    harmful = dumped(FunctionTransformer(numpy.save))
    with pytest.raises(TrainingError, match="not trusted"):
        model_file.load(folder(harmful, skops_trusted_types=["numpy.save"]), "m")


def test_a_path_out_of_the_folder_is_refused(folder):
    with pytest.raises(TrainingError, match="no file in its folder"):
        model_file.load(folder(pickled_model="../elsewhere"), "m")


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(TrainingError, match="it has no MLmodel file"):
        model_file.load(tmp_path, "m")


def test_a_lambda_is_refused_before_it_is_saved():
    with pytest.raises(TrainingError, match=r"cannot be written as a skops file|holds .*<lambda>"):
        model_file.types_in(FunctionTransformer(lambda frame: frame))


def test_an_owners_function_is_trusted_and_what_the_owner_imported_is_not():
    names = ["ml.pipelines.default.as_texts", "ml.pipelines.default.TYPE_CHECKING", "ml.pipelines.flight_delays.Any"]
    assert model_file.untrusted(names) == names[1:]


def test_code_that_is_gone_is_a_sentence(folder, monkeypatch):
    from ml.pipelines import default

    data = dumped(FunctionTransformer(default.as_texts))
    monkeypatch.delattr(default, "as_texts")
    with pytest.raises(TrainingError, match="m "):
        model_file.load(folder(data), "m")


def test_equal_fits_have_equal_digests_though_their_files_differ():
    def fit(c=1.0):
        x = numpy.arange(20.0).reshape(-1, 1)
        return make_pipeline(FunctionTransformer(), LogisticRegression(C=c)).fit(x, x[:, 0] > 9)

    assert dumped(fit()) != dumped(fit())
    assert model_file.digest(fit()) == model_file.digest(fit()) != model_file.digest(fit(c=2.0))


def test_a_damaged_file_is_a_sentence(folder):
    data = dumped(FunctionTransformer())
    for damaged in (b"not a model", data[: len(data) // 2], data[:60] + b"?" * 40 + data[100:]):
        with pytest.raises(TrainingError, match=r"m is refused: its file is damaged"):
            model_file.load(folder(damaged), "m")
