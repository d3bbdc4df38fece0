"""What a shelf needs of its neighbours: where MLflow's aliases point, when a version was promoted, who is told."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from ml import attachments, delivery, messages, moves, provenance
from ml.errors import ServiceUnavailable
from ml.messages import Links, Unserved
from ml.records import Promotion, Tryout, TryoutVerdict
from ml.registry import STAGING, aliases, run_of
from ml.settings import Settings
from ml.shelf.copies import Copies
from ml.shelf.fetching import apart
from ml.shelf.keeper import Keeper
from ml.shelf.refusal import Refusal
from ml.shelf.served import Served
from ml.shelf.shelf import Shelf
from ml.shelf.watcher import Watcher
from ml.workspace import Run, Workspace


def watch(
    settings: Settings,
    pipelines: Iterable[str],
    prepare: Callable[[Served], Any] = lambda served: None,
    tries: Mapping[str, bool] | None = None,
) -> Watcher:
    """A watcher, not started, over a shelf for each pipeline; ``tries`` names those whose candidates are held too."""
    place = Workspace.of(settings)
    return Watcher([keeper(settings, place, name, prepare, (tries or {}).get(name, False)) for name in pipelines])


def keeper(
    settings: Settings, place: Workspace, pipeline: str, prepare: Callable[[Served], Any], tries: bool
) -> Keeper:
    """The keeper of one pipeline's shelf, with its real neighbours."""
    return Keeper(
        shelf=Shelf(pipeline),
        copies=Copies(pipeline, settings.shelf / pipeline, partial(run_of, settings.mlflow_url, pipeline)),
        aliases=partial(aliases, settings.mlflow_url, pipeline),
        fetch=partial(apart, settings.mlflow_url, pipeline),
        since=lambda version: entered(place, pipeline, version),
        prepare=prepare,
        report=partial(report, place),
        tries=tries,
    )


def entered(place: Workspace, pipeline: str, version: int) -> datetime | None:
    """When a version entered Production last; None when the ledger does not know, or does not answer."""
    try:
        found = _promotion(place, pipeline, version)
    except ServiceUnavailable:
        return None
    return found.at if found else None


def report(place: Workspace, refusal: Refusal) -> None:
    """Put the mail about a refused version into the outbox, once for each version, and send it; its tryout ends.

    Raises
    ------
    ServiceUnavailable
        The ledger or the mail server did not answer; what is in the outbox stays there.
    """
    pipeline, version = refusal.pipeline, refusal.version
    tryout = place.ledger.tryout(pipeline, version) if refusal.alias == STAGING else None
    tried = tryout is not None and not _ended(place, tryout, refusal).passed
    about = tryout or _promotion(place, pipeline, version)
    run = place.run(pipeline, about.day if about else refusal.at.date())
    refused = Unserved(pipeline, run.day, version, refusal.alias, refusal.sentence, refusal.serving, tried)
    alert = messages.unserved_alert(refused, _links(run))
    place.ledger.enqueue(alert)
    delivery.deliver(
        place.ledger, run.name, alert, run.pipeline.alerts, place.mailbox, lambda a: attachments.read(run, a)
    )


def _links(run: Run) -> Links:
    """The pages to look at; a day on which no step was done has no page of a night."""
    links = provenance.links(run)
    return links if run.workspace.ledger.step_rows(run.name, run.day) else replace(links, night=None)


def _ended(place: Workspace, tryout: Tryout, refusal: Refusal) -> TryoutVerdict:
    """The service's verdict on a version that it stopped; one that was given before stands."""
    of = tryout.model_dump(include={"pipeline", "day", "run_id", "version"})
    verdict = TryoutVerdict(**of, passed=False, by="service", why=refusal.sentence, at=refusal.at)
    with moves.alone(place.run(tryout.pipeline, tryout.day)):
        return place.ledger.record_tryout_verdict(verdict)


def _promotion(place: Workspace, pipeline: str, version: int) -> Promotion | None:
    book = place.ledger.promotions(pipeline)
    return next((row for row in reversed(book) if row.version == version), None)
