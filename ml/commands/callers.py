"""``nightshift callers``: who may ask the prediction service."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ml.commands.terminal import Apart, Json, answer, group, open_workspace, user
from ml.errors import ConfigError
from ml.tokens import digest_of, new_token

if TYPE_CHECKING:
    from ml.records import Caller

app = group("Who may ask the prediction service, and for which pipelines.")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
Name = Annotated[str, typer.Argument(help="The caller's name, that of a program or a team.", show_default=False)]


@app.command(epilog="Example: `nightshift callers create website --pipeline flight_delays`")
def create(
    name: Name,
    pipelines: Annotated[
        list[str] | None, typer.Option("--pipeline", help="A pipeline that it may ask; give it again for more.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="It may ask every pipeline, those to come too.")] = False,
    into: Annotated[
        Path | None, typer.Option("--into", help="Write the token to this new file of mode 0600 instead of showing it.")
    ] = None,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Make a caller and show its token, once: it is kept nowhere."""
    from ml.records import Caller

    place = open_workspace(workspace)
    token = new_token()
    scopes = _scopes(place.pipelines, pipelines or [], every)
    caller = Caller(name=_named(name), scopes=scopes, digest=digest_of(token), by=user(), at=datetime.now(UTC))
    file = _open(into) if into else None
    place.ledger.record_caller(caller)
    if file is not None:
        os.write(file, f"{token}\n".encode())
        os.close(file)
    document = {"name": name, "scopes": list(scopes)} | ({"file": str(into)} if into else {"token": token})
    answer(as_json, document, [f"the token of {name} lies in {into}"] if into else [token])


@app.command("list", epilog="Example: `nightshift callers list`")
def list_(workspace: Apart = None, as_json: Json = False) -> None:
    """Every caller that ever was: what it may ask, since when, when it asked last, and whether it was revoked."""
    found = open_workspace(workspace).ledger.callers()
    document = {"callers": [caller.model_dump(mode="json", exclude={"digest"}) for caller in found]}
    answer(as_json, document, [_line(caller) for caller in found] or ["there is no caller yet"])


@app.command(epilog="Example: `nightshift callers revoke website`")
def revoke(name: Name, workspace: Apart = None, as_json: Json = False) -> None:
    """Make a caller's token worthless; the service knows it within seconds."""
    caller = open_workspace(workspace).ledger.revoke_caller(name, user(), datetime.now(UTC))
    answer(as_json, caller.model_dump(mode="json", exclude={"digest"}), [_line(caller)])


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ConfigError(f"{name[:80]!r} is no name of a caller: letters, digits, and . _ - after the first, up to 64")
    return name


def _scopes(folder: Path, pipelines: list[str], every: bool) -> tuple[str, ...]:
    from ml.config import find_pipeline

    if every == bool(pipelines):
        raise ConfigError("say what the caller may ask: --pipeline NAME, again for more, or --all")
    return ("*",) if every else tuple(sorted({find_pipeline(folder, name).name for name in pipelines}))


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as error:
        raise ConfigError(f"the token cannot be written to {path}: {error.strerror}") from error


def _line(caller: Caller) -> str:
    asks = "all pipelines" if "*" in caller.scopes else ", ".join(caller.scopes)
    seen = f"asked last at {caller.seen:%Y-%m-%d %H:%M} UTC" if caller.seen else "has not asked yet"
    gone = f"; revoked at {caller.revoked:%Y-%m-%d %H:%M} UTC by {caller.revoked_by}" if caller.revoked else ""
    return f"{caller.name:<20} {asks}; since {caller.at:%Y-%m-%d}, {seen}{gone}"
