"""What an audit of one pipeline looks at; each place is read once."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ml.records import Promotion, Snapshot, from_json
from ml.workspace import Workspace

if TYPE_CHECKING:
    from ml.registry import Served


@dataclass(frozen=True)
class Scope:
    """A pipeline in its workspace; ``deep`` reads every file of the lake and compares its sha256."""

    place: Workspace
    pipeline: str
    deep: bool = False

    @cached_property
    def promotions(self) -> list[Promotion]:
        return self.place.ledger.promotions(self.pipeline)

    @property
    def promoted(self) -> Promotion | None:
        """The newest promotion: what the ledger says is in Production."""
        return self.promotions[-1] if self.promotions else None

    @cached_property
    def aliases(self) -> dict[str, int]:
        return self.place.registry.aliases(self.pipeline)

    @cached_property
    def stages(self) -> dict[int, str]:
        return self.place.registry.stages(self.pipeline)

    @cached_property
    def served(self) -> "Served | None":
        return self.place.registry.production(self.pipeline)

    @cached_property
    def removed(self) -> frozenset[str]:
        """What retention took away, or was about to."""
        return frozenset(row.what for row in self.place.ledger.removals(self.pipeline))

    @cached_property
    def snapshots(self) -> dict[str, Snapshot]:
        """Every snapshot that a night froze, by its sha256."""
        rows = self.place.ledger.step_rows(self.pipeline)
        made = [from_json(row.output) for row in rows if row.step == "snapshot" and row.output]
        return {one.fingerprint: one for one in made if isinstance(one, Snapshot)}
