"""The sessions of the older era: one that is idle makes room where a new one would not be taken.

A client that was killed never says that its session is over. The SDK ends such a session after a while, and
until then refuses new ones at its limit. Knows nothing of what is said in a session.
"""

from __future__ import annotations

from mcp.server.streamable_http import MCP_SESSION_ID_HEADER
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sprinklr_mcp.edge.http.eras import is_modern

HEADER = MCP_SESSION_ID_HEADER.encode()


class Sessions:
    """Hands requests on to `inner`, which keeps at most so many sessions, and ends those that must go."""

    def __init__(self, inner: ASGIApp, most: int) -> None:
        self._inner = inner
        self._most = most
        self._opening = 0
        """How many sessions are asked for and have no name yet."""
        self._requests: dict[str, int] = {}
        """How many are open in each session, with those that listen; the one used last stands last."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, of either era."""
        headers = Headers(scope=scope)
        name = headers.get(MCP_SESSION_ID_HEADER)
        if is_modern(headers):
            await self._inner(scope, receive, send)
        elif name is None:
            await self._opened(scope, receive, send)
        else:
            await self._within(name, scope, receive, send)

    async def _opened(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what begins a session, which is in use as soon as its name is told."""
        names: list[str] = []

        async def heard(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                names.extend(Headers(raw=message["headers"]).getlist(MCP_SESSION_ID_HEADER))
                if names:
                    self._opening -= 1
                    self._requests[names[0]] = 1
            await send(message)

        self._opening += 1
        try:
            await self._make_room(scope)
            await self._inner(scope, receive, heard)
        finally:
            if names:
                self._count(names[0], -1)
            else:
                self._opening -= 1

    async def _within(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of a session, which may say that the session is over."""
        statuses: list[int] = []

        async def heard(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        self._count(name, 1)
        try:
            await self._inner(scope, receive, heard)
        finally:
            if 404 in statuses or (scope["method"] == "DELETE" and 200 in statuses):
                self._requests.pop(name, None)
            else:
                self._count(name, -1)

    def _count(self, name: str, more: int) -> None:
        """Count a request of a session that is known, as the last that was used."""
        if name in self._requests:
            self._requests[name] = self._requests.pop(name) + more

    async def _make_room(self, scope: Scope) -> None:
        """End the session that was idle for longest, if there are as many as may be; none that is in use."""
        if len(self._requests) + self._opening <= self._most:
            return
        idle = next((name for name, open_ones in self._requests.items() if not open_ones), None)
        if idle is not None:
            del self._requests[idle]
            ended = {**scope, "method": "DELETE", "headers": [(HEADER, idle.encode())]}
            await self._inner(ended, _empty, _unheard)


async def _empty() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _unheard(_: Message) -> None:
    return
