"""The ledger as others use it."""

import subprocess
import sys

from ml.ledger import Ledger


def test_opening_a_ledger_connects_to_nothing():
    Ledger.open("postgresql+psycopg2://ada:pw@db.invalid/nightshift")


def test_two_ledgers_at_one_address_see_the_same(address, ledger):
    assert Ledger.open(address).is_current()


def test_importing_it_brings_no_heavy_library():
    heavy = ["pandas", "polars", "mlflow", "evidently", "sklearn", "alembic", "psycopg2"]
    code = f"import sys, ml.ledger, ml.delivery, ml.messages; print([n for n in {heavy} if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
