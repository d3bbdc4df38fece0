"""What somebody did elsewhere, asked often and from a process that must stay small.

Does MLflow show something else than the ledger, and has a question ended that a person was asked?
"""

from datetime import UTC, datetime

from ml import moves, outside
from ml.ledger import Ledger
from ml.registry import glance
from ml.settings import Settings


def difference(pipeline: str, settings: Settings | None = None) -> str | None:
    """What differs, in a sentence; None when nothing does, or when a move of our own is not finished yet.

    Raises
    ------
    ServiceUnavailable
        The ledger or MLflow did not answer.
    ConfigError
        A setting is missing, or the ledger is of another version.
    """
    settings = settings or Settings.from_env()
    ledger = Ledger.open(settings.ledger_url)
    if not ledger.settled(pipeline):
        return None
    book = ledger.promotions(pipeline)
    versions = [book[-1].version, moves.before(book)] if book else []
    standing = glance(settings.mlflow_url, pipeline, *[version for version in versions if version is not None])
    return outside.difference(book, standing)


def ended(pipeline: str, version: int, settings: Settings | None = None) -> str | None:
    """How the question about a version has ended: its answer in the ledger, or ``void``; None while it waits.

    It is void when Production moved on from the champion that the version was judged against, and when the version was
    archived; ``ml.approvals`` says why, and keeps it.

    Raises
    ------
    ServiceUnavailable
        The ledger or MLflow did not answer.
    ConfigError
        A setting is missing, or the ledger is of another version.
    """
    settings = settings or Settings.from_env()
    ledger = Ledger.open(settings.ledger_url)
    answer, newest = ledger.answer(pipeline, version), ledger.in_production(pipeline)
    if answer is not None:
        return answer.answer
    champions = [question.champion_version for question in ledger.questions(pipeline) if question.version == version]
    if newest is not None and champions and newest.version not in (version, champions[-1]):
        return "void"
    stages = glance(settings.mlflow_url, pipeline, version).stages
    return "void" if stages.get(version) == "Archived" else None


def tried(pipeline: str, version: int, deadline: datetime, settings: Settings | None = None) -> bool:
    """Whether the tryout of a version has ended: by a verdict in the ledger, by the clock, or because it is void.

    Raises
    ------
    ServiceUnavailable
        The ledger did not answer.
    ConfigError
        A setting is missing, or the ledger is of another version.
    """
    ledger = Ledger.open((settings or Settings.from_env()).ledger_url)
    if deadline <= datetime.now(UTC) or ledger.tryout_verdict(pipeline, version) is not None:
        return True
    tryout, newest = ledger.tryout(pipeline, version), ledger.in_production(pipeline)
    return tryout is not None and newest is not None and newest.version != tryout.champion_version
