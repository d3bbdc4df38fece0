"""Tokens of callers: made at random, kept only as a digest."""

import hashlib
import secrets

PREFIX = "nst_"


def new_token() -> str:
    """A token of 256 random bits; its beginning says what it is, so that a search for leaked secrets finds it."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token. A plain sha256 is enough: nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
