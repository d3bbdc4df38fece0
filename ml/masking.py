"""Values of persons, so that equal ones stay equal and nobody can guess them without the key."""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ml.errors import ConfigError

_DIGITS = 32


@dataclass(frozen=True)
class Mask:
    """Replaces the values of ``columns`` by ``masked:`` and 32 digits of their HMAC-SHA256 (RFC 2104) under ``key``."""

    columns: frozenset[str] = frozenset()
    key: str = field(default="", repr=False)

    @classmethod
    def of(cls, columns: Collection[str], key: str | None) -> "Mask":
        """A mask for these columns.

        Raises
        ------
        ConfigError
            There are columns to mask, and no key.
        """
        if columns and not key:
            raise ConfigError(
                f"{', '.join(sorted(columns))} are to be masked, but NIGHTSHIFT_MASKING_KEY is not set: without a key "
                "a hash of them could be guessed"
            )
        return cls(frozenset(columns), key or "")

    def __call__(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row with the masked columns' values hashed; nothing stays nothing."""
        return {name: self._hashed(name, value) if name in self.columns else value for name, value in row.items()}

    def column(self, name: str, values: list[Any]) -> list[Any]:
        """The values of a column, hashed if it is a masked one."""
        return [self._hashed(name, value) for value in values] if name in self.columns else values

    def _hashed(self, column: str, value: Any) -> Any:
        if value is None:
            return None
        said = value.isoformat() if isinstance(value, date) else str(value)
        digest = hmac.new(self.key.encode(), f"{column}\0{said}".encode("utf-8", "replace"), hashlib.sha256)
        return f"masked:{digest.hexdigest()[:_DIGITS]}"
