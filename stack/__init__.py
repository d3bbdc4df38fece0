"""The local stack: Postgres, MLflow, Airflow and a mail sink as processes of one person, without Docker and without root."""
