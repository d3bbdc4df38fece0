"""Rows from CSV and Parquet files."""

from typing import Literal

from ml.sources.source import BaseSource


class FilesSource(BaseSource):
    """The rows of a file, or of all files that a glob finds, whose event time lies in the asked days."""

    kind: Literal["files"] = "files"
    path: str
    null_values: tuple[str, ...] = ("",)
