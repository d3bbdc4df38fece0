"""Bodies that nobody should send: each gets a sentence that names what is wrong, and none gets a 500 or is cast."""

import json
from datetime import datetime

import pytest

from ml.serving.reading import Reading
from ml.serving.refusals import LISTED, Refused
from tests.ml.serving import flights

ODD = {
    "distance": [
        "700", "", True, False, None, [], {}, [700], {"a": 1}, 700.5, -1, 0, 49, 6001, 10**30, -(10**30), 1e300,
        2**63, float("nan"), float("inf"), float("-inf"), 9007199254740993,
    ],
    "temp": ["42", "NaN", True, [], {}, float("nan"), float("inf"), 121, -31, 1e308, 10**400],
    "carrier": [5, True, None, [], {}, "", "united", "ua", "UA\n", " UA", "U\x00", "\u202eUA", "é" * 2, "U" * 1001],
    "origin": ["LHR", "", "ewr", "EWR ", 1, None, ["EWR"], {"EWR": 1}, "E" * 100_000],
    "dest": ["BOS2", "b", 0, None, [[]], "'; DROP TABLE predictions; --", "<script>alert(1)</script>"],
    "sched_dep": [
        "", "yesterday", "2013-06-01", "14:30", "2013-06-31T14:30:00", "2013-06-01T25:00:00", "2013-06-01T14:30:00Z",
        "2013-06-01T14:30:00+02:00", "1370097000", 1370097000, 1370097000.5, True, None, [], {}, "0001-01-01T00:00:00",
        "9999-12-31T23:59:59", "1899-12-31T23:59:59", "2013-06-01T14:30:00.1234567", "\uff12013-06-01T14:30:00",
    ],
    "flight": ["1541", 0, 10_000, 1.5, None, True, -1, 1e20],
}  # fmt: skip
FIELDS = [(name, value) for name, values in ODD.items() for value in values]
BODIES = [
    b"", b" ", b"\x00", b"\xff\xfe", b"nul", b"null", b"true", b"5", b'"text"', b"[]", b"[[]]", b"[null]", b"[5]",
    b"[{}]",
    b"{}", b"{", b"}", b"[", b'{"a"}', b'{"a":}', b'{a: 1}', b"{'a': 1}", b'{"a": 1,}', b"[1,]", b"NaN", b"[NaN]",
    b"Infinity", b"-", b"1e", b"\xef\xbb\xbf{}", '{"é": 1}'.encode("latin-1"), '{"a": 1}'.encode("utf-16"),
    '{"a": 1}'.encode("utf-32"), b'{"a": "\\ud800"}', b'{"a": "\\u12"}', b'{"a": "\n"}', b"[" * 100_000,
    b'{"a":' * 100_000, b"[" * 150 + b"]" * 150, b'{"a": ' + b"9" * 100_000 + b"}", b'{"a": 1e999999}',
    b'{"a": "' + b"x" * 5_000_000 + b'"}', b"[" + b"{}," * 9_999 + b"{}]", b"[" + b"{}," * 10_000 + b"{}]",
    b'{"__proto__": {"a": 1}}', b'{"": 1}', b'{"carrier": "UA", "carrier": "B6"}', b'{"a": 1} {"a": 2}',
    b"distance=700&carrier=UA", b"<row/>", b"{{7*7}}", b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"\x80\x04\x95",
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), FIELDS, ids=lambda v: repr(v)[:30])
def test_a_wrong_value_is_refused_by_its_name(shared, row, name, value):
    answer = shared.predict(row(**{name: value}))
    assert answer.status_code == 422
    [wrong] = answer.json()["wrong"]
    assert (wrong["row"], wrong["field"]) == (0, name)
    assert len(wrong["value"]) <= 40
    assert wrong["value"].isascii()
    assert "<" not in wrong["value"]
    assert wrong["wanted"]


@pytest.mark.parametrize("body", BODIES, ids=lambda b: repr(b)[:30])
def test_a_body_that_holds_no_rows_is_refused_with_a_sentence(shared, body):
    answer = shared.predict(body)
    assert answer.status_code in (400, 413, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.json()["detail"]) < 300


def test_one_answer_names_every_wrong_field_of_every_row(shared, row):
    answer = shared.predict([row(distance="far", colour="red"), row(), row(carrier=None) | {"late": True}])
    assert answer.json()["detail"] == "4 fields are wrong in 2 rows"
    assert answer.json()["wrong"] == [
        {"row": 0, "field": "distance", "value": '"far"', "wanted": "a whole number from 50 to 6000"},
        {"row": 0, "field": '"colour"', "value": '"red"', "wanted": "nothing: there is no such field"},
        {
            "row": 2,
            "field": "carrier",
            "value": "null",
            "wanted": "a text of up to 1,000 characters like ^[0-9A-Z]{2}$",
        },
        {"row": 2, "field": '"late"', "value": "true", "wanted": "nothing: it is what is predicted"},
    ]


