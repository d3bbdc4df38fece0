"""A contract learned from history: rules that the accepted days keep, each with what it was learned from."""

from ml.suggestion.suggestion import Suggestion, contract_of, suggest

__all__ = ["Suggestion", "contract_of", "suggest"]
