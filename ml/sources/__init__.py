"""Who gives rows."""

from typing import Annotated

from pydantic import Field

from ml.sources.files import FilesSource
from ml.sources.source import BaseSource
from ml.sources.sql import SqlSource

ROSTER = (SqlSource, FilesSource)
Source = Annotated[SqlSource | FilesSource, Field(discriminator="kind")]

__all__ = ["ROSTER", "BaseSource", "FilesSource", "Source", "SqlSource"]
