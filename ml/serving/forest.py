"""scikit-learn's histogram-boosted trees as one tree, so that a row is one call and not one for each tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

# from here on copying each row once for each tree costs more than a call for each tree
FEW = 16


class CannotCompile(Exception):
    """An estimator is built from something that has no fast counterpart here; the sentence says what."""


@dataclass(frozen=True)
class Forest:
    """Boosted trees for a label of two classes or a number; ``raw`` is to the bit what scikit-learn adds up.

    ``nodes`` are those of all trees, below a small tree that leads each copy of a row, by its number in an additional
    column, to the root of its own tree.
    """

    model: Any
    columns: int
    nodes: Array
    bitsets: Array
    known: Array
    places: Array
    baseline: float

    @classmethod
    def of(cls, model: Any) -> Forest:
        """The trees of a fitted ``HistGradientBoostingClassifier`` or ``…Regressor``.

        Raises
        ------
        CannotCompile
            It is another estimator, of another scikit-learn, or has more than two classes.
        """
        import numpy

        if not type(model).__module__.startswith("sklearn.ensemble._hist_gradient_boosting."):
            raise CannotCompile(f"{type(model).__name__} is no histogram-boosted ensemble of scikit-learn")
        if model.n_trees_per_iteration_ != 1:
            raise CannotCompile(f"{len(model.classes_)} classes are more than two")
        if model._preprocessor is not None:
            raise CannotCompile("the trees encode categories themselves")
        trees = [iteration[0] for iteration in model._predictors]
        known, places = model._bin_mapper.make_known_categories_bitsets()
        columns = int(model.n_features_in_)
        bitsets = numpy.concatenate([tree.raw_left_cat_bitsets for tree in trees])
        return cls(
            model=model,
            columns=columns,
            nodes=_joined(trees, columns),
            bitsets=numpy.ascontiguousarray(bitsets),
            known=known,
            places=numpy.append(places, numpy.uint32(0)).astype(places.dtype),
            baseline=float(numpy.ravel(model._baseline_prediction)[0]),
        )

    @property
    def trees(self) -> list[Any]:
        return [iteration[0] for iteration in self.model._predictors]

    def raw(self, x: Array) -> Array:
        """The sum of the leaves that each row falls into, on the scale of the loss; ``x`` is rows by columns."""
        return self._at_once(x) if len(x) < FEW else self._one_by_one(x)

    def _at_once(self, x: Array) -> Array:
        import numpy
        from sklearn.ensemble._hist_gradient_boosting._predictor import _predict_from_raw_data

        rows, trees = len(x), len(self.model._predictors)
        copies = numpy.empty((trees, rows, self.columns + 1))
        copies[:, :, :-1] = x
        copies[:, :, -1] = numpy.arange(trees)[:, None]
        leaves = numpy.empty((trees + 1) * rows)
        leaves[:rows] = self.baseline
        flat = copies.reshape(trees * rows, self.columns + 1)
        _predict_from_raw_data(self.nodes, flat, self.bitsets, self.known, self.places, 1, leaves[rows:])
        # one after the other, as scikit-learn adds them: another order is another last digit
        summed: Array = numpy.add.accumulate(leaves.reshape(trees + 1, rows), axis=0)[-1]
        return summed

    def _one_by_one(self, x: Array) -> Array:
        import numpy
        from sklearn.ensemble._hist_gradient_boosting._predictor import _predict_from_raw_data

        known, places = self.known, self.places[:-1]
        total, leaves = numpy.full(len(x), self.baseline), numpy.empty(len(x))
        for tree in self.trees:
            _predict_from_raw_data(tree.nodes, x, tree.raw_left_cat_bitsets, known, places, 1, leaves)
            total += leaves
        return total

    def answers(self, x: Array) -> Array:
        """The probability of the second class, or the predicted number."""
        raw, loss = self.raw(x), self.model._loss
        if hasattr(self.model, "classes_"):
            return loss.predict_proba(raw[:, None])[:, 1]  # type: ignore[no-any-return]
        return loss.link.inverse(raw)  # type: ignore[no-any-return]


def _joined(trees: list[Any], column: int) -> Array:
    """All nodes in one array, the guide's first; what a node says of nodes and bitsets is moved along with it."""
    import numpy

    guide = numpy.zeros(len(trees) - 1, dtype=trees[0].nodes.dtype)
    parts, start, bitset, roots = [], len(guide), 0, []
    for tree in trees:
        nodes = tree.nodes.copy()
        inner = nodes["is_leaf"] == 0
        nodes["left"][inner] += start
        nodes["right"][inner] += start
        nodes["bitset_idx"] += bitset
        roots.append(start)
        parts.append(nodes)
        start += len(nodes)
        bitset += len(tree.raw_left_cat_bitsets)
    _guide(guide, column, roots)
    return numpy.concatenate([guide, *parts])


def _guide(nodes: Array, column: int, roots: list[int]) -> None:
    """Fill in a balanced tree that leads the number ``n`` in ``column`` to ``roots[n]``."""
    free = iter(range(len(nodes)))

    def grown(first: int, last: int) -> int:
        if first == last:
            return roots[first]
        here, middle = next(free), (first + last) // 2
        left, right = grown(first, middle), grown(middle + 1, last)
        nodes[here]["feature_idx"], nodes[here]["num_threshold"] = column, middle + 0.5
        nodes[here]["left"], nodes[here]["right"] = left, right
        return here

    if len(roots) > 1:
        grown(0, len(roots) - 1)
