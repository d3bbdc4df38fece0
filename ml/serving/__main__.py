"""``python -m ml.serving``: the prediction service."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from ml import local
from ml.errors import NightshiftError
from ml.settings import Settings

PORT = 8605


def main(words: Sequence[str] | None = None) -> int:
    """Serve until a signal comes; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m ml.serving", description="The prediction service.")
    parser.add_argument("--host", default="127.0.0.1", help="where it listens (default: this machine alone)")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--state", type=Path, help="its own folder (default: serving/ in the stack's home)")
    parser.add_argument("--owner-token", type=Path, help="make a caller named owner; its token lies in this file")
    chosen = parser.parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    local.use_stack()
    try:
        from ml.serving.server import Server, run

        server = Server.of(Settings.from_env(), chosen.state or local.home() / "serving")
        server.start(chosen.owner_token)
        run(server, chosen.host, chosen.port)
    except NightshiftError as error:
        print(f"nightshift: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
