"""What every way to value predictions can say: how much better a version is by a row, and in what unit."""

from typing import Any

from ml.records import Weighed
from ml.section import Section


class BaseValue(Section):
    """One way. ``kind`` names it in YAML."""

    kind: Any

    @property
    def priced(self) -> bool:
        """Whether it gives money; if not, it gives its own unit."""
        raise NotImplementedError

    def unit(self, metric: str) -> str:
        """The unit where it gives no money; ``metric`` is the pipeline's own."""
        raise NotImplementedError

    def gain(self, weighed: Weighed, metric: str) -> float | None:
        """How much better a row was off with the version than with the one it is weighed against; below 0: worse.

        None where that is not known.
        """
        raise NotImplementedError
