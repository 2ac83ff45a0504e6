"""What every request passes before it reaches the protocol: who asks, for what, with how much.

On loopback anybody on the machine can connect, and any page in a browser can try to. Host tells a page that
came by a DNS name of its own, Origin any other page, and the secret in the path everybody else. Nothing is
kept between requests but the count of those under way.
"""

from __future__ import annotations

from contextlib import suppress

import anyio
import mcp_types as types
from mcp.server.streamable_http import LAST_EVENT_ID_HEADER, MCP_SESSION_ID_HEADER, check_accept_headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sprinklr_mcp.edge.http.address import HEALTH, Address
from sprinklr_mcp.edge.http.bodies import Bodies
from sprinklr_mcp.edge.http.eras import is_modern
from sprinklr_mcp.edge.http.refusing import Refused, as_json, ending
from sprinklr_mcp.edge.http.rewording import Reworded
from sprinklr_mcp.edge.messages import Understood, encoded, understood
from sprinklr_mcp.edge.refusing import Refusals

LAST_EVENT = LAST_EVENT_ID_HEADER.encode()
ADDRESS = "Use the whole address that the server told when it was started; each start has a new one."


class Gate:
    """The outermost application. `inner` speaks the protocol, and gets only whole messages."""

    def __init__(self, address: Address, inner: ASGIApp, refusals: Refusals) -> None:
        self._address = address
        self._inner = inner
        self._refusals = refusals
        self._bodies = Bodies()
        self._closing = False
        self._under_way = 0
        self._fewer = anyio.Event()

    @property
    def under_way(self) -> int:
        """Messages that have not been answered yet."""
        return self._under_way

    def close(self) -> None:
        """Take no more requests."""
        self._closing = True

    async def emptied(self) -> None:
        """Wait until every message is answered."""
        while self._under_way:
            await self._fewer.wait()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            await self._answer(request, receive, send)
        except Refused as refused:
            await refused.response()(scope, receive, send)
        except ClientDisconnect:
            return

    async def _answer(self, request: Request, receive: Receive, send: Send) -> None:
        self._check_names(request)
        path = request.scope["path"]
        if path == HEALTH:
            await self._health(request)(request.scope, receive, send)
            return
        if not self._address.is_endpoint(path):
            raise Refused(404, "There is nothing at this address.", ADDRESS)
        if self._closing:
            raise ending()
        _check_method(request)
        _check_kinds(request)
        if request.method == "POST":
            await self._message(request, receive, send)
        else:
            await self._inner(_without_last_event(request.scope), receive, Reworded(send).send)

    def _check_names(self, request: Request) -> None:
        hosts, origins = request.headers.getlist("host"), request.headers.getlist("origin")
        if len(hosts) != 1 or not self._address.is_own_name(hosts[0]):
            raise Refused(421, "This server answers to no such host.", ADDRESS)
        if origins and not (len(origins) == 1 and self._address.is_own_origin(origins[0])):
            raise Refused(403, "Pages of other origins may not use this server.", "Use an MCP client.")

    def _health(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            raise Refused(405, "The health of this server is only asked for.", "Use GET.", allow="GET, HEAD")
        if self._closing:
            raise ending()
        return as_json(b'{"status":"ok"}')

    async def _message(self, request: Request, receive: Receive, send: Send) -> None:
        async with self._bodies.read(request.headers, receive) as body:
            found = understood(body) or Understood()
            if (message := found.message) is None:
                if found.answer is None:
                    raise Refused(400, "The request is empty.", "Send one message as JSON in UTF-8.")
                await as_json(encoded(found.answer), 400)(request.scope, receive, send)
                return
            _check_session(request, message)
            if self._closing:
                # The end has begun while the message came; from here on it would be waited for.
                raise ending()
            if isinstance(message, types.JSONRPCRequest) and self._refusals.is_too_many(message, len(body)):
                await as_json(self._refusals.answer(message))(request.scope, receive, send)
                return
            # What the newer era refuses says in words of the protocol's what is wrong with the message.
            heard = send if is_modern(request.headers) else Reworded(send).send
            await self._handed_on(encoded(message), request.scope, receive, heard)

    async def _handed_on(self, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def once_more() -> Message:
            return waiting.pop() if waiting else await receive()

        self._under_way += 1
        try:
            with suppress(ClientDisconnect):
                await self._inner(scope, once_more, send)
        finally:
            self._under_way -= 1
            self._fewer.set()
            self._fewer = anyio.Event()


def _without_last_event(scope: Scope) -> Scope:
    """Leave out where a listener wants to go on: no event has a number here, and the SDK would not answer."""
    kept = [(name, value) for name, value in scope["headers"] if name != LAST_EVENT]
    return {**scope, "headers": kept}


def _check_method(request: Request) -> None:
    allowed = ("POST",) if is_modern(request.headers) else ("GET", "POST", "DELETE")
    if request.method not in allowed:
        told = f"This version of the protocol has no {request.method} here."
        raise Refused(405, told, "Send messages with POST.", allow=", ".join(allowed))
    if request.method != "POST" and MCP_SESSION_ID_HEADER not in request.headers:
        raise Refused(400, "There is no session named.", "Begin one with `initialize`.")


def _check_kinds(request: Request) -> None:
    takes_json, takes_events = check_accept_headers(request)
    if request.method == "GET" and not takes_events:
        raise Refused(406, "What is listened to is an event stream.", "Accept text/event-stream.")
    if request.method != "POST":
        return
    if not (takes_json and takes_events):
        wanted = "Accept both application/json and text/event-stream."
        raise Refused(406, "An answer may be JSON or an event stream.", wanted)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, "A message is JSON.", "Send it as application/json.")


def _check_session(request: Request, message: types.JSONRPCMessage) -> None:
    """In the older era every message but the first names its session."""
    first = isinstance(message, types.JSONRPCRequest) and message.method == "initialize"
    if not (first or is_modern(request.headers) or MCP_SESSION_ID_HEADER in request.headers):
        raise Refused(400, "There is no session named.", "Begin one with `initialize`.")
