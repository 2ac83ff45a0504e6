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
        self._requests: dict[str, int] = {}
        """How many are open in each session, with those that listen; the one used last stands last."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, of either era."""
        headers = Headers(scope=scope)
        if is_modern(headers):
            await self._inner(scope, receive, send)
            return
        name = headers.get(MCP_SESSION_ID_HEADER)
        if name is None:
            await self._make_room(scope)
        elif name in self._requests:
            self._count(name, 1)
        request = _Request(send, name)
        try:
            await self._inner(scope, receive, request.send)
        finally:
            self._settle(request, scope["method"])

    def _settle(self, request: _Request, method: str) -> None:
        name = request.session
        if name is None:
            return
        if request.status == 404 or (method == "DELETE" and request.status == 200):
            self._requests.pop(name, None)
        elif request.began:
            self._requests.setdefault(name, 0)
        elif name in self._requests:
            self._count(name, -1)

    def _count(self, name: str, more: int) -> None:
        self._requests[name] = self._requests.pop(name) + more

    async def _make_room(self, scope: Scope) -> None:
        """End the session that was idle for longest, if there are as many as may be; none that is in use."""
        if len(self._requests) < self._most:
            return
        idle = next((name for name, open_ones in self._requests.items() if not open_ones), None)
        if idle is not None:
            del self._requests[idle]
            await self._inner(
                {**scope, "method": "DELETE", "headers": [(HEADER, idle.encode())]}, _empty, _unheard
            )


class _Request:
    """What the answer to one request says of its session."""

    def __init__(self, send: Send, session: str | None) -> None:
        self._send = send
        self.session = session
        self.status: int | None = None
        self.began = False

    async def send(self, message: Message) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            named = Headers(raw=message.get("headers", [])).get(MCP_SESSION_ID_HEADER)
            if self.session is None and named is not None and message["status"] < 400:
                self.session, self.began = named, True
        await self._send(message)


async def _empty() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _unheard(_: Message) -> None:
    return
