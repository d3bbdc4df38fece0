"""Everything that ends or fools Evidently's report, at once and through a whole night: a sentence each, no traceback.

One column for each case, all of them in one night between clean days, beside two columns as they should be; then the
night after, whose reference has that day in it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy
import polars as pl
import pytest
import yaml

from ml import steps
from ml.workspace import Workspace

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

FIRST, DAYS, ROWS = date(2013, 5, 1), 46, 60
NIGHT = FIRST + timedelta(days=DAYS - 2)
EVIL = "</script><script>alert(1)</script>"
NUMBER, WORD = "wasserstein", "jensenshannon"


@dataclass(frozen=True)
class Case:
    """A column: what it holds on usual days and on the nasty one (None: nothing at all), and what the report says.

    ``problem`` is a part of its sentence, None where it is compared; without ``own`` its threshold is calibrated.
    """

    method: str
    usual: Any
    nasty: Any
    problem: str | None = None
    drifted: bool = False
    own: bool = True


def numbers(rng):
    return rng.normal(size=ROWS)


def words(rng):
    return rng.choice(["a", "b", "c"], ROWS).tolist()


def always(value, dtype=None):
    return lambda rng: pl.Series([value] * ROWS, dtype=dtype)


def half(make, odd):
    return lambda rng: [odd if n % 2 else value for n, value in enumerate(make(rng))]


def whole(rng):
    return rng.integers(0, 9, ROWS)


def texts(make):
    return lambda rng: [str(value) for value in make(rng)]


def categories(rng):
    return pl.Series(words(rng), dtype=pl.Categorical)


def many(rng):
    return [f"c{n}" for n in rng.integers(0, 200, ROWS)]


def ids(rng):
    return [f"id {n}" for n in rng.integers(0, 10**12, ROWS)]


def huge(rng):
    return rng.integers(10**18, 2 * 10**18, ROWS)


def beyond_int64(rng):
    return pl.Series([2**63 + int(n) for n in rng.integers(0, 10**17, ROWS)], dtype=pl.UInt64)


def evil(rng):
    return rng.choice([EVIL, "b"], ROWS).tolist()


GONE = "there is no such column in the current rows"
ALL_NULL, HALF_NULL = "0% of the reference, 100% of the current rows", "0% of the reference, 50% of the current rows"
CASES = {
    "null numbers": Case(NUMBER, numbers, always(None, pl.Float64), ALL_NULL, True),
    "null words": Case(WORD, words, always(None, pl.String), ALL_NULL, True),
    "void": Case(NUMBER, numbers, always(None), ALL_NULL, True),
    "void words": Case(WORD, words, always(None), ALL_NULL, True),
    "never any": Case(NUMBER, always(None, pl.Float64), always(None, pl.Float64), "not enough values: 0 in the"),
    "text for numbers": Case(NUMBER, numbers, always("n/a"), "60 of 60 current values are not numbers", True),
    "one text": Case(NUMBER, numbers, lambda rng: ["n/a", *texts(numbers)(rng)[1:]], "1 of 60 current values", True),
    "numeric strings": Case(NUMBER, texts(numbers), texts(numbers)),
    "numbers to numeric strings": Case(NUMBER, numbers, texts(numbers)),
    "beyond int64": Case(NUMBER, beyond_int64, beyond_int64),
    "nullable integers": Case(NUMBER, half(whole, None), half(whole, None)),
    "nullable strings": Case(WORD, half(words, None), half(words, None)),
    "half null": Case(NUMBER, numbers, half(numbers, None), HALF_NULL, True),
    "half null words": Case(WORD, words, half(words, None), HALF_NULL, True),
    "infinite": Case(NUMBER, numbers, half(numbers, numpy.inf), HALF_NULL, True),
    "constant": Case(NUMBER, always(5.0), always(5.0)),
    "constant that moves": Case(NUMBER, always(5.0), always(6.0), drifted=True),
    "gone": Case(NUMBER, numbers, None, GONE, True),
    "gone words": Case(WORD, words, None, GONE, True),
    "new": Case(NUMBER, None, numbers, "there is no such column in the reference rows", True),
    "integers to text": Case(
        WORD, whole, texts(whole), "numbers in the reference rows, text in the current rows", True
    ),
    "text to integers": Case(
        WORD, texts(whole), whole, "text in the reference rows, numbers in the current rows", True
    ),
    "unseen category": Case(WORD, words, always("z"), drifted=True),
    "categories": Case(WORD, categories, categories),
    "booleans": Case(WORD, lambda rng: rng.random(ROWS) < 0.5, lambda rng: rng.random(ROWS) < 0.5),
    "boolean numbers": Case(NUMBER, lambda rng: rng.random(ROWS) < 0.5, lambda rng: rng.random(ROWS) < 0.5),
    "times for numbers": Case(NUMBER, numbers, always(datetime(2013, 1, 1)), "60 of 60 current values", True),
    "times for words": Case(WORD, words, always(datetime(2013, 1, 1)), "values of type datetime64", True),
    "200 categories": Case(WORD, many, many, own=False),
    "identifiers": Case(WORD, ids, ids, own=False),
    "huge": Case(NUMBER, huge, huge),
    "lists": Case(NUMBER, numbers, always([1.0]), "60 of 60 current values are not numbers", True),
    "lists of words": Case(WORD, words, always(["a"]), "which are no categories", True),
    "0": Case(NUMBER, numbers, numbers, own=False),
    "ü ber.100 %": Case(NUMBER, numbers, numbers, own=False),
    EVIL: Case(WORD, evil, evil, own=False),
}
GOOD = {"weight": Case(NUMBER, numbers, numbers, own=False), "town": Case(WORD, words, words, own=False)}
ALL = {**CASES, **GOOD}


def write_day(folder, day, nasty=False):
    rng = numpy.random.default_rng(day.toordinal())
    at = [datetime(day.year, day.month, day.day, 6) + timedelta(minutes=10 * n) for n in range(ROWS)]
    frame = {"parcel": numpy.arange(ROWS) + day.toordinal() * 1000, "at": at, "late": rng.integers(0, 2, ROWS)}
    made = {name: case.nasty if nasty else case.usual for name, case in ALL.items()}
    frame |= {name: make(rng) for name, make in made.items() if make is not None}
    if nasty:
        frame["nobody asked for this"] = 1
    pl.DataFrame(frame, strict=False).write_parquet(folder / f"{day}.parquet")


def checked(case):
    return {"method": case.method} | ({"threshold": 0.5} if case.own else {})


def config(data):
    """A contract that promises nothing of the columns, so that the drift check alone meets them."""
    return {
        "name": "nasty",
        "source": {"kind": "files", "path": f"{data}/*.parquet", "event_time": "at", "key": ["parcel"]},
        "contract": {"columns": {"parcel": {"type": "int"}, "at": {"type": "datetime"}, "late": {"type": "int"}}},
        "drift": {
            "kind": "evidently",
            "false_alarms": "1 per 20 days",
            "reference": "14d",
            "current": "1d",
            "min_rows": 25,
            "columns": {name: checked(case) for name, case in ALL.items()},
            "detectors": [{"kind": kind} for kind in ("clock", "missing", "novel", "relation", "classifier")],
        },
        "retrain": {"every": "1d"},
        "model": {"label": "late", "features": [*ALL]},
        "gates": [{"kind": "beats_baseline"}],
    }


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """The reports of the nasty night and of the one after it, and the nasty night's page."""
    folder = tmp_path_factory.mktemp("nasty")
    data, pipelines = folder / "data", folder / "config" / "pipelines"
    data.mkdir(), pipelines.mkdir(parents=True)
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        write_day(data, day, nasty=day == NIGHT)
    (pipelines / "nasty.yaml").write_text(yaml.safe_dump(config(data), allow_unicode=True))
    place = Workspace.apart(folder / "apart", folder / "config")
    found = []
    for day in (NIGHT, NIGHT + timedelta(days=1)):
        run = place.run("nasty", day)
        batch = steps.validate(run, steps.pull(run))
        assert batch.state == "accepted"
        found.append(steps.detect(run, batch, steps.calibrate(run, batch)))
    return *found, place.lake.read_bytes(found[0].html).decode()


