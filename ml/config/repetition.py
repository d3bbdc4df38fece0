"""Names that stand twice where each counts once."""

from collections.abc import Iterator, Sequence
from typing import Any

from ml.config.document import Place
from ml.config.pipeline import PipelineConfig
from ml.contract import Contract
from ml.detectors import Place as Columns
from ml.upstream import UpstreamTable

Complaint = tuple[Place, str]


def repetitions(pipeline: PipelineConfig) -> Iterator[Complaint]:
    """Each place where a column stands once more, or where two detectors give the same score, with a sentence."""
    for place, names in _lists(pipeline):
        for index, name in enumerate(names):
            if name in names[:index]:
                yield (*place, index), f"{name!r} stands here twice"
    for name, table in pipeline.upstream.items():
        yield from _joined_twice(("upstream", name, "joined_on"), table)
    yield from _watched_twice(pipeline)


def _lists(pipeline: PipelineConfig) -> Iterator[tuple[Place, Sequence[str]]]:
    """Every list of columns of a pipeline, and where it stands."""
    yield ("model", "features"), pipeline.model.features
    yield ("evaluation", "slices"), pipeline.evaluation.slices
    yield from _of_table((), pipeline)
    for name, table in pipeline.upstream.items():
        yield from _of_table(("upstream", name), table)
    for number, detector in enumerate(pipeline.drift.detectors):
        for key in ("columns", "by"):
            names = getattr(detector, key, ())
            if isinstance(names, tuple):
                yield ("drift", "detectors", number, key), names


def _of_table(place: Place, table: PipelineConfig | UpstreamTable) -> Iterator[tuple[Place, Sequence[str]]]:
    contract: Contract = table.contract
    yield (*place, "source", "key"), table.source.key
    yield (*place, "contract", *contract.unique.place("unique")), contract.unique.value
    if contract.series:
        yield (*place, "contract", "series", "by"), contract.series.by


def _joined_twice(place: Place, table: UpstreamTable) -> Iterator[Complaint]:
    met: dict[str, str] = {}
    for other, own in table.joined_on.items():
        if own in met:
            yield (*place, other), f"{own!r} meets {met[own]} already; a row has one partner, by each column once"
        met.setdefault(own, other)


def _watched_twice(pipeline: PipelineConfig) -> Iterator[Complaint]:
    """Detectors whose scores have one name: the second would quietly take the place of the first."""
    kinds = {name: check.column_kind for name, check in pipeline.drift.columns.items()}
    place = Columns(pipeline.source.event_time, kinds, label=pipeline.model.label)
    seen: dict[str, int] = {}
    for number, detector in enumerate(pipeline.drift.detectors):
        own: Any = dict.fromkeys(detector.names(place))
        for name in own:
            if name in seen:
                first = f"drift.detectors[{seen[name]}]"
                yield (
                    ("drift", "detectors", number),
                    f"{name!r} is what {first} watches already; name it in one of them",
                )
        seen = {**dict.fromkeys(own, number), **seen}
