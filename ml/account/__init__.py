"""What led to a night's decision, and what came of it: told from the ledger alone, section by section."""

from ml.account.account import Account, of

__all__ = ["Account", "of"]
