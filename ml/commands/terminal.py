"""What the commands of a terminal share: their options, the workspace they mean, and how they answer."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from ml import local

Pipeline = Annotated[str, typer.Argument(help="The pipeline's name, that of its YAML file.", show_default=False)]
Day = Annotated[str | None, typer.Option("--day", help="The data day, YYYY-MM-DD; without it the newest whole one.")]
Apart = Annotated[
    Path | None, typer.Option("--workspace", help="Run wholly apart in this folder: SQLite, files, mails in a folder.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of lines.")]


def group(words: str) -> typer.Typer:
    """An empty group of commands; ``words`` say what they are about."""
    return typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown", help=words)


def open_workspace(apart: Path | None) -> Any:
    """The workspace in this folder, or that of the environment, or that of the local stack."""
    from ml.workspace import Workspace

    local.use_stack()
    return Workspace.apart(apart, local.config()) if apart else Workspace.from_env()


def data_day(place: Any, pipeline: str, day: str | None) -> date:
    """The day that was named, or the newest whole one of the pipeline."""
    from ml.config import find_pipeline
    from ml.days import newest_day, parse_day

    if day is not None:
        return parse_day(day)
    schedule = find_pipeline(place.pipelines, pipeline).schedule
    return newest_day(schedule.at, schedule.timezone, datetime.now(UTC))


def told(as_json: bool) -> Callable[[object], None]:
    """What says on one line of a terminal how far a long command is; silent for JSON, and into a file or a pipe."""

    def tell(words: object) -> None:
        print(f"  {words!s:<20} …", end="\r", file=sys.stderr, flush=True)

    return (lambda words: None) if as_json or not sys.stderr.isatty() else tell


def user() -> str:
    """Who is at the terminal."""
    import getpass

    return getpass.getuser()


def answer(as_json: bool, document: dict[str, Any], lines: list[str]) -> None:
    """Print the document as JSON, or the lines."""
    print(json.dumps(document) if as_json else "\n".join(lines))
