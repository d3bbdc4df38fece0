"""The words on the DAG pages."""

from collections.abc import Callable
from inspect import cleandoc
from typing import Any

from ml import lines
from ml.config import PipelineConfig
from ml.walker import drawing

TELL_TEXT = (
    "Mail the owner what failed, why and what to do, when a task of this run failed; else there is nothing to tell."
)


def nightly(pipeline: PipelineConfig) -> str:
    """The page of the nightly DAG, in Markdown."""
    schedule = pipeline.schedule
    return f"""
### {pipeline.name}: every night

{pipeline.description}

Starts at {schedule.at:%H:%M} ({schedule.timezone}) for the calendar day that is over then, its *data day*: the
partition key of the run. By hand: **Trigger**, and name a data day or leave it empty for the newest.

`{_picture(lines.nightly)}`

`decide → request_retrain ⇢ {pipeline.name}_retrain`

A quiet night ends with `request_retrain` and `tell_of_failure` skipped. A failed task is an error: a database that did
not answer, or data that is wrong; its log ends with the sentence that says so, and `tell_of_failure` mails it.

{_table(lines.nightly)}
| request_retrain | Ask for a retrain of this data day, if the night decided so; its reasons travel with the request. |
| tell_of_failure | {TELL_TEXT} |

{_where(pipeline)}
"""


def retrain(pipeline: PipelineConfig) -> str:
    """The page of the retrain DAG, in Markdown."""
    return f"""
### {pipeline.name}: train, judge, promote

{pipeline.description}

Runs when a night decided so, for that night's data day. By hand: **Trigger**, and say why; with *Dry run* everything is
done but the promotion.

`request → {_picture(lines.retrain, "request")}`

A challenger that the gates refuse is a result, not an error: `refit` and `promote` are then skipped, Production stays
as it is, and the mail says what was objected to.

{_table(lines.retrain, "request")}
| tell_of_failure | {TELL_TEXT} |

{_where(pipeline)}
"""


def score(pipeline: PipelineConfig) -> str:
    """The page of the score DAG, in Markdown."""
    at = pipeline.score.starts(pipeline.schedule.at) if pipeline.score else pipeline.schedule.at
    return f"""
### {pipeline.name}: what the coming day will bring

Starts at {at:%H:%M} ({pipeline.schedule.timezone}): reads the rows of the day that has just begun, as they are known
then, and writes down what the version in Production says of each. A day is scored once; a repetition changes nothing.

`{_picture(lines.score)}`

{_table(lines.score)}
| tell_of_failure | {TELL_TEXT} |

The predictions are in the ledger's table `predictions` under the role *batch*, and as a Parquet file in the lake: the
record of `score` has its place.
"""


def rollback(pipeline: PipelineConfig) -> str:
    """The page of the rollback DAG, in Markdown."""
    return f"""
### {pipeline.name}: back to an earlier version

Puts the version before, or the one that you name, back into Production. **Trigger**, and say why.

`request → {_picture(lines.rollback, "request")}`

It takes seconds, is kept in the ledger with your name and reason, and is mailed. The same snapshot and recipe is not
promoted again by a night; you can put it back here. In a terminal: `nightshift rollback {pipeline.name} --why "..."`.

{_table(lines.rollback, "request")}
| tell_of_failure | {TELL_TEXT} |
"""


def reconcile(pipeline: PipelineConfig) -> str:
    """The page of the reconcile DAG, in Markdown."""
    return f"""
### {pipeline.name}: what somebody changed in MLflow

Runs by itself, within a minute, when a stage or an alias in MLflow is not what the ledger says. The act is kept in the
ledger and mailed; `stages.outside` in the YAML says whether it is reverted or adopted (here:
**{pipeline.stages.outside}**).

`{_picture(lines.reconcile)}`

{_table(lines.reconcile)}
| tell_of_failure | {TELL_TEXT} |
"""


def _picture(line: Callable[..., Any], *starts: str) -> str:
    # of one row: Airflow's page sets a block of code as flowing text
    return " → ".join(drawn.name for drawn in drawing(line, *starts))


def _table(line: Callable[..., Any], *starts: str) -> str:
    rows = [f"| {d.name} | {_first(d.step.__doc__)} |" for d in drawing(line, *starts)]
    return "\n".join(["| step | what it does |", "|---|---|", *rows])


def _first(text: str | None) -> str:
    return " ".join(cleandoc(text or "").split("\n\n")[0].split())


def _where(pipeline: PipelineConfig) -> str:
    return (
        "**Where results appear.** In a task's log (one sentence) and its XCom (the record); behind *MLflow run* on "
        f"the Details tab of a task that trained; in MLflow under `{pipeline.name}`; in the mail; and in the ledger: "
        f"`nightshift history {pipeline.name}`."
    )
