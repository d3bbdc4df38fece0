"""The containers are the parts of the local stack: the same commands and settings, other addresses."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from stack import environment, parts
from stack.home import Home
from stack.keys import Keys

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service.get("image") == "nightshift:local"]
HOME, KEYS = Home(Path("/home-of-the-stack")), Keys.fresh()
PARTS = {part.name: part for part in parts.roster(HOME, KEYS)}
ADDRESS = re.compile(r"^\d+(\.\d+){3}$|^\d+$|^/|://")


def plain(argv):
    """A command without Python's own path, and with every address, port and folder as a star."""
    return ["*" if ADDRESS.search(word) else word for word in argv[1:]]


def lint(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_compose_is_what_its_schema_allows():
    done = lint(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
    assert done.returncode == 0, done.stdout


def test_hadolint_has_nothing_to_say():
    assert lint(BIN / "hadolint", "Dockerfile").stdout == ""


def test_yamllint_has_nothing_to_say():
    assert lint(BIN / "yamllint", "--strict", ".").stdout == ""


def test_every_part_of_the_stack_is_a_service():
    assert set(PARTS) <= set(SERVICES)
    assert set(SERVICES) - set(PARTS) == {"login"}  # the local stack writes that file itself


@pytest.mark.parametrize("name", [name for name in OURS if name in PARTS])
def test_a_service_starts_as_its_part_does(name):
    command, own = plain(SERVICES[name]["command"]), plain(PARTS[name].argv)
    assert command[: len(own)] == own
    assert command[len(own) :] == (
        ["--allowed-hosts", "mlflow:5000,localhost:*,127.0.0.1:*"] if name == "mlflow" else []
    )


def test_the_services_get_the_settings_of_the_parts():
    local = {name: str(value) for name, value in environment.services(HOME, KEYS, caller={}).items()}
    composed = {name: str(value) for name, value in COMPOSE["x-environment"].items()}
    of_the_image = {"PATH", "PYTHONPATH", "PYTHONUNBUFFERED"}
    of_the_stack = {"NIGHTSHIFT_HOME", "NIGHTSHIFT_STACK", "SPT_NOENV"}
    assert set(local) - set(composed) == of_the_image | of_the_stack
    assert set(composed) - set(local) == {"AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "PGPASSWORD"}
    same = [n for n in composed if not re.search(r"[/$:]|^\d{4,}$|127\.0\.0\.1|0\.0\.0\.0", composed[n])]
    assert {name: composed[name] for name in same} == {name: local[name] for name in same}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_contained(name):
    service = SERVICES[name]
    assert service["init"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_either_ends_or_says_that_it_is_well(name):
    once = SERVICES[name]["restart"] == "no"
    assert once != ("healthcheck" in SERVICES[name])
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        ends = SERVICES[needed]["restart"] == "no"
        assert how["condition"] == ("service_completed_successfully" if ends else "service_healthy")


def test_the_example_names_every_variable_that_compose_reads():
    text = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / "config" / "example.env").read_text()
    assert set(re.findall(r"\$\{(\w+):\?", text)) == set(re.findall(r"^(\w+)=$", example, re.MULTILINE))
    assert set(re.findall(r"\$\{(\w+):-", text)) == set(re.findall(r"^# (\w+)=", example, re.MULTILINE))


def test_no_secret_has_a_value_of_its_own():
    secrets = {n: v for n, v in COMPOSE["x-environment"].items() if re.search("PASSWORD$|SECRET|FERNET", n)}
    assert len(secrets) == 4
    assert all(value.startswith("${NIGHTSHIFT_") and ":?" in value for value in secrets.values())


@pytest.mark.integration
def test_a_password_beside_the_addresses_opens_the_databases(postgres_server):
    """The containers' addresses hold no password; PGPASSWORD does."""
    secret = postgres_server.split(":")[2].split("@")[0]
    server = postgres_server.replace(f":{secret}@", "@").rpartition("/")[0]
    env = {"PATH": "/usr/bin:/bin", "PGPASSWORD": secret, "NIGHTSHIFT_DATABASE_URL": f"{server}/postgres"}
    env |= {"NIGHTSHIFT_LEDGER_URL": f"{server}/nightshift", "NIGHTSHIFT_HOME": "/nowhere"}
    for name in ("databases", "ledger-migrate"):
        words = [sys.executable, *SERVICES[name]["command"][1:]]
        done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
