"""Where a model comes from and where to read about it: MLflow runs, their tags, links between the three UIs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ml import conditions, evaluation_page
from ml.messages import Links
from ml.records import Candidate, Decision, DriftReport, Evaluation, Snapshot, Verdict
from ml.workspace import Run

if TYPE_CHECKING:
    import pandas as pd


def training_run(run: Run, snapshot: Snapshot, recipe: str) -> str:
    """The id of the one MLflow run for this day, snapshot and recipe: found again after a retry, made at first."""
    registry = run.workspace.registry
    run_id = registry.training_run(
        run.name,
        f"{run.day}/{snapshot.fingerprint}/{recipe}",
        params=params(run, snapshot, recipe),
        tags=tags(run, snapshot) | {f"airflow.{k}": v for k, v in run.external.items()},
    )
    registry.log_dataset(run_id, snapshot.uri, snapshot.fingerprint, snapshot.rows)
    return run_id


def params(run: Run, snapshot: Snapshot, recipe: str) -> dict[str, str]:
    """What the training was told: equal for equal runs, so that a retry may log it again."""
    model = run.pipeline.model
    return {
        "data_day": str(run.day),
        "window": f"{snapshot.first} to {snapshot.last}",
        "rows": str(snapshot.rows),
        "holdout_days": str(run.pipeline.evaluation.holdout),
        "label": model.label,
        "features": ", ".join(model.features),
        "estimator": model.estimator or "default",
        "seed": str(model.seed),
        "recipe": recipe,
    }


def tags(run: Run, snapshot: Snapshot) -> dict[str, str]:
    """What binds a run or a version to the ledger and the lake; the snapshot can be rebuilt from it."""
    return {
        "nightshift.pipeline": run.name,
        "nightshift.day": str(run.day),
        "nightshift.snapshot": snapshot.model_dump_json(),
        "nightshift.snapshot_sha256": snapshot.fingerprint,
    }


def save_model(run: Run, run_id: str, name: str, estimator: Any, probe: "pd.DataFrame") -> str:
    """The address of a fitted estimator, kept as the run's model ``name`` with the conditions that it was fitted in."""
    place = conditions.keep(run.workspace.lake, run.pipeline)
    hidden, past = run.pipeline.predictions.hidden, run.pipeline.features.past
    return run.workspace.registry.save_model(run_id, name, estimator, probe, run.name, place, hidden, past)


def register(run: Run, fitted: Candidate, decision: Decision, verdict: Verdict) -> int:
    """The registered version of a refitted candidate; the same one when it is registered again."""
    number = run.workspace.ledger.decision_number(decision)
    own = {
        "nightshift.fitted_to": str(fitted.fitted_to),
        "nightshift.recipe": fitted.recipe,
        "nightshift.features": ", ".join(run.pipeline.model.features),
        "nightshift.window": str(decision.window or run.pipeline.window.train),
        "nightshift.gates": ", ".join(verdict.gates),
        "nightshift.decision": str(number) if number is not None else "",
    }
    return run.workspace.registry.register(
        run.name,
        fitted.run_id,
        fitted.model_uri,
        tags=tags(run, fitted.snapshot) | {name: value for name, value in own.items() if value},
        description=description(fitted, decision),
    )


def description(fitted: Candidate, decision: Decision) -> str:
    """What stands above the version in MLflow's page, as markdown."""
    why = "\n".join(f"- {r.kind}: {r.sentence}" for r in decision.reasons)
    snapshot = fitted.snapshot
    return (
        f"Fitted on {snapshot.rows:,} rows of {snapshot.first} to {snapshot.last} after the data day {fitted.day}, "
        f"because\n\n{why}\n\nSnapshot sha256 `{snapshot.fingerprint}`"
    )[:5000]


def log_evaluation(run: Run, evaluation: Evaluation, figures: Mapping[str, Any]) -> None:
    """The evaluation's figures and every role's metrics, in the training run."""
    registry = run.workspace.registry
    for name, figure in figures.items():
        registry.log_figure(evaluation.run_id, name, figure)
    registry.log(
        evaluation.run_id, metrics={f"{s.role}/{m}": v for s in evaluation.scores for m, v in s.metrics.items()}
    )
    log_drift(run, evaluation.run_id)


def log_verdict(run: Run, evaluation: Evaluation, verdict: Verdict) -> None:
    """The gates' answer as a tag that can be searched, as the text above the training run, and as a page of it."""
    registry, answer = run.workspace.registry, "passed" if verdict.passed else "refused"
    note = {"nightshift.verdict": answer, "mlflow.note.content": verdict_note(evaluation, verdict)}
    registry.log_text(evaluation.run_id, "evaluation.html", page_of(run, evaluation, verdict))
    registry.log(evaluation.run_id, tags=note)


def page_of(run: Run, evaluation: Evaluation, verdict: Verdict) -> str:
    """The evaluation as one page, with its pictures inside it."""
    pictures = {name: run.workspace.lake.read_bytes(uri) for name, uri in evaluation.pictures}
    return evaluation_page.evaluation_page(evaluation, verdict, pictures, drift_of(run))


def verdict_note(evaluation: Evaluation, verdict: Verdict) -> str:
    """Who did how well on the held-out rows, and what the gates object to, as markdown."""
    names = sorted({metric for score in evaluation.scores for metric in score.metrics})
    rows = [
        f"| {s.role} ({s.how}) | " + " | ".join(f"{s.metrics.get(n, float('nan')):.4f}" for n in names) + " |"
        for s in evaluation.scores
    ]
    head = ["| | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    said = [f"- {objection}" for objection in verdict.objections] or [f"All gates pass: {', '.join(verdict.gates)}."]
    where = f"On {evaluation.rows:,} held-out rows of {evaluation.first} to {evaluation.last}:"
    return "\n".join([where, "", *head, *rows, "", *said])


def log_drift(run: Run, run_id: str) -> None:
    """The drift report of the same data day beside the evaluation, if that night made one and it was not removed."""
    report = drift_of(run)
    if report is None or report.html is None or run.workspace.ledger.removal(report.html):
        return
    html = run.workspace.lake.path(report.html).read_text()
    run.workspace.registry.log_text(run_id, "drift.html", html)


def drift_of(run: Run) -> DriftReport | None:
    """The drift report of the run's data day, if that night made one."""
    return next((r for r in run.workspace.ledger.drift_history(run.name) if r.day == run.day), None)


def links(run: Run, run_id: str | None = None) -> Links:
    """The pages that a mail points to."""
    airflow = run.workspace.airflow_url
    return Links(
        airflow=run.external.get("url") or airflow,
        mlflow=run.workspace.registry.run_url(run_id) if run_id else None,
        night=f"{airflow}/nightshift/nights/{run.name}_nightly/{run.day}" if airflow else None,
        form=f"{airflow}/dags/{run.name}_retrain" if airflow else None,
    )


def answer_page(run: Run) -> str | None:
    """Airflow's page on which the question of this run is answered; None outside of Airflow."""
    airflow, dag, run_id = run.workspace.airflow_url, run.external.get("dag_id"), run.external.get("run_id")
    if not (airflow and dag and run_id):
        return None
    return f"{airflow}/dags/{dag}/runs/{quote(run_id, safe='')}/tasks/approve/required_actions?map_index=-1"
