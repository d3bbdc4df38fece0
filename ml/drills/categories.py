"""Categories that are called otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ml.drills.fault import Attempt, Fault, shuffled
from ml.drills.lookups import followed

if TYPE_CHECKING:
    import numpy as np

    from ml.drills.scene import Scene


class CategoryMerged(Fault):
    """One value of a category goes under the name of another."""

    what: ClassVar[str] = "one value of a category goes under the name of another"
    how: ClassVar[str] = "two companies merge, or a code list is thinned out"
    needs: ClassVar[str] = "a category with a value in enough rows"

    kind: Literal["category_merged"] = "category_merged"
    column: str | None = None
    value: str | None = None
    into: str | None = None
    least: float = Field(default=0.05, ge=0, le=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        for column in shuffled(scene.categories(), self.column, rng):
            large = [value for value, share in scene.shares(column) if share >= self.least]
            for value in shuffled(large, self.value, rng):
                others = [other for other, _ in scene.shares(column) if other != value]
                for into in shuffled(others, self.into, rng)[:1]:
                    tables = scene.change(column, lambda c, v=value, i=into: c.replace(v, i))  # type: ignore[misc]
                    yield Attempt(*followed(scene, tables, column), f"{column}: {value} is called {into}")


class CategoryRenamed(Fault):
    """One value of a category gets a new name, of the same shape as the old one, or ``to``."""

    what: ClassVar[str] = "one value of a category gets a new name"
    how: ClassVar[str] = "upstream moves to a new code list"
    needs: ClassVar[str] = "a category with a value in enough rows"

    kind: Literal["category_renamed"] = "category_renamed"
    column: str | None = None
    value: str | None = None
    to: str | None = None
    least: float = Field(default=0.05, ge=0, le=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        for column in shuffled(scene.categories(), self.column, rng):
            large = [value for value, share in scene.shares(column) if share >= self.least]
            for value in shuffled(large, self.value, rng):
                new = self.to or _renamed(value, scene.own[column].unique().to_list())
                tables = scene.change(column, lambda c, v=value, n=new: c.replace(v, n))  # type: ignore[misc]
                yield Attempt(*followed(scene, tables, column), f"{column}: {value} is called {new}")


def _renamed(value: str, taken: list[str]) -> str:
    """A name of the same shape that is free: each letter and digit moved on, the first that is not taken."""
    moved = ("".join(_moved(character, by) for character in value) for by in range(1, 26))
    return next((name for name in moved if name != value and name not in taken), f"{value}2")


def _moved(character: str, by: int) -> str:
    for first, size in (("A", 26), ("a", 26), ("0", 10)):
        place = ord(character) - ord(first)
        if 0 <= place < size:
            return chr(ord(first) + (place + by) % size)
    return character
