"""Texts that lost something on their way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ml.drills.fault import Attempt, Fault, shuffled
from ml.drills.lookups import followed

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from ml.drills.scene import Scene

_ASCII = r"^[\x00-\x7f]*$"


class TextTruncated(Fault):
    """A column of text is cut off, one character shorter than its longest value, or at ``characters``."""

    what: ClassVar[str] = "a column of text is cut off"
    how: ClassVar[str] = "a column of fixed width became too narrow"
    needs: ClassVar[str] = "a column of text of more than one character"

    kind: Literal["text_truncated"] = "text_truncated"
    column: str | None = None
    characters: int | None = Field(default=None, ge=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        for column in shuffled(scene.texts(), self.column, rng):
            width = self.characters or _longest(scene.struck[column]) - 1
            if width:
                tables = scene.change(column, lambda c, w=width: c.str.head(w))  # type: ignore[misc]
                yield Attempt(*followed(scene, tables, column), f"{column}: cut off after {width} characters")


class EncodingDamaged(Fault):
    """Text is read in another encoding: letters beyond ASCII become two, and where there is none, one is lost."""

    what: ClassVar[str] = "text is read in another encoding"
    how: ClassVar[str] = "UTF-8 is read as Latin-1, or a damaged transfer leaves the replacement character"
    needs: ClassVar[str] = "a column of text"

    kind: Literal["encoding_damaged"] = "encoding_damaged"
    column: str | None = None
    share: float = Field(default=0.2, gt=0, le=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl

        for column in shuffled(scene.texts(), self.column, rng):
            where = scene.some(column, self.share, rng)
            beyond = pl.col(column).filter(~pl.col(column).str.contains(_ASCII))
            plain = scene.struck.select(beyond).is_empty()
            tables = scene.change(column, _lost if plain else _doubled, where)
            yield Attempt(
                *followed(scene, tables, column), f"{column}: read in another encoding in {self.share:.0%} of the rows"
            )


def _longest(values: pl.Series) -> int:
    return int(values.str.len_chars().max() or 0)  # type: ignore[arg-type]


def _lost(text: pl.Expr) -> pl.Expr:
    import polars as pl

    return pl.concat_str(text.str.head(-1), pl.when(text.str.len_chars() > 0).then(pl.lit("\N{REPLACEMENT CHARACTER}")))


def _doubled(text: pl.Expr) -> pl.Expr:
    import polars as pl

    return text.map_elements(lambda value: value.encode().decode("latin-1"), return_dtype=pl.String)
