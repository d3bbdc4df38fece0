"""What each field of a row contributed to its answer: Shapley values, exact for compiled trees, else sampled.

A Shapley value is a field's mean effect over all orders in which fields become known (Shapley 1953); the contributions
of a row add up to what its answer differs from the base. They say what the model did with the row, not what causes
what.

Trees: what a tree expects while only some fields are known is the mean of its leaves by the training rows in them, the
"path-dependent" game of TreeSHAP (Lundberg, Erion & Lee 2018, "Consistent individualized feature attribution for tree
ensembles"). There a leaf is a product over the fields on its path, so its Shapley values are one integral each (Owen
1972, "Multilinear extensions of games"), of a polynomial, which Gauss's quadrature gives exactly. Columns that are made
of one field count as that field.

Others: fields of the row replace those of golden requests in random orders (Štrumbelj & Kononenko 2014, "Explaining
prediction models and individual predictions with feature contributions"), the same orders for every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ml.compiled.encoding import arrays
from ml.compiled.forest import CannotCompile
from ml.compiled.predictor import Predictor

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

Rows = Sequence[Mapping[str, Any]]
ORDERS = 32
DIGITS = 6


@dataclass(frozen=True)
class Explanation:
    """``base`` plus all ``contributions`` is ``answer``, on this scale.

    Scales are log-odds and the log of the value, for trees, and else probability and value.
    """

    method: str
    scale: str
    base: float
    answer: float
    contributions: Mapping[str, float]

    def document(self) -> dict[str, Any]:
        """As JSON has it, the largest contribution first."""
        by_size = sorted(self.contributions.items(), key=lambda pair: -abs(pair[1]))
        return vars(self) | {"contributions": {name: round(value, DIGITS) for name, value in by_size}}


class Explainer:
    """Explains one version; ``golden`` are its golden requests, the background of what is sampled."""

    def __init__(self, predictor: Predictor, golden: Rows) -> None:
        self.predictor, self.golden = predictor, tuple(golden)
        self.trees = self._trees()

    def _trees(self) -> Trees | None:
        try:
            return Trees(self.predictor, self.golden) if self.predictor.compiled else None
        except CannotCompile:
            return None

    def explain(self, rows: Rows) -> list[Explanation]:
        """An explanation for each row."""
        if self.trees is not None:
            return self.trees.explain(rows)
        return [self._sampled(row) for row in rows]

    def _sampled(self, row: Mapping[str, Any]) -> Explanation:
        import numpy

        names, background = list(self.predictor.kinds), self.golden or ({},)
        orders = _orders(len(names))
        walked = [mixed for n, order in enumerate(orders) for mixed in _walk(row, background, n, order, names)]
        values = self.predictor.answers(walked).reshape(len(orders), len(names) + 1)
        steps = numpy.zeros((len(orders), len(names)))
        for n, order in enumerate(orders):
            steps[n, order] = numpy.diff(values[n])
        contributions = dict(zip(names, steps.mean(axis=0).tolist(), strict=True))
        scale = "probability" if self.predictor.task == "classification" else "value"
        base, answer = float(values[:, 0].mean()), float(values[0, -1])
        return Explanation("sampled Shapley values", scale, base, answer, contributions)


def _orders(fields: int) -> list[Array]:
    """Orders of the fields, each with its reverse: what one over-counts the other under-counts."""
    import numpy

    rng = numpy.random.default_rng(0)
    half = [rng.permutation(fields) for _ in range(ORDERS // 2)]
    return [order for one in half for order in (one, one[::-1])]


def _walk(
    row: Mapping[str, Any], background: Rows, number: int, order: Array, names: Sequence[str]
) -> list[dict[str, Any]]:
    """A golden request that becomes the row, field by field."""
    mixed = [dict(background[(number // 2) % len(background)])]
    for place in order:
        mixed.append(mixed[-1] | {names[place]: row.get(names[place])})
    return mixed


class Trees:
    """The leaves of all trees: for each the fields on its path, and what share of the rows each lets through.

    Raises
    ------
    CannotCompile
        A column is made of no field that can be named.
    """

    def __init__(self, predictor: Predictor, golden: Rows) -> None:

        assert predictor.forest is not None
        self.predictor, self.forest = predictor, predictor.forest
        self.players, of_column = _players(predictor, golden)
        self.nodes = _joined(self.forest.trees)
        self._lay_out(Paths.of(self.nodes, of_column, len(self.players)))
        self.base = self.forest.baseline + float((self.values * self.shares.prod(axis=1)).sum())

    def _lay_out(self, paths: Paths) -> None:
        """The fields on a leaf's path side by side, in slots; most leaves have few of all fields."""
        import numpy

        self.values = self.nodes["value"][paths.leaves]
        slots, widest = paths.asks.cumsum(axis=1) - 1, max(1, int(paths.asks.sum(axis=1).max()))
        self.who = numpy.full((len(slots), widest), -1)
        self.shares = numpy.ones((len(slots), widest))
        leaf, player = numpy.nonzero(paths.asks)
        self.who[leaf, slots[leaf, player]] = player
        self.shares[leaf, slots[leaf, player]] = paths.shares[leaf, player]
        placed = [numpy.column_stack([n, slots[n, of], node, left]) for n, of, node, left in paths.splits]
        self.asked = numpy.concatenate([numpy.empty((0, 4), dtype="int64"), *placed])
        nodes, weights = numpy.polynomial.legendre.leggauss(widest // 2 + 1)
        self.points, self.weights = (nodes + 1) / 2, weights / 2

    def explain(self, rows: Rows) -> list[Explanation]:
        """An explanation for each row."""
        assert self.predictor.encode is not None
        x = self.predictor.encode(arrays(self.predictor.kinds, rows))
        return [self._explained(one, raw) for one, raw in zip(x, self.forest.raw(x).tolist(), strict=True)]

    def _explained(self, x: Array, raw: float) -> Explanation:
        import numpy

        passed = self._passed(x)
        points = self.points
        # a field is known with probability t: its part of the leaf is whether the row passes, else the share that does
        parts = passed[:, :, None] * points + self.shares[:, :, None] * (1 - points)
        others = parts.prod(axis=1, keepdims=True) / parts
        effects = self.values[:, None] * (passed - self.shares) * (others @ self.weights)
        real = self.who >= 0
        totals = numpy.bincount(self.who[real], effects[real], minlength=len(self.players))
        known = dict(zip(self.players, totals.tolist(), strict=True))
        return Explanation("Shapley values of trees", self._scale, self.base, raw, known)

    def _passed(self, x: Array) -> Array:
        """Whether the row passes all splits of a field on the way to a leaf: 1.0 or 0.0."""
        import numpy

        leaf, slot, node, left = self.asked.T
        nodes = self.nodes
        values = x[nodes["feature_idx"][node]]
        goes = numpy.where(
            numpy.isnan(values), nodes["missing_go_to_left"][node] == 1, values <= nodes["num_threshold"][node]
        )
        passed = numpy.ones(self.who.shape)
        wrong = goes != left.astype(bool)
        passed[leaf[wrong], slot[wrong]] = 0.0
        return passed

    @property
    def _scale(self) -> str:
        if self.predictor.task == "classification":
            return "log-odds"
        return "value" if self.forest.link == "IdentityLink" else "log of the value"


def _joined(trees: Sequence[Array]) -> Array:
    """The nodes of all trees in one array, each pointing to its children there."""
    import numpy

    sizes = [len(tree) for tree in trees]
    nodes = numpy.concatenate(trees)
    shift = numpy.repeat(numpy.cumsum([0, *sizes[:-1]]), sizes).astype(nodes["left"].dtype)
    nodes["left"] += shift
    nodes["right"] += shift
    return nodes


@dataclass(frozen=True)
class Paths:
    """The ways to all leaves.

    By leaf and player: ``shares`` of the training rows that the player's splits let through, and whether it ``asks`` on
    the way at all. ``splits`` are leaf, player, node and whether the way goes left, a list for each step up.
    """

    leaves: Array
    shares: Array
    asks: Array
    splits: list[tuple[Array, ...]]

    @classmethod
    def of(cls, nodes: Array, of_column: Mapping[int, int], players: int) -> Paths:
        """All leaves go up together, a step at a time."""
        import numpy

        leaves = numpy.flatnonzero(nodes["is_leaf"])
        above, lefts = _parents(nodes)
        asker = numpy.array([of_column.get(column, 0) for column in nodes["feature_idx"].tolist()])
        shares, asks = numpy.ones((len(leaves), players)), numpy.zeros((len(leaves), players), dtype="bool")
        splits: list[tuple[Array, ...]] = []
        here, leaf = leaves, numpy.arange(len(leaves))
        while (up := above[here] >= 0).any():
            here, leaf = here[up], leaf[up]
            node, player = above[here], asker[above[here]]
            shares[leaf, player] *= nodes["count"][here] / nodes["count"][node]
            asks[leaf, player] = True
            splits.append((leaf, player, node, lefts[here]))
            here = node
        return cls(leaves, shares, asks, splits)


def _parents(nodes: Array) -> tuple[Array, Array]:
    """The node above each, -1 for a root; and whether it is the left one there."""
    import numpy

    inner = numpy.flatnonzero(nodes["is_leaf"] == 0)
    above, lefts = numpy.full(len(nodes), -1), numpy.zeros(len(nodes), dtype="bool")
    above[nodes["left"][inner]] = above[nodes["right"][inner]] = inner
    lefts[nodes["left"][inner]] = True
    return above, lefts


def _players(predictor: Predictor, golden: Rows) -> tuple[list[str], dict[int, int]]:
    """The fields, those that share a column together, and which of them each column of the trees is made of.

    It is found out by changing one field at a time: encoders may be anybody's.
    """
    touched = {name: _touched(predictor, golden, name) for name in predictor.kinds}
    assert predictor.forest is not None
    groups: list[tuple[set[str], set[int]]] = [({name}, set(columns)) for name, columns in touched.items()]
    merged: list[tuple[set[str], set[int]]] = []
    for names, columns in groups:
        near = [group for group in merged if group[1] & columns]
        merged = [group for group in merged if group not in near]
        merged.append((names.union(*(g[0] for g in near)), columns.union(*(g[1] for g in near))))
    of_column = {column: n for n, (_, columns) in enumerate(merged) for column in columns}
    if len(of_column) < predictor.forest.columns:
        raise CannotCompile("a column of the trees is made of no field")
    return [", ".join(sorted(names)) for names, _ in merged], of_column


def _touched(predictor: Predictor, golden: Rows, name: str) -> set[int]:
    """The columns that change when a field does: to another row's value, to null, to one that never was."""
    import numpy

    assert predictor.encode is not None
    values = [row.get(name) for row in golden]
    before = predictor.encode(arrays(predictor.kinds, golden))
    found: set[int] = set()
    for others in (values[1:] + values[:1], [None] * len(values), [_other(predictor.kinds[name], v) for v in values]):
        rows = [dict(row) | {name: value} for row, value in zip(golden, others, strict=True)]
        after = predictor.encode(arrays(predictor.kinds, rows))
        same = (before == after) | (numpy.isnan(before) & numpy.isnan(after))
        found |= set(numpy.flatnonzero(~same.all(axis=0)).tolist())
    return found


def _other(kind: str, value: Any) -> Any:
    if kind == "datetime":
        return (value or datetime(2013, 6, 1)) + timedelta(days=1, minutes=61)
    if kind == "string":
        return f"{value}, or another"
    return not value if kind == "boolean" else (value or 0.0) + 1.0
