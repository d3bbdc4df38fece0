"""What a gate may know of a night beyond rows and models: the window's days, and the saved models in use."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ml import fresh_process
from ml.days import Span
from ml.evaluation import Champion
from ml.gates.trial import Served, Surroundings
from ml.records import Candidate, Role
from ml.workspace import Run

if TYPE_CHECKING:
    import pandas as pd


def around(run: Run, candidate: Candidate, champion: Champion | None) -> Surroundings:
    """The surroundings of a candidate: its window's days as the ledger has them, both models as the registry has."""
    due = run.day - timedelta(days=run.pipeline.source.label_delay)
    uris: dict[Role, str] = {"challenger": candidate.model_uri}
    if champion is not None and champion.model_uri is not None:
        uris["champion"] = champion.model_uri

    def serve(requests: "pd.DataFrame") -> dict[Role, Served]:
        with TemporaryDirectory() as place:
            folders = {role: run.workspace.registry.fetch_model(uri, Path(place) / role) for role, uri in uris.items()}
            return fresh_process.serve(run.pipeline.model.task, folders, requests)

    window = Span(candidate.snapshot.first, due)
    return Surroundings(due, tuple(run.workspace.ledger.batches(run.name, window)), serve)
