"""The task in which a version sees traffic before it may enter Production."""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from inspect import cleandoc
from time import monotonic
from typing import Any, ClassVar

from airflow.sdk import BaseOperator, XComArg
from airflow.triggers.base import BaseTrigger, TriggerEvent

from ml import steps
from ml.config import PipelineConfig
from ml.errors import NightshiftError
from plugins import links, runs
from plugins.tasks import OPTIONS, walk_step

SECONDS, AGAIN = 30.0, 3600.0
_OF_PYTHON_TASKS = ("multiple_outputs", "show_return_value_in_logs")


class TryOut(BaseOperator):
    """The step ``try_out``: waits, without a worker, until the traffic has spoken or its days are over.

    The triggerer watches the ledger and the clock; once an hour a worker looks whether new labels are enough. Where
    the YAML wants no traffic to be waited for it ends at once.
    """

    template_fields: ClassVar[Collection[str]] = ("inputs",)

    def __init__(self, *, pipeline: PipelineConfig, day_of: runs.DayOf, inputs: Any, **options: Any) -> None:
        self.pipeline, self.day_of, self.inputs = pipeline, day_of, inputs
        super().__init__(**options)

    def execute(self, context: Any) -> Any:
        if None not in self.inputs:
            self._wait(context)
        return walk_step(self.pipeline, self.day_of, steps.try_out, tuple(self.inputs), self.operator_extra_links)

    def execute_complete(self, context: Any, event: Any) -> Any:
        """Look again: perhaps there is enough now, perhaps it sleeps on."""
        return self.execute(context)

    def _wait(self, context: Any) -> None:
        """Put the task to sleep; return only when there is nothing to wait for."""
        from ml import tryouts
        from ml.records import from_json

        run = runs.bind(self.pipeline, context, self.day_of)
        tryout = tryouts.opened(run, *(from_json(value) for value in self.inputs))  # type: ignore[arg-type]
        if tryout is not None and tryouts.standing(run, tryout) is None:
            print(f"{run} try_out: version {tryout.version} sees traffic until {tryout.deadline:%Y-%m-%d %H:%M} UTC")
            watched = TryoutTrigger(run.name, tryout.version, tryout.deadline)
            self.defer(trigger=watched, method_name="execute_complete")


class TryoutTrigger(BaseTrigger):
    """Fires when a tryout has ended in the ledger or by the clock, else once an hour, for the labels."""

    def __init__(
        self, pipeline: str, version: int, deadline: datetime, seconds: float = SECONDS, again: float = AGAIN
    ) -> None:
        super().__init__()
        self.pipeline, self.version, self.deadline = pipeline, version, deadline
        self.seconds, self.again = seconds, again

    def serialize(self) -> tuple[str, dict[str, Any]]:
        own = ("pipeline", "version", "deadline", "seconds", "again")
        return "plugins.tryout.TryoutTrigger", {name: getattr(self, name) for name in own}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        began = monotonic()
        while monotonic() - began < self.again and not await asyncio.to_thread(self._ended):
            await asyncio.sleep(self.seconds)
        yield TriggerEvent({"pipeline": self.pipeline, "version": self.version})

    def _ended(self) -> bool:
        """Whether it has ended; a neighbour that does not answer ends nothing."""
        from ml import watching

        try:
            return watching.tried(self.pipeline, self.version, self.deadline)
        except NightshiftError as error:
            self.log.warning("version %s of %s is not watched for now: %s", self.version, self.pipeline, error)
            return False


def draw(
    *, pipeline: PipelineConfig, day_of: runs.DayOf, inputs: tuple[Any, ...], buttons: tuple[links.MlflowRun, ...]
) -> Any:
    """The task of the step ``try_out``; what it gives is a promise, as of any other step."""
    task = TryOut(
        task_id=steps.try_out.__name__,
        doc_md=cleandoc(steps.try_out.__doc__ or ""),
        pipeline=pipeline,
        day_of=day_of,
        inputs=list(inputs),
        **{name: value for name, value in OPTIONS.items() if name not in _OF_PYTHON_TASKS},
    )
    task.operator_extra_links = buttons
    return XComArg(task)
