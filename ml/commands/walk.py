"""A line walked in a terminal."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ml.commands.terminal import data_day, open_workspace


class Walk:
    """One run of a line in a terminal: a line per step, or one JSON document at the end."""

    def __init__(self, run: Any, as_json: bool) -> None:
        from ml.walker import InProcess

        self.run, self.as_json = replace(run, told=self._going), as_json
        self.steps: list[dict[str, Any]] = []
        self.do = InProcess(self.run, told=self._told, starting=self._starting)
        if not as_json:
            print(f"{run}")

    @classmethod
    def newest(cls, place: Any, pipeline: str, as_json: bool) -> "Walk":
        """A walk of the pipeline's newest night, whatever day that was."""
        from ml import past

        return cls(past.newest_run(place, pipeline), as_json)

    @classmethod
    def of(cls, pipeline: str, day: str | None, workspace: Path | None, as_json: bool) -> "Walk":
        place = open_workspace(workspace)
        return cls(place.run(pipeline, data_day(place, pipeline, day)), as_json)

    def _starting(self, name: str) -> None:
        self.step = name
        self._going()

    def _going(self, far: str = "") -> None:
        if not self.as_json and sys.stdout.isatty():
            print(f"  {self.step:<11} {far}{' ' if far else ''}…", end="\r", flush=True)

    def _told(self, name: str, record: Any, seconds: float) -> None:
        from ml.records import to_json
        from ml.summary import of_step

        self.steps.append(
            {"step": name, "seconds": round(seconds, 3), "result": to_json(record) if record is not None else None}
        )
        if not self.as_json:
            print(f"  {name:<11} {seconds:6.1f} s   {of_step(name, record)}", flush=True)

    def _waits(self) -> Iterator[str]:
        """What to type when the walk ended with a question to a person, or with a version that sees traffic first."""
        refitted = next((step["result"] for step in self.steps if step["step"] == "refit" and step["result"]), None)
        tried = next((step for step in self.steps if step["step"] == "try_out"), {"result": True})
        if refitted and refitted["version"] and not tried["result"]:
            how = f"`nightshift tryout {self.run.name}` says how it does"
            yield f"version {refitted['version']} sees traffic first: {how}"
        asked = next((step["result"] for step in self.steps if step["step"] == "ask" and step["result"]), None)
        answered = any(step["step"] == "approve" and step["result"] for step in self.steps)
        if asked and not answered:
            about = f"{self.run.name} --version {asked['version']}"
            yield f'version {asked["version"]} waits for a person: `nightshift approve {about} --why "..."` or reject'

    def close(self) -> None:
        for line in () if self.as_json else self._waits():
            print(line)
        if self.as_json:
            print(json.dumps({"pipeline": self.run.name, "day": str(self.run.day), "steps": self.steps}))
