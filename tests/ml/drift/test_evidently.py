from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import numpy
import pandas
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ml.drift import EvidentlyDrift
from ml.drift.evidently import ColumnCheck
from ml.drift.methods import METHODS

ROWS = 2000
CHECKS = {
    "number": {"method": "wasserstein", "threshold": 0.1},
    "word": {"method": "jensenshannon", "threshold": 0.1},
}
CHECK = EvidentlyDrift(columns=CHECKS)
RNG = numpy.random.default_rng(0)


def frame(seed: int = 0, rows: int = ROWS) -> pandas.DataFrame:
    rng = numpy.random.default_rng(seed)
    return pandas.DataFrame({"number": rng.normal(size=rows), "word": rng.choice(["a", "b", "c"], rows)})


def found(reference: pandas.DataFrame, current: pandas.DataFrame, check: EvidentlyDrift = CHECK) -> dict:
    return {column.column: column for column in check.compare(reference, current).columns}


def test_an_unknown_method_names_the_nearest_and_all_that_are_known() -> None:
    with pytest.raises(
        ValidationError, match=r"'waserstein' is not a known method; did you mean 'wasserstein'\? \(known:"
    ):
        ColumnCheck(method="waserstein", threshold=0.1)


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (
            {"method": "ks", "threshold": 0.05, "kind": "categorical"},
            "ks compares numerical columns, not categorical ones",
        ),
        ({"method": "ks", "threshold": 5}, "5 is never reached: ks stays below 1"),
        ({"method": "jensenshannon", "threshold": 0.9}, "0.9 is never reached: jensenshannon stays below 0.8326"),
        ({"method": "psi", "threshold": 0}, "greater than 0"),
    ],
)
def test_a_check_that_could_never_work_is_refused(check, sentence) -> None:
    with pytest.raises(ValidationError, match=sentence):
        ColumnCheck(**check)


def test_the_kind_of_column_comes_from_the_method_unless_it_is_said() -> None:
    assert ColumnCheck(method="psi", threshold=0.1).column_kind == "categorical"
    assert ColumnCheck(method="psi", threshold=0.1, kind="numerical").column_kind == "numerical"
    assert ColumnCheck(method="ks", threshold=0.1).column_kind == "numerical"


@pytest.mark.parametrize(("before", "now", "role"), [(ROWS, 999, "current"), (0, ROWS, "reference")])
def test_too_few_rows_are_no_drift_but_a_problem_of_every_column(before, now, role) -> None:
    compared = CHECK.compare(frame(rows=before), frame(rows=now))
    assert {column.problem for column in compared.columns} == {
        f"not enough rows: {min(before, now)} {role} rows < 1000"
    }
    assert not any(column.drifted for column in compared.columns)
    assert compared.html is None


@pytest.mark.integration
def test_the_same_distribution_has_no_drift() -> None:
    columns = found(frame(0), frame(1))
    assert [column.drifted for column in columns.values()] == [False, False]
    assert [column.problem for column in columns.values()] == [None, None]
    assert 0 < columns["number"].score < 0.1


@pytest.mark.integration
def test_a_shift_drifts_in_its_column_alone() -> None:
    columns = found(frame(0), frame(1).assign(word="a"))
    assert (columns["number"].drifted, columns["word"].drifted) == (False, True)
    assert columns["word"].score > 0.1


@pytest.mark.integration
def test_the_same_rows_give_the_same_page_byte_by_byte() -> None:
    first, second = (CHECK.compare(frame(0), frame(1)) for _ in range(2))
    assert first == second
    assert len(first.html) > 1_000_000


# facts of Evidently 0.7.23: each of these ends its whole report, or fools it
NASTY = {
    "nulls alone": (lambda f: f.assign(number=numpy.nan), "100% of the current rows"),
    "nulls alone, as objects": (lambda f: f.assign(number=None), "100% of the current rows"),
    "words without a value": (lambda f: f.assign(word=None), "100% of the current rows"),
    "half nulls": (
        lambda f: f.assign(number=f.number.where(f.index % 2 == 0)),
        "nulls or infinities: 0% of the reference",
    ),
    "half infinite": (
        lambda f: f.assign(number=f.number.where(f.index % 2 == 0, numpy.inf)),
        "50% of the current rows",
    ),
    "half the words missing": (lambda f: f.assign(word=f.word.where(f.index % 2 == 0)), "50% of the current rows"),
    "text among numbers": (
        lambda f: f.assign(number=["n/a", *f.number[1:]]),
        "1 of 2000 current values are not numbers",
    ),
    "timestamps for numbers": (lambda f: f.assign(number=datetime(2013, 1, 1)), "2000 of 2000 current values"),
    "timestamps for words": (lambda f: f.assign(word=datetime(2013, 1, 1)), "values of type datetime64"),
    "spans for numbers": (lambda f: f.assign(number=timedelta(1)), "are not numbers"),
    "lists in numbers": (lambda f: f.assign(number=[[1]] * ROWS), "are not numbers"),
    "lists in words": (lambda f: f.assign(word=[["a"]] * ROWS), "values of type list"),
    "words become numbers": (lambda f: f.assign(word=range(ROWS)), "the type changed: text in the reference rows"),
    "numbers among words": (lambda f: f.assign(word=[1, *f.word[1:]]), "numbers mixed with text in the current rows"),
    "no such number": (lambda f: f.drop(columns="number"), "no such column in the current rows"),
    "no such word": (lambda f: f.drop(columns="word"), "no such column in the current rows"),
    "a name twice": (lambda f: pandas.concat([f, f[["number"]]], axis=1), "2 columns of the current rows"),
}


