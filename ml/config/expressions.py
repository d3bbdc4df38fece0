"""What only polars can tell of a contract: whether its expressions and patterns can be understood."""

from collections.abc import Iterator

from ml.config.document import Place
from ml.config.pipeline import PipelineConfig
from ml.contract import Contract
from ml.errors import ConfigError
from ml.rules.expressions import fault
from ml.rules.rows import row_rules


def faults(pipeline: PipelineConfig) -> Iterator[tuple[Place, str]]:
    """Each place of a pipeline's contracts that polars cannot understand, with a sentence."""
    yield from _of(("contract",), pipeline.contract)
    for name, table in pipeline.upstream.items():
        yield from _of(("upstream", name, "contract"), table.contract)


def _of(place: Place, contract: Contract) -> Iterator[tuple[Place, str]]:
    for number, check in enumerate(contract.checks):
        if wrong := fault(check, contract.types):
            yield (*place, "checks", number, "expr"), wrong
    for name, rule in contract.columns.items():
        try:
            row_rules({name: rule}, ())
        except ConfigError as error:
            yield (*place, "columns", name, "pattern"), str(error)
