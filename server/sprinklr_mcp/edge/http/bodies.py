"""Reading what a request carries: so much each, so much together, and so long.

Knows nothing of what it is.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import anyio
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from sprinklr_mcp.edge.http.refusing import AGAIN_LATER, Refused, too_slow
from sprinklr_mcp.edge.lines import LONGEST

MOST_TOGETHER = 32 * 1024 * 1024
"""Bytes of all requests that are under way."""
SMALL = 64 * 1024
"""Bytes of a request that is taken also when others hold so much: nearly every call is smaller."""
PATIENCE = 10.0
"""Seconds for a body to come."""
LAST_PATIENCE = 2.0
"""Seconds in which the rest of a body that is too long is taken and dropped, so that its sender listens."""


class Bodies:
    """The bodies that one process holds."""

    def __init__(self) -> None:
        self._together = 0

    @asynccontextmanager
    async def read(self, headers: Mapping[str, str], receive: Receive) -> AsyncGenerator[bytes]:
        """Read a body, and count it as long as the block runs.

        Raises `Refused`: 413 for one that is too long, 408 for one that takes too long, 503 where too much
        is held already; and `ClientDisconnect`.
        """
        if _declared(headers) > LONGEST and "expect" in headers:
            # It has not been sent yet, and now need not be.
            raise _too_long()
        body = bytearray()
        try:
            await self._fill(body, receive)
            yield bytes(body)
        finally:
            self._together -= len(body)

    async def _fill(self, body: bytearray, receive: Receive) -> None:
        with anyio.move_on_after(PATIENCE):
            while True:
                part, is_last = await _part(receive)
                if len(body) + len(part) > LONGEST:
                    await _drop(receive, is_last)
                    raise _too_long()
                if len(body) + len(part) > SMALL and self._together + len(part) > MOST_TOGETHER:
                    raise Refused(503, "Too many large requests are under way.", AGAIN_LATER, closes=True)
                body += part
                self._together += len(part)
                if is_last:
                    return
        raise too_slow()


def _declared(headers: Mapping[str, str]) -> int:
    """Return the length that the request tells; h11 has seen to it that it is a number."""
    return int(headers.get("content-length", "0"))


async def _part(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message.get("body", b""), not message.get("more_body", False)


async def _drop(receive: Receive, is_last: bool) -> None:
    with anyio.move_on_after(LAST_PATIENCE):
        while not is_last:
            _, is_last = await _part(receive)


def _too_long() -> Refused:
    told = f"The message is longer than {LONGEST // 1024 // 1024} MiB."
    return Refused(413, told, "Send less in one message.", closes=True)