@pytest.mark.integration
@pytest.mark.parametrize(("spoil", "sentence"), NASTY.values(), ids=NASTY)
def test_a_bad_column_drifts_with_a_sentence_and_the_others_are_still_compared(spoil, sentence) -> None:
    compared = CHECK.compare(frame(0), spoil(frame(1)))
    (bad,) = [column for column in compared.columns if column.problem]
    (good,) = [column for column in compared.columns if not column.problem]
    assert sentence in bad.problem
    assert bad.drifted
    assert good.score is not None
    assert not good.drifted
    assert f"<td>{bad.column}</td>" in compared.html


HARMLESS = {
    "nullable integers": lambda f: f.assign(number=(f.number * 9).round().astype("Int64").where(f.index % 20 > 0)),
    "nullable text": lambda f: f.assign(word=f.word.astype("string").where(f.index % 20 > 0)),
    "text for numbers": lambda f: f.assign(number=f.number.astype(str)),
    "huge integers": lambda f: f.assign(number=(f.number * 1e6).astype(int).astype(object) * 10**30),
    "categories": lambda f: f.assign(word=f.word.astype("category")),
    "booleans for numbers": lambda f: f.assign(number=f.number > 0),
    "booleans for words": lambda f: f.assign(word=f.word == "a"),
    "a constant": lambda f: f.assign(number=5.0, word="a"),
    "an index of one value": lambda f: f.set_index(numpy.zeros(len(f))),
    "another column": lambda f: f.assign(more=1),
    "a null here and there": lambda f: f.assign(word=[None, *f.word[1:]], number=[numpy.inf, *f.number[1:]]),
    "numbers at the limit": lambda f: f.assign(number=f.number * 1e149),
    "tiny numbers": lambda f: f.assign(number=f.number * 1e-300),
}


@pytest.mark.integration
@pytest.mark.parametrize("dress", HARMLESS.values(), ids=HARMLESS)
def test_what_can_be_cast_is_compared(dress) -> None:
    columns = found(dress(frame(0)), dress(frame(1)))
    assert [column.problem for column in columns.values()] == [None, None]
    assert [column.drifted for column in columns.values()] == [False, False]


@pytest.mark.integration
def test_a_constant_that_moves_drifts() -> None:
    assert found(frame().assign(number=5.0), frame().assign(number=6.0))["number"].drifted


@pytest.mark.integration
def test_a_score_that_is_not_a_number_drifts_with_a_sentence() -> None:
    check = EvidentlyDrift(columns={"number": {"method": "t_test", "threshold": 0.05}})
    column = found(frame().assign(number=5.0), frame().assign(number=5.0), check)["number"]
    assert (column.score, column.drifted, column.problem) == (None, True, "the score is not a number")


@pytest.mark.integration
def test_every_column_bad_still_gives_an_entry_each_and_no_page() -> None:
    compared = CHECK.compare(frame(0), pandas.DataFrame({"other": range(ROWS)}))
    assert [column.drifted for column in compared.columns] == [True, True]
    assert compared.html is None


@pytest.mark.integration
@pytest.mark.parametrize("name", ["ü ber", "a.b", "100%", "<b>", "a&b", '"q"', "it's", "line\nbreak", "class", "0"])
def test_any_name_can_be_compared(name) -> None:
    check = EvidentlyDrift(columns={name: CHECKS["number"]})
    column = found(frame(0).rename(columns={"number": name}), frame(1).rename(columns={"number": name}), check)[name]
    assert (column.column, column.drifted, column.problem) == (name, False, None)


@pytest.mark.integration
def test_nothing_in_the_data_can_run_in_the_page() -> None:
    evil = "</script><script>alert(1)</script>"
    check = EvidentlyDrift(columns={evil: CHECKS["word"], "lost" + evil: CHECKS["word"]})
    frames = [frame(seed).rename(columns={"word": evil}).replace("a", evil) for seed in (0, 1)]
    compared = check.compare(*frames)
    assert evil not in compared.html
    assert "alert(1)" in compared.html
    assert [column.column for column in compared.columns] == [evil, "lost" + evil]


@pytest.mark.integration
def test_a_large_frame_is_sampled_at_even_distances_and_says_so() -> None:
    check = EvidentlyDrift(columns=CHECKS, sample=1500)
    first, second = (check.compare(frame(0), frame(1, rows=1200)) for _ in range(2))
    assert first == second
    assert first.notes == ("1500 of 2000 reference rows are compared, at even distances",)
    assert first.notes[0] in first.html


