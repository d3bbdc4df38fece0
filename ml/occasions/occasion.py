"""What every occasion can do: say why a person is asked about a version, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ml.records import Decision, DriftReport, Evaluation, Promotion
from ml.section import Section


@dataclass(frozen=True)
class Case:
    """A version that passed the gates, and what it comes from.

    ``features`` and ``window`` (in days) are the version's own; ``champion_tags`` are those of the version in
    Production, ``newest`` is the row that put it there, ``report`` the drift check of the same data day.
    """

    evaluation: Evaluation
    decision: Decision
    features: tuple[str, ...]
    window: int
    champion_tags: Mapping[str, str] = field(default_factory=dict)
    newest: Promotion | None = None
    report: DriftReport | None = None


class BaseOccasion(Section):
    """One reason to ask a person. ``kind`` names it in YAML; it alone may stand there when the defaults suit."""

    kind: Any

    def reason(self, case: Case) -> str | None:
        """One sentence with the numbers when a person must be asked, else None."""
        raise NotImplementedError
