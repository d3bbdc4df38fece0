"""Rows from a database."""

from typing import Literal

from ml.sources.source import BaseSource


class SqlSource(BaseSource):
    """The rows that a query gives. It binds ``:start``, ``:end`` (excluded) and, where it likes, ``:as_of``."""

    kind: Literal["sql"] = "sql"
    connection: str
    query: str
