# One image for every part but Postgres and the mail sink: the locked environment, and the code beside it.

FROM python:3.12-slim-bookworm AS environment
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
RUN /opt/venv/bin/pip install --require-hashes --no-deps -r /tmp/requirements.lock

FROM python:3.12-slim-bookworm
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/nightshift:/nightshift/settings \
    PYTHONUNBUFFERED=1 \
    AIRFLOW_HOME=/airflow
RUN groupadd --gid 10001 nightshift \
    && useradd --uid 10001 --gid nightshift --no-create-home --shell /usr/sbin/nologin nightshift \
    && install -d -o nightshift -g nightshift -m 0700 /airflow /lake /mlflow /serving
COPY --from=environment /opt/venv /opt/venv
COPY . /nightshift
WORKDIR /nightshift
# Airflow reads airflow_local_settings from the path at its start: the scheduler then preloads what tasks import.
RUN mkdir settings \
    && python -c "from stack.parts import PRELOAD; print(PRELOAD, end='')" > settings/airflow_local_settings.py \
    && python -m compileall -q ml stack plugins dags settings
# The image has no checkout; the ledger notes this instead: docker compose build --build-arg CODE_VERSION=$(git rev-parse HEAD)
ARG CODE_VERSION=
ENV NIGHTSHIFT_CODE_VERSION=$CODE_VERSION
USER 10001:10001
CMD ["python", "-m", "ml", "--help"]
