"""The bench of ``tiny``: 40 days in memory, and one whose contract is blind."""

import pytest


@pytest.fixture(scope="session")
def tiny_config(tmp_path_factory):
    from ml.config import find_pipeline
    from tests.tiny import write

    return find_pipeline(write(tmp_path_factory.mktemp("tiny")) / "pipelines", "tiny")


@pytest.fixture(scope="session")
def tiny_days(tmp_path_factory):
    import polars as pl

    from ml.days import Span
    from tests.tiny import FIRST, LAST, write_day

    folder = tmp_path_factory.mktemp("days")
    return {day: {"tiny": pl.read_parquet(write_day(folder, day))} for day in Span(FIRST, LAST)}


@pytest.fixture(scope="session")
def bench_of(tiny_days):
    """A bench of these days under a pipeline."""
    from ml.drilling import Bench

    def build(pipeline, days=tiny_days):
        bench = Bench(pipeline, days.__getitem__, tuple(sorted(days)), {})
        for day in sorted(days):
            bench.walk(day)
        return bench

    return build


@pytest.fixture(scope="session")
def bench(bench_of, tiny_config):
    return bench_of(tiny_config)


@pytest.fixture(scope="session")
def blind(bench_of, tiny_config):
    """The bench of a pipeline whose contract promises types and nothing else."""
    from ml.contract import Contract

    types = {column: {"type": rule.type} for column, rule in tiny_config.contract.columns.items()}
    return bench_of(tiny_config.model_copy(update={"contract": Contract.model_validate({"columns": types})}))
