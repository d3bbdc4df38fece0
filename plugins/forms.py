"""What a person is asked before a run by hand: each value has a title, a meaning and limits that the form enforces."""

from airflow.sdk import Param

from ml.config import PipelineConfig


def nightly(pipeline: PipelineConfig) -> dict[str, Param]:
    """The form of the nightly DAG."""
    timezone = pipeline.schedule.timezone
    return {"data_day": _day(f"The day to run the night for. Empty: the newest whole day in {timezone}.")}


def retrain(pipeline: PipelineConfig) -> dict[str, Param]:
    """The form of the retrain DAG."""
    shortest, usual = pipeline.evaluation.holdout + 1, pipeline.window.train
    return {
        "data_day": _day("The last day that the model may know. Empty: the newest accepted day."),
        "reason": Param(
            "asked for by hand, no reason given",
            type="string",
            minLength=3,
            maxLength=500,
            title="Reason",
            description="Why; it stands in the ledger, in MLflow and in the mail.",
        ),
        "dry_run": Param(
            False,
            type="boolean",
            title="Dry run",
            description="Train, evaluate and ask the gates, but promote nothing.",
        ),
        "window": Param(
            None,
            type=["null", "integer"],
            minimum=shortest,
            maximum=max(pipeline.source.history, usual),
            title="Window in days",
            description=f"How many days to train on. Empty: {usual}, as the YAML says. At least {shortest}: "
            f"{pipeline.evaluation.holdout} are held out to judge the model.",
        ),
    }


def rollback(pipeline: PipelineConfig) -> dict[str, Param]:
    """The form of the rollback DAG."""
    return {
        "version": Param(
            None,
            type=["null", "integer"],
            minimum=1,
            title="Version",
            description="The one to put back. Empty: the version that was in Production before.",
        ),
        "reason": Param(
            type="string",
            minLength=3,
            maxLength=500,
            title="Reason",
            description="Why; it stands in the ledger and in the mail, and the same model is not promoted again.",
        ),
        "force": Param(
            False,
            type="boolean",
            title="Never served before",
            description="Allow a version that was never in Production.",
        ),
    }


def _day(description: str) -> Param:
    return Param(None, type=["null", "string"], format="date", title="Data day", description=description)
