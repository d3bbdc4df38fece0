"""The DAG that removes what retention does not keep."""

from airflow.sdk import get_parsing_context

from ml.local import config
from plugins.tidying import DAG_ID, drawn

if get_parsing_context().dag_id in (None, DAG_ID):
    dag = drawn(sorted(path.stem for path in (config() / "pipelines").glob("[!.]*.yaml")))
