import os
import signal
import subprocess
import sys
import time

import pytest

from stack import postgres
from stack.errors import SettingsError


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with postgres.throwaway(tmp_path_factory.mktemp("pg")) as url:
        yield url


def test_a_folder_without_postgres_is_refused_by_name(tmp_path):
    with pytest.raises(SettingsError, match="NIGHTSHIFT_PGBIN"):
        postgres.pgbin({"NIGHTSHIFT_PGBIN": str(tmp_path)})


def test_the_wheel_holds_the_binaries():
    assert (postgres.pgbin({}) / "initdb").exists()


def test_another_database_keeps_server_and_options():
    moved = postgres.with_database("postgresql://u:p%40@h:1/a?sslmode=require", "b")
    assert moved == "postgresql+psycopg2://u:p%40@h:1/b?sslmode=require"


@pytest.mark.integration
def test_the_password_opens_and_its_absence_does_not(server):
    assert postgres.answers(server)
    assert not postgres.answers(server.replace(server.split(":")[2].split("@")[0], "wrong"))
    assert not postgres.answers(server.replace(":" + server.split(":")[2].split("@")[0], ""))


@pytest.mark.integration
def test_databases_are_created_once_also_by_two_at_a_time(server):
    code = f"from stack import postgres; postgres.create_databases({server!r})"
    both = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    postgres.create_databases(server)
    assert all(postgres.answers(postgres.with_database(server, name)) for name in postgres.DATABASES)


@pytest.mark.integration
def test_the_cluster_has_checksums_and_is_its_owners_alone(tmp_path):
    postgres.initdb(tmp_path / "pgdata", "secret")
    report = subprocess.check_output([postgres.pgbin() / "pg_controldata", tmp_path / "pgdata"], text=True)
    assert "Data page checksum version:           1" in report
    assert (tmp_path / "pgdata").stat().st_mode & 0o077 == 0


@pytest.mark.integration
def test_a_half_made_cluster_is_made_again(tmp_path):
    (tmp_path / "pgdata.new").mkdir()
    (tmp_path / "pgdata.new" / "rubbish").touch()
    postgres.initdb(tmp_path / "pgdata", "secret")
    assert (tmp_path / "pgdata" / "PG_VERSION").exists()
    assert not (tmp_path / "pgdata.new").exists()


@pytest.mark.integration
def test_the_server_dies_with_the_one_who_started_it(tmp_path):
    code = (
        "import sys, time, pathlib; from stack import postgres\n"
        "with postgres.throwaway(pathlib.Path(sys.argv[1])) as url: print(url, flush=True); time.sleep(600)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True)
    url = owner.stdout.readline().strip()
    assert postgres.answers(url)
    os.kill(owner.pid, signal.SIGKILL)
    owner.communicate()
    end = time.monotonic() + 20
    while postgres.answers(url) and time.monotonic() < end:
        time.sleep(0.1)
    assert not postgres.answers(url)
