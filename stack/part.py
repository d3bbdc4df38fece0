"""What the supervisor must know of one part of the stack."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[[int, float], bool | None]
"""Asked with the pid of a part and its start (seconds since 1970): healthy, not healthy, or None for "cannot tell"."""


@dataclass(frozen=True)
class Part:
    """A process that is kept alive, or with ``once`` a command that must succeed before others may start."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    health: Check | None = None
    once: bool = False
    stop: signal.Signals = signal.SIGTERM
    patience: float = 8.0
    """Seconds between the stop signal and SIGKILL."""
    spare_group: bool = False
    """Its children may finish their work when it crashes; what is left idle goes later."""
