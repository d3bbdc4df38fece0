"""The segments of a spool, as whoever ships them finds them in its folder."""

from pathlib import Path

SUFFIX = ".jsonl"


class Folder:
    """A spool that another process fills: all segments but the newest are sealed."""

    def __init__(self, folder: Path) -> None:
        self.folder: Path = folder

    @property
    def held(self) -> int:
        """The bytes that lie here now."""
        return sum(path.stat().st_size for path in self.segments())

    def segments(self) -> list[Path]:
        """All of them, oldest first."""
        return sorted(self.folder.glob(f"*{SUFFIX}"))

    def sealed(self) -> list[Path]:
        """The segments that nothing is written to any more, oldest first."""
        return self.segments()[:-1]

    def seal(self) -> None:
        """Nothing: whoever fills it seals."""

    def remove(self, path: Path) -> None:
        """Take away a segment whose predictions are elsewhere now."""
        path.unlink(missing_ok=True)

    def set_aside(self, path: Path) -> Path:
        """Keep a damaged segment under another name, for a person; gives where it lies."""
        return path.rename(path.with_name(f"{path.name}.damaged"))
