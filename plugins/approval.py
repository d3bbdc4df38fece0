"""The task in which a person answers whether a version may serve."""

from collections.abc import Collection
from datetime import timedelta
from inspect import cleandoc
from typing import Any, ClassVar

from airflow.providers.standard.operators import hitl
from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
from airflow.sdk import Param, XComArg

from ml import steps
from ml.config import PipelineConfig
from ml.records import Question
from ml.workspace import Run
from plugins import links, runs
from plugins.tasks import OPTIONS, walk_step
from plugins.waiting import QuestionTrigger

_OF_PYTHON_TASKS = ("multiple_outputs", "show_return_value_in_logs")
COMMENT = Param(
    "",
    type=["null", "string"],
    maxLength=2000,
    title="Comment",
    description="Why; it stands in the ledger and in the mail.",
)


class Approve(ApprovalOperator):
    """The step ``approve``: waits, without a worker, until a person has answered on its page or in a terminal.

    The triggerer watches what the page cannot see: the deadline, an answer in a terminal, a newer challenger. Where
    nobody has to be asked it ends at once. A rejection is a result, as is a deadline without an answer: the steps that
    follow see it in the record, so nothing is skipped here.
    """

    template_fields: ClassVar[Collection[str]] = ("subject", "body", "question")

    def __init__(self, *, pipeline: PipelineConfig, day_of: runs.DayOf, question: Any, **options: Any) -> None:
        self.pipeline, self.day_of, self.question = pipeline, day_of, question
        # what is asked is known only when the task runs
        super().__init__(
            subject="",
            body="",
            assigned_users=[{"id": name, "name": name} for name in pipeline.approval.users],
            defaults=self.REJECT,
            # without it Airflow would take execution_timeout for the wait; the trigger knows the deadline itself
            response_timeout=max(pipeline.approval.wait, timedelta(seconds=1)),
            **options,
        )

    def execute(self, context: Any) -> Any:
        if self.question is not None:
            self._wait(runs.bind(self.pipeline, context, self.day_of), context)
        return walk_step(self.pipeline, self.day_of, steps.approve, (self.question,), self.operator_extra_links)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Keep what was answered; where nobody did on the page, the ledger knows what ended the question."""
        if not event.get("timedout"):
            given = HITLOperator.execute_complete(self, context, event)
            answered(runs.bind(self.pipeline, context, self.day_of), self.question, given)
        return self.execute(context)

    def _wait(self, run: Run, context: Any) -> None:
        """Put the task to sleep on its page; return only when there is nothing to wait for."""
        from ml import approvals, messages, provenance
        from ml.records import from_json
        from ml.walker import stored_inputs

        question = from_json(self.question)
        if not isinstance(question, Question) or approvals.standing(run, question) is not None:
            return
        _, inputs = stored_inputs(run, "invite")
        self.subject = messages.question_subject(question)
        self.body = messages.question_page(*inputs, provenance.links(run, question.run_id))  # type: ignore[arg-type]
        self._sleep(context["task_instance"].id, question)

    def _sleep(self, ti_id: Any, question: Question) -> None:
        asked: dict[str, Any] = {"options": self.options, "defaults": self.defaults, "params": self.serialized_params}
        page = {"subject": self.subject, "body": self.body, "assigned_users": self.assigned_users}
        hitl.upsert_hitl_detail(ti_id=ti_id, **asked, **page)
        watched = {"pipeline": question.pipeline, "version": question.version, "timeout_datetime": question.deadline}
        # the page of HITLOperator itself waits without a trigger, and so learns of nothing but its own buttons
        self.defer(trigger=QuestionTrigger(ti_id=ti_id, **asked, **watched), method_name="execute_complete")


def draw(
    *, pipeline: PipelineConfig, day_of: runs.DayOf, inputs: tuple[Any, ...], buttons: tuple[links.MlflowRun, ...]
) -> Any:
    """The task of the step ``approve``; what it gives is a promise, as of any other step."""
    [question] = inputs
    task = Approve(
        task_id=steps.approve.__name__,
        doc_md=cleandoc(steps.approve.__doc__ or ""),
        pipeline=pipeline,
        day_of=day_of,
        question=question,
        params={"comment": COMMENT},
        **{name: value for name, value in OPTIONS.items() if name not in _OF_PYTHON_TASKS},
    )
    task.operator_extra_links = buttons
    return XComArg(task)


def answered(run: Run, question: dict[str, Any], given: Any) -> None:
    """Keep who approved or rejected, and the comment."""
    from ml import approvals
    from ml.records import from_json

    asked, user = from_json(question), given["responded_by_user"] or {}
    assert isinstance(asked, Question)
    said = (given["params_input"] or {}).get("comment") or ""
    choice = "approved" if given["chosen_options"] == [ApprovalOperator.APPROVE] else "rejected"
    by = user.get("name") or user.get("id") or "somebody in Airflow"
    stands = approvals.answer(run, asked, choice, by, said)
    print(f"{run} approve: {by} {choice} version {asked.version}; it is {stands.answer}: {stands.why}")
