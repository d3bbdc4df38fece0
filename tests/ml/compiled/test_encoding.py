"""Transformers as what they do to plain arrays."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder

from ml.compiled.encoding import arrays, encoder, frame
from ml.compiled.forest import CannotCompile
from ml.pipelines import default, flight_delays

KINDS = {"at": "datetime", "town": "string", "size": "double", "age": "double", "new": "boolean"}
ROWS = [
    {"at": datetime(2013, 1, 1, 0, 0), "town": "Aachen", "size": 1.5, "age": 3.0, "new": True},
    {"at": datetime(2013, 6, 9, 23, 59, 59, 999999), "town": "Bonn", "size": None, "age": -0.0, "new": False},
    {"at": datetime(1969, 12, 31, 12, 30), "town": None, "size": 1e300, "age": None, "new": None},
    {"at": datetime(2013, 6, 9, 7, 5), "town": "Celle", "size": -7.25, "age": 1.0, "new": True},
] * 5
TABLE = frame(arrays(KINDS, ROWS))
LABELS = np.arange(len(ROWS)) % 2
PARTS = {
    "clock": (FunctionTransformer(flight_delays.as_clock), ["at"]),
    "floats": (FunctionTransformer(flight_delays.as_floats), ["size", "age"]),
    "calendar": (FunctionTransformer(default.as_calendar), ["at"]),
    "numbers": (FunctionTransformer(default.as_numbers), ["size", "age"]),
    "codes": (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["town"]),
    "coded gaps": (
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2),
        ["town"],
    ),
    "means": (TargetEncoder(target_type="binary", cv=KFold(3)), ["town"]),
    "rare": (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=6), ["town"]),
    "one hot": (OneHotEncoder(handle_unknown="ignore"), ["town"]),
    "imputer": (SimpleImputer(), ["size", "age"]),
    "scaler": (StandardScaler(), ["age"]),
    "as it is": ("passthrough", ["size", "age"]),
}


def fitted(*parts, **more):
    columns = ColumnTransformer([(str(n), *part) for n, part in enumerate(parts)], **more)
    return columns.fit(TABLE, LABELS)


def same(found, wanted):
    wanted = np.asarray(wanted.toarray() if hasattr(wanted, "toarray") else wanted, dtype="float64")
    return ((found == wanted) | (np.isnan(found) & np.isnan(wanted))).all() and found.shape == wanted.shape


@pytest.mark.parametrize("name", PARTS)
def test_a_part_gives_what_scikit_learn_gives(name):
    columns = fitted(PARTS[name])
    encode = encoder(columns, KINDS)
    asked = [*ROWS[:4], ROWS[0] | {"town": "nowhere"}]
    assert same(encode(arrays(KINDS, asked)), columns.transform(frame(arrays(KINDS, asked))))
    assert same(encode(arrays(KINDS, asked[:1])), columns.transform(frame(arrays(KINDS, asked[:1]))))


def test_parts_stand_in_their_order_and_what_is_dropped_is_not_there():
    parts = [PARTS["codes"], ("drop", ["age"]), PARTS["one hot"], PARTS["clock"], (StandardScaler(), [])]
    columns = fitted(*parts, remainder=FunctionTransformer(flight_delays.as_floats), sparse_threshold=0)
    kinds = {name: kind for name, kind in KINDS.items() if name != "new"}
    columns = columns.fit(TABLE.drop(columns="new"), LABELS)
    known = arrays(kinds, ROWS)
    assert same(encoder(columns, kinds)(known), columns.transform(frame(known)))


def test_texts_that_are_made_texts_first_are_looked_up_too():
    from sklearn.pipeline import make_pipeline

    texts = make_pipeline(FunctionTransformer(default.as_texts), TargetEncoder(target_type="binary", cv=KFold(3)))
    columns = fitted((texts, ["town"]))
    assert same(encoder(columns, KINDS)(arrays(KINDS, ROWS)), columns.transform(TABLE))


@pytest.mark.parametrize("odd", [StandardScaler(), fitted(PARTS["scaler"], transformer_weights={"0": 2.0})])
def test_what_is_no_plain_column_transformer_is_not_compiled(odd):
    with pytest.raises(CannotCompile):
        encoder(odd, KINDS)


def test_what_a_row_lacks_is_missing():
    lacking = arrays(KINDS, [{}])
    assert np.isnat(lacking["at"][0])
    assert np.isnan(lacking["size"][0])
    assert lacking["town"][0] is None


def test_the_frame_is_that_of_golden_requests():
    from tests.ml.golden_frame import golden_frame

    plain = [{k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items()} for row in ROWS]
    pd.testing.assert_frame_equal(frame(arrays(KINDS, ROWS)), golden_frame(tuple(KINDS.items()), plain))