def test_a_missing_field_is_named_and_null_is_how_to_say_that_it_is_not_known(shared, row):
    lacking = row()
    del lacking["temp"]
    [wrong] = shared.predict(lacking).json()["wrong"]
    assert (wrong["field"], wrong["value"]) == ("temp", "missing")
    assert wrong["wanted"] == "a number from -30 to 120, or null"
    assert shared.predict(row(temp=None)).status_code == 200


def test_a_misspelt_field_is_told_its_name(shared, row):
    [wrong] = shared.predict(row(wind_sped=3)).json()["wrong"]
    assert wrong["wanted"] == "nothing: there is no such field; did you mean wind_speed?"


def test_a_row_that_breaks_a_rule_between_columns_is_refused(shared, row):
    [wrong] = shared.predict([row(), row(distance=6000, sched_elapsed=100)]).json()["wrong"]
    assert (wrong["row"], wrong["field"], wrong["value"]) == (1, "distance, sched_elapsed", "6000.0, 100.0")
    assert wrong["wanted"].startswith("sched_elapsed * 12 >= distance (nothing in the fleet")


def test_columns_of_the_contract_that_the_model_does_not_take_may_come_along_and_are_checked(shared, row):
    assert shared.predict(row(tailnum="N14228", weather_hour=row()["sched_dep"])).status_code == 200
    assert shared.predict(row(tailnum="D-ABCD")).json()["wrong"][0]["field"] == "tailnum"
    later = shared.predict(row(weather_hour="2100-01-01T00:00:00")).json()["wrong"][0]
    assert later["field"] == "sched_dep, weather_hour"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"a": 1, "a": 2}', '"a"'),
        (b'[{"carrier": "UA"}, {"carrier": "UA", "carrier" : "UA"}]', '"carrier"'),
        (b'{"carrier": "UA", "\\u0063arrier": "B6"}', '"carrier"'),
    ],
)
def test_a_field_that_stands_twice_is_refused(shared, body, field):
    answer = shared.predict(body)
    assert answer.status_code == 400
    assert answer.json()["detail"] == f"the field {field} stands twice in one row; which value counts?"


def test_a_field_that_stands_twice_in_a_row_that_is_right_otherwise_is_refused(shared, row):
    whole = json.dumps(row(carrier="UA"))
    for second in ('"carrier":"B6"', '"carrier" : "UA"', '"\\u0063arrier": "UA"', '"temp": 1'):
        assert shared.predict(f"{whole[:-1]}, {second}}}".encode()).status_code == 400


def test_numbers_that_are_whole_are_ints_however_they_are_written(shared, row):
    for same in (b"700", b"700.0", b"7e2", b"7.0E+2"):
        body = json.dumps(row(distance=0)).encode().replace(b'"distance": 0', b'"distance": ' + same)
        assert shared.predict(body).status_code == 200


def test_a_category_that_was_never_seen_is_answered_unless_the_contract_names_all(shared, row):
    assert shared.predict(row(carrier="ZZ", dest="XYZ")).status_code == 200
    assert shared.predict(row(origin="XYZ")).status_code == 422


def test_more_rows_than_the_limit_are_refused(client, row):
    asked = client(rows=2)
    assert asked.predict([row()] * 2).status_code == 200
    answer = asked.predict([row()] * 3)
    assert answer.status_code == 413
    assert answer.json()["detail"] == "the request holds 3 rows, and 2 are the limit; send them in parts"


def test_a_longer_body_than_the_limit_is_refused(client, row):
    answer = client(body=1000).predict([row()] * 9)
    assert answer.status_code == 413
    assert "longer than 1,000 bytes" in answer.json()["detail"]


def test_the_key_may_be_left_out_where_the_yaml_says_so(client, row):
    lacking = row()
    del lacking["flight"]
    assert client().predict(lacking).json()["wrong"][0]["field"] == "flight"
    assert client(key="optional").predict(lacking).status_code == 200


def test_of_many_wrong_fields_the_first_are_listed():
    reading = Reading.of(flights.PIPELINE, flights.INPUTS)
    with pytest.raises(Refused) as refused:
        reading.rows(json.dumps([{}] * 100).encode())
    assert refused.value.sentence.endswith("are wrong in 100 rows; the first 1,000 are listed")
    assert len(refused.value.document["wrong"]) == LISTED


def test_what_is_read_is_what_was_sent(row):
    reading = Reading.of(flights.PIPELINE, flights.INPUTS)
    [read] = reading.rows(json.dumps(row(temp=41.5, carrier="B6")).encode())
    assert (read["temp"], read["carrier"], read["distance"]) == (41.5, "B6", row()["distance"])
    assert read["sched_dep"] == datetime.fromisoformat(row()["sched_dep"])


@pytest.mark.parametrize("body", [b'[%s, {"flight": 1, %s]', b'[%s, {"x": 1, %s]'])
def test_a_name_too_many_among_many_rows_is_seen(shared, row, body):
    one = json.dumps(row()).encode()
    answer = shared.predict(body % (b", ".join([one] * 9), one[1:]))
    assert answer.status_code in (400, 422)
    assert "flight" in answer.text or "there is no such field" in answer.text
