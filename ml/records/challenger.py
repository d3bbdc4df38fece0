"""A trained model, and what its gates say of it."""

from datetime import date

from ml.records.record import Record
from ml.records.snapshot import Snapshot

TRYOUT = "tryout"  # the gate that the traffic is


class Finding(Record):
    """What one gate found: whether the challenger may pass, in a sentence with the numbers and their limit."""

    gate: str
    passed: bool
    sentence: str


class Candidate(Record):
    """A trained model: its MLflow run, the model in it, and, once refitted on all rows, its registered version.

    ``findings`` are those of the refit's check; a refitted model that one of them refuses gets no version.
    """

    pipeline: str
    day: date
    snapshot: Snapshot
    run_id: str
    model_uri: str
    fitted_to: date
    recipe: str
    version: int | None = None
    findings: tuple[Finding, ...] = ()


class Verdict(Record):
    """What the gates say of a challenger: the finding of each; an objection is the sentence of one that refuses it."""

    pipeline: str
    day: date
    run_id: str
    passed: bool
    objections: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    champion_version: int | None = None
    findings: tuple[Finding, ...] = ()

    def after(self, refitted: Candidate | None) -> "Verdict":
        """With what the check of the refitted model found: its objections refuse the challenger too."""
        found = refitted.findings if refitted is not None else ()
        against = tuple(finding.sentence for finding in found if not finding.passed)
        more = {"passed": self.passed and not against, "objections": (*self.objections, *against)}
        return self.model_copy(update=more | {"findings": (*self.findings, *found)})

    @property
    def tryout(self) -> Finding | None:
        """What the traffic said of the version, where it saw any before Production."""
        return next((finding for finding in self.findings if finding.gate == TRYOUT), None)
