import polars as pl

from ml.estimated.region import Region


def day(shift=0.0, town="Bonn", rows=400):
    return pl.DataFrame({"temp": [float(shift + n % 40) for n in range(rows)], "town": [town, "Celle"] * (rows // 2)})


def test_a_day_like_the_others_lies_inside():
    region = Region.of([day(), day()])
    assert region.left(day()) is None
    assert region.left(day().with_columns(pl.lit(None, pl.Float64).alias("temp"))) is None


def test_numbers_and_words_that_were_never_seen_are_named_with_their_share_and_the_limit():
    region = Region.of([day(), day()])
    assert region.left(day(shift=35)).startswith(
        "88% of the rows lie outside what the estimate was calibrated on, most"
    )
    assert "by temp; on its oddest day 0% did, and beyond 5% nobody knows" in region.left(day(shift=35))
    assert "50% of the rows" in region.left(day(town="Aachen"))
    assert "by town" in region.left(day(town="Aachen"))


def test_what_happens_on_odd_days_anyway_is_not_held_against_a_day():
    odd = pl.concat([day(rows=360), day(shift=1000, rows=40)])
    ends = Region.of([*(day() for _ in range(200)), odd])
    assert ends.left(odd) is None


def test_a_column_that_names_rows_says_nothing():
    rows = pl.DataFrame({"id": [f"{n}" for n in range(2000)]})
    assert Region.of([rows]).outside(pl.DataFrame({"id": ["new"]})) == 0.0
