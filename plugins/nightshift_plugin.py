"""What Airflow loads at its start: the night's timetable, pages, and guards before its web server."""

from functools import cached_property
from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

from plugins.nights import NightTimetable


class NightshiftPlugin(AirflowPlugin):
    """Every process of Airflow loads this; what only the web server needs is made when it asks."""

    name = "nightshift"
    timetables = (NightTimetable,)

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:
        from plugins.pages import PREFIX, application

        return [{"name": "nightshift", "app": application(), "url_prefix": PREFIX}]

    external_views: ClassVar = [
        {
            "name": "Night",
            "href": "/nightshift/nights/{DAG_ID}?run={RUN_ID}",
            "destination": "dag_run",
            "url_route": "night",
        }
    ]

    @cached_property
    def fastapi_root_middlewares(self) -> list[dict[str, Any]]:
        from starlette.middleware.trustedhost import TrustedHostMiddleware

        from plugins.guards import SecurityHeaders, airflow_hosts

        hosts = {"allowed_hosts": airflow_hosts(), "www_redirect": False}
        return [
            {"name": "nightshift hosts", "middleware": TrustedHostMiddleware, "kwargs": hosts},
            {"name": "nightshift headers", "middleware": SecurityHeaders},
        ]
