"""What only polars can tell of a contract: whether its expressions and patterns can be understood."""

from collections.abc import Iterator

from ml.baselines import Rule
from ml.config.complaints import nearest
from ml.config.document import Place
from ml.config.pipeline import PipelineConfig
from ml.contract import Contract
from ml.errors import ConfigError
from ml.gates import BeatsBaseline
from ml.rules.expressions import fault
from ml.rules.rows import row_rules


def faults(pipeline: PipelineConfig) -> Iterator[tuple[Place, str]]:
    """Each place of a pipeline's contracts that polars cannot understand, with a sentence."""
    yield from _of(("contract",), pipeline.contract)
    yield from _rules(pipeline)
    for name, aggregate in pipeline.features.past.items():
        if wrong := fault(aggregate.of, pipeline.contract.types, numbers=True):
            yield ("features", "past", name, "of"), wrong
    for name, table in pipeline.upstream.items():
        yield from _of(("upstream", name, "contract"), table.contract)


def _rules(pipeline: PipelineConfig) -> Iterator[tuple[Place, str]]:
    """The rules of baselines; they are read over all columns of the rows."""
    known = sorted({*pipeline.contract.columns, *pipeline.model.features})
    for number, gate in enumerate(pipeline.gates):
        if isinstance(gate, BeatsBaseline) and isinstance(gate.against, Rule):
            for name in gate.against.columns:
                if name not in known:
                    near = nearest(name, known)
                    yield ("gates", number, "against", "expr"), f"{name!r} is not among the rows' columns{near}"


def _of(place: Place, contract: Contract) -> Iterator[tuple[Place, str]]:
    for number, check in enumerate(contract.checks):
        if wrong := fault(check.expr, contract.types):
            yield (*place, "checks", number, "expr"), wrong
    for name, rule in contract.columns.items():
        try:
            row_rules({name: rule}, ())
        except ConfigError as error:
            yield (*place, "columns", name, "pattern"), str(error)
