"""What led to a night's decision, and what came of it, from the ledger alone; and the life of one prediction."""

from ml.account.account import Account, of

__all__ = ["Account", "of"]
