"""Pipelines whose YAML cannot be read, as an import error of Airflow, which knows one error for each DAG file.

The other pipelines live in a file of their own, because Airflow stops all DAGs of a file that has an error.
"""

from airflow.sdk import get_parsing_context

from ml.config import load_pipelines
from ml.local import config

if get_parsing_context().dag_id is None:
    load_pipelines(config() / "pipelines")
