"""The ledger of two nights, alone."""

from datetime import date

import pytest

from ml import account
from ml.account.traces import Traces
from ml.ledger import Ledger

DAY = date(2013, 6, 2)


@pytest.fixture
def ledger(nights) -> Ledger:
    """Read-only, and nothing but the ledger: no lake, no MLflow, no YAML."""
    return Ledger.open(f"sqlite:///{nights.copy(2) / 'apart' / 'ledger.db'}")


@pytest.fixture
def traces(ledger):
    return Traces(ledger, "tiny", DAY)


@pytest.fixture
def section(ledger):
    """A section of the second night by its name, with its lines as one text."""

    def of(name, day=DAY):
        found = next((s for s in account.of(ledger, "tiny", day).sections if s.name == name), None)
        return found, "\n".join(found.lines()) if found else ""

    return of
