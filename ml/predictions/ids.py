"""Names of predictions."""

import os
import time

_VERSION = 0x7000
_VARIANT = 0x8000000000000000


def new_id() -> str:
    """32 hexadecimal digits that nobody else has: a UUID of version 7 (RFC 9562), so that later ones sort later.

    The first twelve digits are the milliseconds since 1970, the rest is random.
    """
    noise = int.from_bytes(os.urandom(10), "big")
    milliseconds = time.time_ns() // 1_000_000
    middle = _VERSION | (noise >> 64) & 0x0FFF
    return f"{milliseconds:012x}{middle:04x}{_VARIANT | noise & 0x3FFFFFFFFFFFFFFF:016x}"
