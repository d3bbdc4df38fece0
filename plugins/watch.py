"""Looks at MLflow from the triggerer, and says when it shows something else than the ledger."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from ml.errors import NightshiftError

# A difference is believed when it is seen twice in a row, since a promotion of ours is one for a second: so within a
# minute whatever happens, and a run for it starts within some seconds more.
SECONDS = 15.0
AGAIN_SECONDS = 300.0


class RegistryTrigger(BaseEventTrigger):
    """Fires once for each difference between ledger and registry, and again while it stays, every five minutes.

    It asks MLflow over plain HTTP: MLflow's own client would more than double what the triggerer keeps in memory.
    """

    def __init__(self, pipeline: str, seconds: float = SECONDS) -> None:
        super().__init__()
        self.pipeline, self.seconds = pipeline, seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "plugins.watch.RegistryTrigger", {"pipeline": self.pipeline, "seconds": self.seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        before, told, since = None, None, 0.0
        while True:
            found = await asyncio.to_thread(self._look)
            since = since + self.seconds if told else 0.0
            if found is not None and found == before and (found != told or since >= AGAIN_SECONDS):
                told, since = found, 0.0
                yield TriggerEvent({"pipeline": self.pipeline, "found": found})
            told = told if found is not None else None
            before = found
            await asyncio.sleep(self.seconds)

    def _look(self) -> str | None:
        """What differs now; a neighbour that does not answer is no difference."""
        from ml import watching

        try:
            return watching.difference(self.pipeline)
        except NightshiftError as error:
            self.log.warning("%s is not watched for now: %s", self.pipeline, error)
            return None