@pytest.mark.integration
@pytest.mark.parametrize(("number", "drifted"), [(0.123456, True), (0.099, False), (0.1, True)])
def test_a_score_that_was_counted_decides_and_stands_on_the_page(number, drifted) -> None:
    """The rows themselves say something else, so nothing but the score can have said this."""
    compared = CHECK.compare(frame(0), frame(1), scores={"number": number, "word": 0.2})
    assert [(c.score, c.drifted) for c in compared.columns] == [(number, drifted), (0.2, True)]
    assert f"Drift score: {number:.3g}" in compared.html
    assert "Wasserstein distance (normed)" in compared.html


@pytest.mark.integration
def test_a_column_without_a_counted_score_is_computed_from_all_rows() -> None:
    plain = found(frame(0, 8000), frame(1, 8000))
    some = CHECK.compare(frame(0, 8000), frame(1, 8000), scores={"word": 0.2, "number": numpy.nan})
    assert some.columns[0] == plain["number"]
    assert some.columns[1].score == 0.2
    assert some.notes == ()


@pytest.mark.integration
def test_pictures_of_counted_scores_show_few_rows_and_say_so() -> None:
    sides = frame(0, 20_000), frame(1, 1000)
    compared = CHECK.compare(*sides, scores={"number": 0.05, "word": 0.02})
    sentence = "the pictures show 5000 of 20000 reference rows, at even distances; the scores are of all"
    assert compared.notes == (sentence,)
    assert sentence in compared.html
    assert compared == CHECK.compare(*sides, scores={"number": 0.05, "word": 0.02})


@pytest.mark.integration
def test_a_column_of_many_nulls_still_has_its_pictures() -> None:
    """Of 20,000 rows every fourth is drawn; the only values stand between those."""
    check = EvidentlyDrift(columns=CHECKS, min_rows=40)
    sparse = frame(0, 20_000)
    sparse["number"] = sparse.number.where((sparse.index % 4 == 1) & (sparse.index < 400))
    compared = check.compare(sparse, frame(1), scores={"number": 0.05, "word": 0.02})
    assert [c.score for c in compared.columns] == [0.05, 0.02]


@pytest.mark.integration
def test_two_reports_at_once_keep_their_scores_apart() -> None:
    def score(value: float) -> float | None:
        return CHECK.compare(frame(0), frame(1), scores={"number": value, "word": value}).columns[0].score

    with ThreadPoolExecutor(4) as pool:
        values = [n / 100 for n in range(1, 9)]
        assert list(pool.map(score, values)) == values


@pytest.mark.integration
def test_the_chi_square_test_of_two_samples_keeps_its_rate_where_evidentlys_own_does_not() -> None:
    check = EvidentlyDrift(columns={"word": {"method": "chi2_two_sample", "threshold": 0.05}})
    rng = numpy.random.default_rng(0)
    draws = [pandas.DataFrame({"word": rng.integers(0, 30, 1000)}) for _ in range(40)]
    alarms = [found(a, b, check)["word"].drifted for a, b in zip(draws[::2], draws[1::2], strict=True)]
    assert sum(alarms) <= 4
    assert found(draws[0], draws[1] // 2, check)["word"].drifted


@pytest.mark.integration
def test_a_column_of_identifiers_is_compared_by_its_frequent_values_and_is_quiet() -> None:
    ids = [pandas.DataFrame({"word": [f"{day}-{n}" for n in range(20_000)]}) for day in (1, 2)]
    compared = EvidentlyDrift(columns={"word": CHECKS["word"]}).compare(*ids)
    assert not compared.columns[0].drifted
    assert compared.notes == ("word: the 500 most frequent of 40000 categories are compared, all others as one",)


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(allow_nan=False),
    st.text(max_size=5),
    st.datetimes(),
    st.dates(),
    st.timedeltas(),
    st.binary(max_size=3),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
)
SLOW = [HealthCheck.too_slow]
COLUMN = st.one_of(*(st.lists(cells, min_size=4, max_size=4) for cells in (CELLS, *CELLS.original_strategies)))


@pytest.mark.integration
@settings(
    max_examples=25, deadline=None, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=SLOW
)
@given(reference=COLUMN, current=COLUMN, method=st.sampled_from([*METHODS]))
def test_no_column_whatsoever_ends_the_report(reference, current, method) -> None:
    check = EvidentlyDrift(
        min_rows=2,
        columns={"odd": {"method": method, "threshold": 0.1}, "number": CHECKS["number"]},
    )
    frames = [
        pandas.DataFrame({"odd": pandas.Series(c * 5, dtype=object), "number": range(20)}) for c in (reference, current)
    ]
    odd, number = check.compare(*frames).columns
    assert odd.drifted or odd.problem or odd.score is not None
    assert (number.drifted, number.problem) == (False, None)
