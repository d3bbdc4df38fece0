"""Waits in the triggerer for what ends a question: its page, a terminal, a newer challenger, or the deadline."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.providers.standard.triggers.hitl import HITLTrigger
from airflow.triggers.base import TriggerEvent

from ml.errors import NightshiftError

SECONDS = 10.0


class QuestionTrigger(HITLTrigger):
    """Airflow's own wait for an answer on the page, ended early when the question is answered or void elsewhere.

    What ends it so is written on the page as nobody's answer, so that no person answers what is decided.
    """

    def __init__(self, *, pipeline: str, version: int, seconds: float = SECONDS, **asked: Any) -> None:
        super().__init__(**asked)
        self.pipeline, self.version, self.seconds = pipeline, version, seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        own = {"pipeline": self.pipeline, "version": self.version, "seconds": self.seconds}
        return "plugins.waiting.QuestionTrigger", super().serialize()[1] | own

    async def run(self) -> AsyncIterator[TriggerEvent]:
        watching = asyncio.create_task(self._watch())
        try:
            async for event in super().run():
                yield event
        finally:
            watching.cancel()

    async def _watch(self) -> None:
        """Let the time be up as soon as the question has ended."""
        while (ended := await asyncio.to_thread(self._look)) is None:
            await asyncio.sleep(self.seconds)
        self.log.info("%s version %s: the question is %s", self.pipeline, self.version, ended)
        if ended == "approved":
            self.defaults = [ApprovalOperator.APPROVE]
        self.timeout_datetime = datetime.now(UTC)

    def _look(self) -> str | None:
        """How the question has ended, if it has; a neighbour that does not answer ends nothing."""
        from ml import watching

        try:
            return watching.ended(self.pipeline, self.version)
        except NightshiftError as error:
            self.log.warning("version %s of %s is not watched for now: %s", self.version, self.pipeline, error)
            return None
