"""The two pictures of a column on Evidently's page, drawn once and then filled with each column's numbers.

Plotly checks every property of every figure that it builds, 20 ms for each; the figures of a page differ in nothing
but their numbers and two names. So Evidently draws each of the two kinds once, with stand-ins, and a column's figure is
that one with its own numbers in it: the same JSON to the last character, which a test holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Picture:
    """What Evidently asks of a figure: its traces and its layout."""

    data: list[dict[str, Any]]
    layout: dict[str, Any]

    def to_plotly_json(self) -> dict[str, Any]:
        return vars(self)


@contextmanager
def filled() -> Iterator[None]:
    """Inside, Evidently's report fills pictures that were drawn before, instead of drawing each anew."""
    from evidently.legacy.utils import visualizations as own
    from evidently.metrics import column_statistics as report

    report.plot_distr_with_perc_button, report.plot_agg_line_data = _distribution, _course
    try:
        yield
    finally:
        report.plot_distr_with_perc_button = own.plot_distr_with_perc_button
        report.plot_agg_line_data = own.plot_agg_line_data


def _distribution(*, hist_curr: Any, hist_ref: Any, color_options: Any, **style: Any) -> Picture:
    """The bars of both sides, each as counts and as percentages."""
    drawn = _drawn_distribution(**style)
    values = [
        (side.x, count)
        for side in (hist_curr, hist_ref)
        for count in (side.count, (side.count / side.count.sum()) * 100)
    ]
    return _with(drawn, values, {})


def _course(
    *, curr_data: Any, line: float, std: float, xaxis_name: str, yaxis_name: str, color_options: Any, **style: Any
) -> Picture:
    """The mean along the rows with a band of a deviation, before the mean and the deviation of the reference."""
    ((name, rows),) = curr_data.items()
    places, mean, deviation = rows["per"], rows["mean"], rows["std"].fillna(0)
    first, last, high, low = places.min(), places.max(), line + std, line - std
    values = [
        (places, [line] * len(places)),
        ([first, last, last, first], [high, high, low, low]),
        (list(places) + list(places[::-1]), list(mean + deviation) + list(mean - deviation)[::-1]),
        (places, mean),
    ]
    return _with(_drawn_course(name, **style), values, {"xaxis": xaxis_name, "yaxis": yaxis_name})


def _with(drawn: Picture, values: Sequence[tuple[Any, Any]], titles: Mapping[str, str]) -> Picture:
    """The picture with the numbers of each trace, and its axes by these names."""
    data = [{**trace, "x": _plain(x), "y": _plain(y)} for trace, (x, y) in zip(drawn.data, values, strict=True)]
    named = {axis: {**drawn.layout[axis], "title": {"text": title}} for axis, title in titles.items()}
    return Picture(data, {**drawn.layout, **named})


def _plain(values: Any) -> Any:
    return values if isinstance(values, list) else values.to_numpy()


@cache
def _drawn_distribution(**style: Any) -> Picture:
    import pandas
    from evidently.legacy.metric_results import HistogramData
    from evidently.legacy.options import ColorOptions
    from evidently.legacy.utils.visualizations import plot_distr_with_perc_button

    some = HistogramData(x=pandas.Series([0]), count=pandas.Series([1]))
    figure = plot_distr_with_perc_button(hist_curr=some, hist_ref=some, color_options=ColorOptions(), **style)
    return Picture(**figure.to_plotly_json())


@cache
def _drawn_course(name: str, **style: Any) -> Picture:
    import pandas
    from evidently.legacy.options import ColorOptions
    from evidently.legacy.utils.visualizations import plot_agg_line_data

    some = {name: pandas.DataFrame({"per": [0], "mean": [0.0], "std": [0.0]})}
    names = {"xaxis_name": "", "yaxis_name": ""}
    figure = plot_agg_line_data(curr_data=some, line=0.0, std=0.0, color_options=ColorOptions(), **names, **style)
    return Picture(**figure.to_plotly_json())
