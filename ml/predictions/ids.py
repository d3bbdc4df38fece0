"""Names of predictions."""

import os
import time

_NOISE = 10
_VERSION, _VARIANTS = "7", "89ab"


def new_id() -> str:
    """32 hexadecimal digits that nobody else has: a UUID of version 7 (RFC 9562), so that later ones sort later.

    The first twelve digits are the milliseconds since 1970, the rest is random.
    """
    return new_ids(1)[0]


def new_ids(count: int) -> list[str]:
    """So many of them."""
    start, noise = f"{time.time_ns() // 1_000_000:012x}{_VERSION}", os.urandom(_NOISE * count)
    digits, width = noise.hex(), 2 * _NOISE
    return [
        f"{start}{digits[at : at + 3]}{_VARIANTS[noise[at // 2 + 9] & 3]}{digits[at + 3 : at + 18]}"
        for at in range(0, width * count, width)
    ]
