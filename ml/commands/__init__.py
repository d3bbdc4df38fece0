"""The groups of commands of ``nightshift``: a file each, a typer app that ``ml.cli`` adds."""
