"""Airflow is set up before any test of this room imports it."""

from tests.airflow_home import prepare

prepare()
