"""What a request sends: what its body is said to be, what its address asks for, and the body within its limits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml.config import PipelineConfig
from ml.serving.reading import ARROW, JSON
from ml.serving.refusals import Refused

if TYPE_CHECKING:
    from starlette.requests import Request


@dataclass(frozen=True)
class Asked:
    """What a request says of itself: its body is JSON or ARROW, and whether answers are to be explained."""

    kind: str
    explain: bool

    @classmethod
    def of(cls, request: Request) -> Asked:
        """As header and address say it.

        Raises
        ------
        Refused
            They say something else.
        """
        return cls(_kind(request), _explain(request))


def _kind(request: Request) -> str:
    """What the body is said to be: JSON or ARROW.

    Raises
    ------
    Refused
        It is said to be something else, or packed.
    """
    header, encoding = request.headers.get("content-type", ""), request.headers.get("content-encoding", "identity")
    kind, _, parameters = header.partition(";")
    kind, charset = kind.strip().lower(), parameters.strip().lower().replace('"', "")
    if kind not in (JSON, ARROW):
        raise Refused(415, f"the header Content-Type must say {JSON}, or {ARROW} for many rows")
    if charset.startswith("charset=") and charset not in ("charset=utf-8", "charset=utf8", "charset=us-ascii"):
        raise Refused(415, "the body must be UTF-8")
    if encoding.lower() != "identity":
        raise Refused(415, "the body must not be packed (Content-Encoding)")
    return kind


def _explain(request: Request) -> bool:
    said = request.query_params.getlist("explain")
    unknown = [name for name in request.query_params if name != "explain"]
    if unknown or len(said) > 1 or (said and said[0] not in ("true", "false")):
        raise Refused(422, "the address may carry ?explain=true or ?explain=false, and nothing else")
    return said == ["true"]


async def whole(request: Request, pipeline: PipelineConfig) -> bytes:
    """The whole body.

    Raises
    ------
    Refused
        It is too long (413), or does not come (408).
    """
    limits = pipeline.serving
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 18 or int(length) > limits.body):
        raise _too_long(limits.body)
    parts, size = [], 0
    try:
        async with asyncio.timeout(limits.timeout):
            async for part in request.stream():
                size += len(part)
                if size > limits.body:
                    raise _too_long(limits.body)
                parts.append(part)
    except TimeoutError:
        raise Refused(
            408, f"the body did not come within {limits.timeout:g} s", headers={"Connection": "close"}
        ) from None
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_long(limit: int) -> Refused:
    return Refused(
        413, f"the body is longer than {limit:,} bytes; send the rows in parts", headers={"Connection": "close"}
    )
