"""scikit-learn's histogram-boosted trees, walked by the loop of its other boosted trees: one call for all of them.

That loop compares single-precision numbers. So a value is replaced by its rank among all values at which some tree
splits its column: a small whole number, and a rank is at most another exactly when the value is. A column stands there
twice, since a value that is missing goes left in some nodes (it is ranked lowest there) and right in others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

# a column has at most 255 values to split at
MISSING = 255
LINKS = ("IdentityLink", "LogLink", "LogitLink")


class CannotCompile(Exception):
    """An estimator is built from something that has no fast counterpart here; the sentence says what."""


@dataclass(frozen=True)
class Forest:
    """Boosted trees for a label of two classes or a number; ``raw`` is to the bit what scikit-learn adds up.

    ``nodes`` are those of all trees, as scikit-learn's histogram-boosted trees keep them, one tree after the other;
    ``sizes`` says how many each tree has. ``splits`` are the values at which some tree splits, ascending, for each
    column; ``stages`` the trees as scikit-learn's gradient boosting holds them, one in a row. ``link`` names the scale
    of the loss, as scikit-learn does.
    """

    nodes: Array
    sizes: tuple[int, ...]
    splits: list[Array]
    stages: Array
    baseline: float
    link: str

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
        trees = [iteration[0].nodes for iteration in model._predictors]
        baseline, link = float(numpy.ravel(model._baseline_prediction)[0]), type(model._loss.link).__name__
        return cls.grown(
            numpy.concatenate(trees), [len(one) for one in trees], int(model.n_features_in_), baseline, link
        )

    @classmethod
    def grown(cls, nodes: Array, sizes: Sequence[int], columns: int, baseline: float, link: str) -> Forest:
        """The trees of these nodes over so many columns.

        Raises
        ------
        CannotCompile
            The scale is none of LINKS.
        """
        import numpy

        if link not in LINKS:
            raise CannotCompile(f"{link} is none of {', '.join(LINKS)}")
        splits = _splits(nodes, columns)
        ranked, leaves = _ranked(nodes, splits), numpy.ascontiguousarray(nodes["value"][:, None, None])
        ends = numpy.cumsum(sizes).tolist()
        parts = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)]
        trees = [_tree(ranked[part], leaves[part], nodes["depth"][part], columns) for part in parts]
        stages = numpy.array([[SimpleNamespace(tree_=tree)] for tree in trees], dtype=object)
        return cls(nodes, tuple(sizes), splits, stages, baseline, link)

    @property
    def columns(self) -> int:
        return len(self.splits)

    @property
    def trees(self) -> list[Array]:
        """The nodes of each tree."""
        import numpy

        return numpy.split(self.nodes, numpy.cumsum(self.sizes)[:-1])

    def raw(self, x: Array) -> Array:
        """The sum of the leaves that each row falls into, on the scale of the loss; ``x`` is rows by columns."""
        import numpy
        from sklearn.ensemble._gradient_boosting import predict_stages

        total = numpy.full((len(x), 1), self.baseline)
        predict_stages(self.stages, self._ranks(x), 1.0, total)
        return total[:, 0]

    def _ranks(self, x: Array) -> Array:
        """The rank of each value; missing ones rank last in the first half of the columns, and first in the second."""
        import numpy
        from sklearn.ensemble._hist_gradient_boosting._binning import _map_to_bins

        found = numpy.empty(x.shape, dtype="uint8", order="F")
        _map_to_bins(x, self.splits, numpy.zeros(self.columns, dtype="uint8"), MISSING, 1, found)
        both = numpy.empty((len(x), 2 * self.columns), dtype="float32")
        both[:, : self.columns] = found
        found[found == MISSING] = 0
        both[:, self.columns :] = found
        return both

    def answers(self, x: Array) -> Array:
        """The probability of the second class, or the predicted number."""
        from sklearn._loss import link

        found: Array = getattr(link, self.link)().inverse(self.raw(x))
        return found


def _splits(nodes: Array, columns: int) -> list[Array]:
    import numpy

    inner = nodes[nodes["is_leaf"] == 0]
    return [numpy.unique(inner["num_threshold"][inner["feature_idx"] == column]) for column in range(columns)]


def _ranked(nodes: Array, splits: Sequence[Array]) -> Array:
    """The same nodes over ranks, as scikit-learn's other trees keep theirs."""
    import numpy
    from sklearn.tree._tree import NODE_DTYPE, TREE_LEAF

    made, inner = numpy.zeros(len(nodes), dtype=NODE_DTYPE), nodes["is_leaf"] == 0
    made["left_child"] = made["right_child"] = TREE_LEAF
    made["left_child"][inner], made["right_child"][inner] = nodes["left"][inner], nodes["right"][inner]
    made["feature"][inner] = (nodes["feature_idx"] + len(splits) * nodes["missing_go_to_left"].astype("int64"))[inner]
    for column, values in enumerate(splits):
        here = inner & (nodes["feature_idx"] == column)
        made["threshold"][here] = numpy.searchsorted(values, nodes["num_threshold"][here])
    return made


def _tree(nodes: Array, leaves: Array, depths: Array, columns: int) -> Any:
    import numpy
    from sklearn.tree._tree import Tree

    tree = Tree(2 * columns, numpy.ones(1, dtype="int64"), 1)
    state = {"max_depth": int(depths.max()), "node_count": len(nodes), "nodes": nodes, "values": leaves}
    tree.__setstate__(state)
    return tree
