from pathlib import Path

import pytest

from stack import parts
from stack.home import Home
from stack.keys import Keys

KEYS = Keys.fresh()
ROSTER = parts.roster(Home(Path("/h")), KEYS)


def test_who_is_needed_stands_before_who_needs_it():
    names = [part.name for part in ROSTER]
    assert all(names.index(need) < names.index(part.name) for part in ROSTER for need in part.needs)


@pytest.mark.parametrize("part", ROSTER, ids=lambda part: part.name)
def test_no_secret_stands_on_a_command_line(part):
    assert not any(secret in word for secret in vars(KEYS).values() for word in part.argv)


@pytest.mark.parametrize("part", [part for part in ROSTER if not part.once], ids=lambda part: part.name)
def test_what_stays_can_be_asked_for_its_health(part):
    assert part.health is not None


def test_no_two_parts_want_the_same_port():
    ports = [port for part in ROSTER for port in part.ports]
    assert len(ports) == len(set(ports))


def test_with_a_server_of_the_owners_there_is_no_postgres():
    own = parts.roster(Home(Path("/h"), database_url="postgresql://me:pw@db.example/postgres"), KEYS)
    assert "postgres" not in {part.name for part in own}
    assert {part.name: part for part in own}["databases"].needs == ()


def test_a_crashed_scheduler_leaves_its_tasks_alone():
    assert [part.name for part in ROSTER if part.spare_group] == ["scheduler"]


def test_the_hook_for_airflow_is_written_privately(tmp_path):
    home = Home(tmp_path / "h")
    home.make()
    parts.prepare(home)
    hook = home.airflow / "config" / "airflow_local_settings.py"
    compile(hook.read_text(), hook, "exec")
    assert hook.stat().st_mode & 0o077 == 0
