"""What no section of a pipeline can see alone: names that do not meet, metrics that do not fit."""

from collections.abc import Iterable, Iterator

from ml.config.complaints import nearest
from ml.config.document import Place
from ml.config.pipeline import PipelineConfig
from ml.metrics import METRICS

Contradiction = tuple[Place, str]

_KINDS = {
    "numerical": ("float", "int", "bool"),
    "categorical": ("string", "int", "bool"),
}


def contradictions(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    """Each place where two sections of ``pipeline`` contradict each other, with a sentence."""
    yield from _features(pipeline)
    yield from _columns(pipeline)
    yield from _drift_kinds(pipeline)
    yield from _metrics(pipeline)
    if pipeline.window.train <= pipeline.evaluation.holdout:
        days = f"{pipeline.evaluation.holdout} days are held out of a window of {pipeline.window.train}"
        yield ("evaluation", "holdout"), f"{days}; nothing is left to train on"


def _features(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    features, label = pipeline.model.features, pipeline.model.label
    for index, feature in enumerate(features):
        place = ("model", "features", index)
        if feature == label:
            yield place, f"{feature!r} is the label; a model that is shown its label has nothing to predict"
        if feature in features[:index]:
            yield place, f"{feature!r} stands here twice"


def _columns(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    contract = set(pipeline.contract.columns)
    rows = contract | set(pipeline.model.features) | {pipeline.model.label}
    source, named = pipeline.source, "the contract's columns"
    yield from _strangers(("source", "event_time"), [source.event_time], contract, named)
    yield from _strangers(("source", "key"), source.key, contract, named)
    yield from _strangers(("contract", "unique"), pipeline.contract.unique, contract, named)
    named = "the contract's columns or the model's features"
    yield from _strangers(("evaluation", "slices"), pipeline.evaluation.slices, rows, named)
    yield from _strangers(("drift", "columns"), pipeline.drift.columns, rows, named)


def _strangers(place: Place, names: Iterable[str], known: set[str], where: str) -> Iterator[Contradiction]:
    for index, name in enumerate(names):
        if name not in known:
            part = {"columns": (name,), "event_time": ()}.get(str(place[-1]), (index,))
            yield (*place, *part), f"{name!r} is not among {where}{nearest(name, sorted(known))}"


def _drift_kinds(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    for name, check in pipeline.drift.columns.items():
        rule = pipeline.contract.columns.get(name)
        if rule and rule.type not in _KINDS[check.column_kind]:
            sentence = (
                f"{check.method} compares {check.column_kind} columns; the contract says that {name} is {rule.type}"
            )
            yield ("drift", "columns", name), sentence


def _metrics(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    task = pipeline.model.task
    fitting = [name for name, metric in METRICS.items() if metric.task == task]
    named: list[tuple[Place, str]] = [(("evaluation", "metric"), pipeline.evaluation.metric)]
    named += [(("gates", index, "metric"), gate.metric) for index, gate in enumerate(pipeline.gates)]
    for place, metric in named:
        if metric not in fitting:
            yield place, f"{metric!r} is no metric of a {task}{nearest(metric, fitting)} (known: {', '.join(fitting)})"
