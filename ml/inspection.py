"""A data day held against everything that its owner promised: the tables it was joined from, then its own rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ml.config import PipelineConfig
from ml.contract import REASONS, RULES, Beside, Checked, Contract
from ml.profiles import Profile, Unjudged
from ml.records import Violation
from ml.rules.partners import Partner
from ml.rules.past import Past

if TYPE_CHECKING:
    import polars as pl

    from ml.upstream import UpstreamTable

_NO_HISTORY = 7


@dataclass(frozen=True)
class Inspection:
    """What became of a day: its own rows, those of each upstream table, and every broken rule of any of them."""

    name: str
    day: date
    own: Checked
    upstream: Mapping[str, Checked]
    violations: tuple[Violation, ...]
    unjudged: tuple[Unjudged, ...]

    @property
    def quarantined(self) -> bool:
        """Whether a rule of the whole day is broken, in whichever table."""
        return any(violation.stops for violation in self.violations)

    @property
    def profile(self) -> Profile:
        """The day in numbers, with the rules that did not judge."""
        tables = {name: checked.profile for name, checked in self.upstream.items()}
        return Profile(day=self.day, own=self.own.profile, upstream=tables, unjudged=self.unjudged)


@dataclass
class Earlier:
    """What is known of the days before the next one: their profiles, and the rows of the last of them.

    Tables go by their names, the pipeline's own rows by its name. Days are added in order, oldest first.
    """

    pipeline: PipelineConfig
    pasts: dict[str, Past] = field(default_factory=dict)
    rows: dict[str, tuple[date, pl.DataFrame]] = field(default_factory=dict)

    def add(self, profile: Profile) -> None:
        """An accepted day; a quarantined one is never added."""
        for name, table in {self.pipeline.name: profile.own, **profile.upstream}.items():
            self._past(name).add(profile.day, table)

    def remember(self, day: date, tables: Mapping[str, pl.DataFrame]) -> None:
        """The rows of a day as they came, for the neighbours of the first hours of the next."""
        contracts = {name: _contract(self.pipeline, name) for name in tables}
        self.rows = {name: (day, c.typed(tables[name])) for name, c in contracts.items() if c.series}

    def beside(self, name: str, day: date, partners: tuple[Partner, ...] = ()) -> Beside:
        """What lies beside a table's rows of a day."""
        last, rows = self.rows.get(name, (None, None))
        before = rows if last == day - timedelta(days=1) else None
        return Beside(before=before, partners=partners, past=self._past(name).until(day))

    def _past(self, name: str) -> Past:
        history = _contract(self.pipeline, name).history
        return self.pasts.setdefault(name, Past(history.days if history else _NO_HISTORY))


def inspect(
    pipeline: PipelineConfig,
    day: date,
    tables: Mapping[str, pl.DataFrame],
    earlier: Earlier | None = None,
    waived: Collection[str] = frozenset(),
) -> Inspection:
    """Hold a day against the contracts of its tables; ``tables`` has the pipeline's own rows under its name.

    An upstream table that is not in ``tables`` was not pulled, and is not judged; one without rows is judged as that.
    ``earlier`` is not changed, but for the days that it forgets.

    Raises
    ------
    ConfigError
        A pattern or an expression of a contract cannot be understood.
    """
    earlier = earlier or Earlier(pipeline)
    pulled = {name: table for name, table in pipeline.upstream.items() if name in tables}
    upstream = {name: _checked(table, name, day, tables[name], earlier, waived) for name, table in pulled.items()}
    partners = tuple(_partner(name, pulled[name], checked) for name, checked in upstream.items())
    event_time, beside = pipeline.source.event_time, earlier.beside(pipeline.name, day, partners)
    own = pipeline.contract.check(tables[pipeline.name], day, event_time, waived, beside)
    parts = [*upstream.values(), own]
    missed = [_not_pulled(name) for name in pipeline.upstream if name not in tables]
    return Inspection(
        name=pipeline.name,
        day=day,
        own=own,
        upstream=upstream,
        violations=tuple(sorted((v for part in parts for v in part.violations), key=lambda v: not v.stops)),
        unjudged=(*missed, *(u for part in parts for u in part.unjudged)),
    )


def _contract(pipeline: PipelineConfig, name: str) -> Contract:
    return pipeline.upstream[name].contract if name in pipeline.upstream else pipeline.contract


def _checked(
    table: UpstreamTable, name: str, day: date, rows: pl.DataFrame, earlier: Earlier, waived: Collection[str]
) -> Checked:
    """The rows of an upstream table after its own contract; whatever is said of them names the table."""
    import polars as pl

    asked = {key.removeprefix(name) for key in waived if key.startswith(f"{name}/")}
    checked = table.contract.check(rows, day, table.source.event_time, asked, earlier.beside(name, day))
    keys = pl.col(RULES).list.eval(pl.lit(name) + pl.element())
    return replace(
        checked,
        refused=checked.refused.with_columns(keys) if checked.refused.height else checked.refused,
        violations=tuple(v.model_copy(update={"table": name}) for v in checked.violations),
        unjudged=tuple(u.model_copy(update={"table": name}) for u in checked.unjudged),
    )


def _partner(name: str, table: UpstreamTable, checked: Checked) -> Partner:
    on = {own: other for other, own in table.joined_on.items()}
    return Partner(name, checked.every, REASONS, on, table.unjoined)


def _not_pulled(name: str) -> Unjudged:
    return Unjudged(rule="upstream", table=name, why=f"the rows of {name} were not pulled for this day")
