"""The learned contract as YAML, each rule with its evidence as a comment beside it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ml.contract import Contract
from ml.rules.series import Series
from ml.suggestion import columns, tables
from ml.suggestion.columns import Learned
from ml.suggestion.evidence import Evidence, gather
from ml.upstream import UpstreamTable
from ml.workspace import Run

_COMMENT_AT = 46


@dataclass(frozen=True)
class Suggestion:
    """A learned contract: sections of YAML that take the place of those of the same name, and what is left to a person.

    ``unlearned`` has a sentence for each rule that could not be learned.
    """

    pipeline: str
    yaml: str
    days: int
    rows: int
    unlearned: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return {**vars(self), "unlearned": list(self.unlearned)}


def suggest(run: Run) -> Suggestion:
    """Learn the contracts of a pipeline's tables from the accepted days of the lake, never from a quarantined one.

    Raises
    ------
    NoData
        The lake has no accepted day.
    """
    evidence = gather(run)
    own = evidence[run.name]
    page = _Page()
    page.comment(f"Learned from {own.whole}, {own.days[0][0]} to {own.days[-1][0]}; read it before you use it.")
    for number, (name, table) in enumerate(run.pipeline.upstream.items()):
        if number == 0:
            page.line(0, "upstream:")
        if name in evidence:
            _upstream(page, evidence[name], table, tables.partners(own, evidence[name], table))
        else:
            page.missed.append(f"{name}: it was pulled on none of the accepted days")
    page.line(0, "contract:")
    _contract(page, own, 1, set(evidence) - {run.name})
    _unlearned(page)
    return Suggestion(run.name, page.text, len(own.days), own.rows.height, tuple(page.missed))


def contract_of(evidence: Evidence) -> Contract:
    """What ``suggest`` prints for one table that is joined from no other, as a contract."""
    import yaml

    page = _Page()
    _contract(page, evidence, 0)
    return Contract.model_validate(yaml.safe_load(page.text))


def _upstream(page: _Page, evidence: Evidence, table: UpstreamTable, unjoined: Learned) -> None:
    page.line(1, f"{evidence.name}:")
    page.line(2, "source:")
    for key, value in table.source.model_dump(mode="json", exclude_unset=True).items():
        page.given(3, key, value)
    page.given(2, "joined_on", table.joined_on)
    page.learned(2, unjoined, evidence.name)
    page.line(2, "contract:")
    _contract(page, evidence, 3)


def _contract(page: _Page, evidence: Evidence, depth: int, upstream: Collection[str] = ()) -> None:
    compared = [name for name, rule in evidence.contract.columns.items() if rule.table in upstream]
    for learned in tables.rows(evidence):
        page.learned(depth, learned, evidence.name)
    order = tables.series(evidence)
    if order is not None:
        page.given(depth, "series", order.model_dump(mode="json"))
    _checks(page, evidence, compared, depth)
    _joins(page, evidence, depth)
    off, odd = tables.history(evidence, compared)
    _history(page, evidence.name, off, depth)
    page.line(depth, "columns:")
    for name in evidence.rows.columns:
        _column(page, evidence, name, order, odd.get(name), depth + 1)


def _checks(page: _Page, evidence: Evidence, compared: Collection[str], depth: int) -> None:
    found = list(tables.order(evidence, compared))
    given = [check.model_dump(mode="json", exclude_defaults=True) for check in evidence.contract.checks]
    learned = [check for check in found if check.value]
    if given or learned:
        page.line(depth, "checks:")
    for each in given:
        page.line(depth + 1, f"- {_flow(each)}", "as it stands in the YAML")
    for check in learned:
        page.line(depth + 1, f"- {_flow({'expr': check.value})}", check.evidence)
    for check in (check for check in found if check.value is None):
        page.missed.append(f"{evidence.name}: {check.key}: {check.evidence}")


def _joins(page: _Page, evidence: Evidence, depth: int) -> None:
    for number, (name, learned) in enumerate(tables.joins(evidence)):
        if number == 0:
            page.line(depth, "joins:")
        join = evidence.contract.joins[name].model_dump(mode="json", exclude={"missing"}, exclude_none=True)
        page.line(depth + 1, f"{name}: {_flow({**join, 'missing': learned.value})}", learned.evidence)


def _history(page: _Page, table: str, off: list[Learned], depth: int) -> None:
    if off and off[0].key == "history":
        page.missed.append(f"{table}: history: {off[0].evidence}")
        return
    page.line(
        depth, "history:" if off else "history: {}", None if off else "its rules would have stopped none of these days"
    )
    for rule in off:
        page.line(depth + 1, f"{rule.key}: {'false' if rule.key == 'copy' else 'null'}", rule.evidence)


def _column(page: _Page, evidence: Evidence, name: str, order: Series | None, odd: str | None, depth: int) -> None:
    found = list(columns.column(evidence, name, order))
    if all(learned.value is None for learned in found):
        page.missed.extend(f"{evidence.name}: {learned.key}: {learned.evidence}" for learned in found)
        return
    page.line(depth, f"{_scalar(name)}:")
    for learned in found:
        page.learned(depth + 1, learned, evidence.name)
    if odd is not None:
        page.line(depth + 1, "history: false", odd)


def _unlearned(page: _Page) -> None:
    page.comment("Could not be learned:")
    for sentence in page.missed:
        page.comment(f"- {sentence}")
    page.comment("- what columns mean to each other, beyond their order: write it as checks")
    page.comment("- why a rule is right: write it as why")


class _Page:
    """Lines of YAML with comments beside them."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self.missed: list[str] = []

    @property
    def text(self) -> str:
        return "\n".join(self._lines) + "\n"

    def line(self, depth: int, words: str, comment: str | None = None) -> None:
        left = "  " * depth + words
        self._lines.append(f"{left:<{_COMMENT_AT}}  # {_one_line(comment)}" if comment else left)

    def comment(self, words: str) -> None:
        self._lines.append(f"# {_one_line(words)}")

    def given(self, depth: int, key: str, value: Any) -> None:
        """What stands in the YAML already; a text of several lines stays one."""
        if isinstance(value, str) and "\n" in value:
            self.line(depth, f"{key}: |")
            self._lines += [f"{'  ' * (depth + 1)}{line}".rstrip() for line in value.rstrip().splitlines()]
        else:
            self.line(depth, f"{key}: {_flow(value)}")

    def learned(self, depth: int, learned: Learned, table: str) -> None:
        if learned.value is None:
            self.missed.append(f"{table}: {learned.key}: {learned.evidence}")
        else:
            self.line(depth, f"{learned.key}: {_flow(learned.value)}", learned.evidence)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(inner) for inner in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """A value as YAML and JSON both read it; a plain word without quotes."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, str) and value.isidentifier() and value.lower() not in ("true", "false", "null"):
        return value
    return json.dumps(value)


def _one_line(words: str | None) -> str:
    return "".join(c if c.isprintable() else " " for c in " ".join((words or "").split()))
