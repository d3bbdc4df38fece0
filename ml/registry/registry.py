"""The registry itself: runs, models and versions over one connection."""

from ml.registry.garbage import Garbage
from ml.registry.models import Models
from ml.registry.origins import Origins
from ml.registry.runs import Runs
from ml.registry.versions import Versions


class Registry(Runs, Models, Versions, Origins, Garbage):
    """An MLflow server (``http://…``), or its database without a server (``sqlite:///…``, ``postgresql+psycopg2://…``).

    Without a server ``artifacts`` is the folder of files; for SQLite it is beside the database by default.
    """
