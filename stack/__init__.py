"""The local stack: Postgres, MLflow, Airflow and a mail sink as one person's processes, without Docker or root."""