def of_columns(report):
    return {column.column: column for column in report.columns}


@pytest.mark.parametrize("name", ALL)
def test_each_column_is_judged_or_has_a_sentence(nights, name):
    column, case = of_columns(nights[0])[name], ALL[name]
    if case.problem is None:
        assert column.problem is None
        assert column.score is not None
    else:
        assert case.problem in column.problem
    assert column.drifted == case.drifted


def test_the_sentences_stand_on_the_page_and_nothing_of_the_data_can_run_there(nights):
    assert "1 of 60 current values are not numbers" in nights[2]
    assert EVIL not in nights[2]


def test_the_night_after_such_a_day_judges_every_column_that_is_as_it_was(nights):
    after = of_columns(nights[1])
    mixed = {name: column.problem for name, column in after.items() if name in CASES and column.problem}
    assert all(after[name].score is not None and not after[name].drifted for name in GOOD)
    assert "of 840 reference values are not numbers" in mixed["text for numbers"]
    assert set(mixed) < set(CASES)


def test_a_day_of_one_row_is_not_enough_and_no_alarm(tmp_path):
    data, pipelines = tmp_path / "data", tmp_path / "config" / "pipelines"
    data.mkdir(), pipelines.mkdir(parents=True)
    for n in range(20):
        write_day(data, FIRST + timedelta(days=n))
    last = FIRST + timedelta(days=19)
    pl.read_parquet(data / f"{last}.parquet").head(1).write_parquet(data / f"{last}.parquet")
    (pipelines / "nasty.yaml").write_text(yaml.safe_dump(config(data), allow_unicode=True))
    run = Workspace.apart(tmp_path / "apart", tmp_path / "config").run("nasty", last)
    batch = steps.validate(run, steps.pull(run))
    report = steps.detect(run, batch, steps.calibrate(run, batch))
    assert not report.alarm
    assert {c.problem for c in report.columns if c.column in ALL} == {"not enough rows: 1 current rows < 25"}
