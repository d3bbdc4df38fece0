"""What the parts are doing, as the supervisor wrote it down, and what they cost."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stack import lock, processes

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class PartStatus:
    """One part at this moment."""

    name: str
    state: str
    pid: int | None
    ports: tuple[int, ...]
    once: bool
    since: float | None
    took: float | None
    restarts: int
    failures: int
    last_exit: int | None

    @property
    def ready(self) -> bool:
        """Whether it does what it is there for."""
        return self.state in ("healthy", "done")


@dataclass(frozen=True)
class Status:
    """The whole stack at this moment; ``pid`` is the supervisor's."""

    pid: int
    since: float
    state: str
    parts: tuple[PartStatus, ...]

    @property
    def ready(self) -> bool:
        """Whether every part does what it is there for."""
        return self.state == "running" and all(part.ready for part in self.parts)


def read(run: Path) -> Status | None:
    """The state of the running stack; None when none runs, or the supervisor has not written yet."""
    holder = lock.holder(run)
    try:
        raw = json.loads((run / "status.json").read_text())
    except FileNotFoundError:
        return None
    if holder is None or raw["pid"] != holder:
        return None
    parts = (
        PartStatus(name=name, **values | {"ports": tuple(values["ports"])}) for name, values in raw["parts"].items()
    )
    return Status(raw["pid"], raw["since"], raw["state"], tuple(parts))


def as_json(status: Status | None) -> dict[str, Any]:
    """Everything that `status` shows, for a program: memory in bytes (PSS), uptime in seconds."""
    if status is None:
        return {"state": "stopped", "parts": [], "memory": 0}
    costs = _costs(status)
    parts = [
        {
            "name": part.name,
            "state": part.state,
            "pid": part.pid,
            "ports": list(part.ports),
            "memory": costs[part.name],
            "uptime": round(time.time() - part.since, 1) if part.pid and part.since else None,
            "restarts": part.restarts,
            "last_exit": part.last_exit,
        }
        for part in status.parts
    ]
    return {"state": "ready" if status.ready else status.state, "parts": parts, "memory": sum(costs.values())}


def _costs(status: Status) -> dict[str, int]:
    seen = processes.table()
    trees = {part.name: processes.descendants([part.pid] if part.pid else [], seen) for part in status.parts}
    everything = processes.descendants([status.pid], seen)
    rest = everything.difference(*trees.values())  # the supervisor, and what outlived a crashed part
    return {name: processes.memory(tree) for name, tree in trees.items()} | {"supervisor": processes.memory(rest)}


def as_table(status: Status | None) -> str:
    """The same for a person."""
    shown = as_json(status)
    if status is None:
        return "The stack does not run. `make up` starts it."
    rows = [("PART", "STATE", "PID", "PORT", "MEMORY", "UPTIME", "RESTARTS")]
    rows += [_row(part) for part in shown["parts"]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", f"{shown['state']}, {shown['memory'] / MEGABYTE:,.0f} MB in all (PSS)"])


def _row(part: dict[str, Any]) -> tuple[str, ...]:
    memory = f"{part['memory'] / MEGABYTE:,.0f} MB" if part["pid"] else "-"
    uptime = _span(part["uptime"]) if part["uptime"] is not None else "-"
    ports = " ".join(map(str, part["ports"])) or "-"
    return part["name"], part["state"], str(part["pid"] or "-"), ports, memory, uptime, str(part["restarts"])


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
