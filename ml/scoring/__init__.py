"""Batch scoring: the coming day's rows, each told what the version in Production says of it."""
