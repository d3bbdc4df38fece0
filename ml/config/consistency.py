"""What no section of a pipeline can see alone: names that do not meet, metrics that do not fit."""

from collections.abc import Collection, Iterable, Iterator

from ml.config.complaints import nearest
from ml.config.document import Place
from ml.config.pipeline import PipelineConfig
from ml.config.repetition import repetitions
from ml.config.spans import empty_spans
from ml.contract import Contract
from ml.metrics import METRICS
from ml.upstream import UpstreamTable

Contradiction = tuple[Place, str]

_KINDS = {
    "numerical": ("float", "int", "bool"),
    "categorical": ("string", "int", "bool"),
}


def contradictions(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    """Each place where two sections of ``pipeline`` contradict each other, with a sentence."""
    yield from _features(pipeline)
    yield from _contract(("contract",), pipeline.contract, {*pipeline.upstream, *pipeline.contract.joins})
    for name, table in pipeline.upstream.items():
        yield from _upstream(("upstream", name), table, pipeline)
    yield from _columns(pipeline)
    yield from _past(pipeline)
    yield from _score(pipeline)
    yield from _drift_kinds(pipeline)
    yield from _detectors(pipeline)
    yield from _metrics(pipeline)
    yield from _tryout(pipeline)
    yield from repetitions(pipeline)
    yield from empty_spans(pipeline)


def _features(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    label = pipeline.model.label
    for index, feature in enumerate(pipeline.model.features):
        place = ("model", "features", index)
        if feature == label:
            yield place, f"{feature!r} is the label; a model that is shown its label has nothing to predict"


def _tryout(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    """A version that waits for traffic is overtaken by the next one: it must have its verdict before."""
    days, delay, every = pipeline.serving.candidate.days, pipeline.source.label_delay, pipeline.retrain.every
    if days and every is not None and days + delay > every:
        late = f" and {delay}d more for their labels" if delay else ""
        why = f"{days}d{late} are longer than the {every}d of retrain.every: the next version would overtake each one"
        yield ("serving", "candidate", "wait"), why


def _columns(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    contract = set(pipeline.contract.columns)
    rows = contract | set(pipeline.carried) | {pipeline.model.label}
    source, named = pipeline.source, "the contract's columns"
    yield from _strangers(("source", "event_time"), [source.event_time], contract, named)
    yield from _strangers(("source", "key"), source.key, contract, named)
    named = "the contract's columns or the model's features"
    yield from _strangers(("predictions", "masked"), pipeline.predictions.masked, rows, named)
    yield from _strangers(("predictions", "dropped"), pipeline.predictions.dropped, rows, named)
    yield from _strangers(("evaluation", "slices"), pipeline.evaluation.slices, rows, named)
    yield from _strangers(("drift", "columns"), pipeline.drift.columns, rows, named)
    sent = {*source.key, *pipeline.model.features}
    named = "the source's key or the model's features, which a request carries"
    yield from _strangers(("serving", "candidate", "key"), pipeline.serving.candidate.by, sent, named)


def _past(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    """Aggregates over the past whose columns nobody has, or whose window is never full."""
    types, source, named = pipeline.contract.types, pipeline.source, "the contract's columns"
    for name, aggregate in pipeline.features.past.items():
        place: Place = ("features", "past", name)
        if name in types:
            yield place, f"{name!r} is a column of the contract already; an aggregate needs a name of its own"
        for index, column in enumerate(aggregate.by):
            yield from _stranger((*place, "by", index), column, types, named)
            if types.get(column) in ("float", "datetime"):
                yield (*place, "by", index), f"{column} is {types[column]}; a key is made of string, int and bool"
        known = aggregate.known_after
        if isinstance(known, str):
            yield from _stranger((*place, "known_after"), known, types, named)
            if types.get(known, "datetime") != "datetime":
                yield (*place, "known_after"), f"{known} is {types[known]}; the moment of knowing is a datetime"
        if aggregate.over > 24 * source.history:
            days = f"looks {aggregate.over} hours back, and the first pull brings {source.history} days"
            yield (*place, "over"), f"{days}; it would have no value in the first nights"


def _score(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    """What the source of the coming day's rows must share with the pipeline's own."""
    plan, source = pipeline.score, pipeline.source
    if plan is None:
        return
    if plan.source.event_time != source.event_time:
        yield ("score", "source", "event_time"), f"is {source.event_time!r} in the pipeline's own source"
    if plan.source.key != source.key:
        yield ("score", "source", "key"), f"is {list(source.key)} in the pipeline's own source"
    for key in sorted({"label_delay", "history"} & plan.source.model_fields_set):
        yield ("score", "source", key), "is the pipeline's own; the coming day has neither"
    rows = {*pipeline.contract.columns, *pipeline.model.features}
    yield from _strangers(("score", "unknown"), plan.unknown, rows, "the contract's columns or the model's features")


def _contract(place: Place, contract: Contract, tables: set[str]) -> Iterator[Contradiction]:
    """What a contract says of columns or tables that it does not know."""
    columns, named = set(contract.columns), "the contract's columns"
    yield from _strangers((*place, *contract.unique.place("unique")), contract.unique.value, columns, named)
    if contract.series:
        yield from _strangers((*place, "series", "by"), contract.series.by, columns, named)
        yield from _stranger((*place, "series", "time"), contract.series.time, columns, named)
    for name, join in contract.joins.items():
        yield from _stranger((*place, "joins", name, "column"), join.column, columns, named)
        yield from _stranger((*place, "joins", name, "key"), join.key, columns, named)
    yield from _stranger((*place, "leak", "label"), contract.leak.label if contract.leak else None, columns, named)
    named = "the tables of upstream or contract.joins"
    for name, rule in contract.columns.items():
        yield from _stranger((*place, "columns", name, "table"), rule.table, tables, named)
    for number, check in enumerate(contract.checks):
        yield from _stranger((*place, "checks", number, "table"), check.table, tables, named)


def _upstream(place: Place, table: UpstreamTable, pipeline: PipelineConfig) -> Iterator[Contradiction]:
    theirs, ours, source = table.contract.types, pipeline.contract.types, table.source
    yield from _contract((*place, "contract"), table.contract, set(table.contract.joins))
    yield from _stranger((*place, "source", "event_time"), source.event_time, theirs, "the contract's columns")
    yield from _strangers((*place, "source", "key"), source.key, theirs, "the contract's columns")
    for key in sorted({"label_delay", "history"} & source.model_fields_set):
        yield (*place, "source", key), "is the pipeline's own; an upstream table is read for the pipeline's days"
    for other, own in table.joined_on.items():
        here = (*place, "joined_on", other)
        yield from _stranger(here, other, theirs, f"the columns of {place[-1]}'s contract")
        yield from _stranger(here, own, ours, "the columns of the pipeline's contract")
        if other in theirs and own in ours and theirs[other] != ours[own]:
            yield here, f"{other} is {theirs[other]} and {own} is {ours[own]}; rows can only be joined on equal types"
    if place[-1] == pipeline.name:
        yield place, "is the name of the pipeline itself; an upstream table needs another"


def _stranger(place: Place, name: str | None, known: Collection[str], where: str) -> Iterator[Contradiction]:
    if name is not None and name not in known:
        yield place, f"{name!r} is not among {where}{nearest(name, sorted(known))}"


def _strangers(place: Place, names: Iterable[str], known: Collection[str], where: str) -> Iterator[Contradiction]:
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


def _detectors(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    """Columns that a detector is to watch and nobody has, or that it cannot both watch and go by."""
    rows = {*pipeline.contract.columns, *pipeline.carried, pipeline.model.label}
    named = "the contract's columns or the model's features"
    for number, detector in enumerate(pipeline.drift.detectors):
        place = ("drift", "detectors", number)
        columns, by = getattr(detector, "columns", ()), getattr(detector, "by", ())
        places: list[tuple[Place, str]] = [((*place, "columns", index), name) for index, name in enumerate(columns)]
        if isinstance(by, str):
            places.append(((*place, "by"), by))
            if by in columns:
                index = columns.index(by)
                yield (*place, "columns", index), f"{by!r} tells the places apart; it cannot be what is measured there"
        else:
            places += [((*place, "by", index), name) for index, name in enumerate(by)]
        for where, name in places:
            yield from _stranger(where, name, rows, named)


def _metrics(pipeline: PipelineConfig) -> Iterator[Contradiction]:
    task = pipeline.model.task
    fitting = [name for name, metric in METRICS.items() if metric.task == task]
    named: list[tuple[Place, str]] = [(("evaluation", "metric"), pipeline.evaluation.metric)]
    judged = [(index, getattr(gate, "metric", None)) for index, gate in enumerate(pipeline.gates)]
    named += [(("gates", index, "metric"), metric) for index, metric in judged if metric is not None]
    for place, metric in named:
        if metric not in fitting:
            yield place, f"{metric!r} is no metric of a {task}{nearest(metric, fitting)} (known: {', '.join(fitting)})"
