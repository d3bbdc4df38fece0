"""Starts the fork server of which Airflow's workers and tasks are forks: what it has imported costs them nothing.

It starts together with the scheduler and imports beside it, so that the scheduler itself stays small, and is back
within seconds when it crashes. Airflow reads this through ``airflow_local_settings``.
"""

import os
import sys

MODULES = (
    "airflow.dag_processing.bundles.manager",
    "airflow.executors.local_executor",
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
    "airflow.serialization.serialized_objects",
    "pandas",
    "polars",
    "sklearn.ensemble",
    "sklearn.pipeline",
    "mlflow",
    "evidently",
    "evidently.presets",
)
"""What tasks need and what takes long to import; given to Airflow as core.mp_forkserver_preload."""

SETTING = "AIRFLOW__CORE__MP_FORKSERVER_PRELOAD"


def begin() -> None:
    """Start the fork server now, in the scheduler; in every other process nothing happens."""
    if sys.argv[1:2] != ["scheduler"]:
        return
    from multiprocessing import forkserver, set_forkserver_preload

    set_forkserver_preload(os.environ[SETTING].split(","))
    forkserver.ensure_running()
