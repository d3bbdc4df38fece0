"""Nightshift: a continuous-training platform that keeps machine-learning models right while their owners sleep."""

__version__ = "0.1.0"
