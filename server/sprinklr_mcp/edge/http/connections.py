"""The connections of the HTTP server: how many there may be, and how long one may take to say what it wants.

Knows nothing of what is asked. uvicorn limits neither by itself, and refuses in plain text.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from uvicorn.protocols.http.h11_impl import H11Protocol

from sprinklr_mcp.edge.http.refusing import Refused, not_http, too_many_connections, too_slow

MOST = 256
"""Connections at a time. A client has two or three: one for each call, and one that listens."""
LONGEST_HEAD = 16 * 1024
"""Bytes of a request's line and headers."""
HEAD_PATIENCE = 10.0
"""Seconds for them to come."""


class Connection(H11Protocol):
    """One connection; refused where there are too many, closed where no request comes."""

    _due: asyncio.TimerHandle | None = None
    _is_too_many = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count it, and give it time to send its first request."""
        super().connection_made(transport)
        self._is_too_many = len(self.connections) > MOST
        self._await_request()

    def data_received(self, data: bytes) -> None:
        """Take what comes; only what belongs to a request under way is not hurried."""
        if self._is_too_many:
            # Told now: an answer before the request would be lost with it.
            self._end_with(too_many_connections())
            return
        super().data_received(data)
        is_served = self.cycle is not None and not self.cycle.response_complete  # pyright: ignore[reportUnnecessaryComparison]
        if is_served:
            self._hurry_no_more()
        elif self.timeout_keep_alive_task is None:
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._hurry_no_more()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words are not ours
        """Refuse what is no HTTP."""
        self._end_with(not_http())

    def _await_request(self) -> None:
        if self._due is None:
            self._due = self.loop.call_later(HEAD_PATIENCE, self._end_with, too_slow())

    def _hurry_no_more(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _end_with(self, refused: Refused) -> None:
        self._hurry_no_more()
        if self.transport.is_closing():
            return
        body = refused.body()
        head = [
            f"HTTP/1.1 {refused.status} {HTTPStatus(refused.status).phrase}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Connection: close",
        ]
        self.transport.write("\r\n".join([*head, "", ""]).encode() + body)
        self.transport.close()
