"""The evidence behind statistical choices: each script runs by itself and ends with one JSON line of figures."""
