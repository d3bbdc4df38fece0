"""The Airflow DAGs of each pipeline in config/pipelines: nightly, retrain, score, rollback, reconcile."""

from airflow.sdk import get_parsing_context

from ml.local import config
from plugins.draw import wanted

for dag in wanted(config() / "pipelines", get_parsing_context().dag_id):
    globals()[dag.dag_id] = dag
