"""Serving over stdin and stdout until the end begins: the client is gone, or a signal came.

Then no call is taken any more and those under way are cancelled; what no request owns is not cut by that.
The SDK's own transport drops lines that it cannot read, holds lines of any length, and waits for stdin for
ever; hence this one.
"""

from __future__ import annotations

import logging
from typing import Any

import anyio
import mcp_types as types
from anyio.abc import ObjectReceiveStream, ObjectSendStream
from mcp.server.lowlevel import Server
from mcp.shared.message import SessionMessage

from sprinklr_mcp.edge.admission import Admission
from sprinklr_mcp.edge.descriptors import Wire
from sprinklr_mcp.edge.ending import Ending
from sprinklr_mcp.edge.inlet import start_reading
from sprinklr_mcp.edge.messages import Understood, encoded
from sprinklr_mcp.edge.outlet import Outlet
from sprinklr_mcp.edge.refusing import Refusals

LAST_WORDS = 1.0
"""Seconds that a client has, in the end, to read what it was still sent."""
log = logging.getLogger(__name__)


async def serve_stdio(server: Server[Any], admission: Admission, wire: Wire, ending: Ending) -> None:
    """Serve until the end begins."""
    to_server, from_client = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    to_client, from_server = anyio.create_memory_object_stream[SessionMessage](0)

    def client_is_gone() -> None:
        log.warning("the client is gone")
        ending.begin()

    outlet = Outlet(wire.outgoing, client_is_gone)
    entrance = _Entrance(server, admission, to_server, outlet)
    async with anyio.create_task_group() as group:
        group.start_soon(_close_when_it_ends, ending, to_server)
        group.start_soon(_write, from_server, outlet)
        start_reading(wire.incoming, entrance.deliver, ending.begin)
        await server.run(from_client, to_client, server.create_initialization_options())
        with anyio.move_on_after(LAST_WORDS):
            await outlet.emptied()
        group.cancel_scope.cancel()


async def _close_when_it_ends(ending: Ending, to_server: ObjectSendStream[Any]) -> None:
    """Whatever ends it, the server sees what it sees when a client leaves: there is no more to read."""
    await ending.wait()
    await to_server.aclose()


async def _write(messages: ObjectReceiveStream[SessionMessage], outlet: Outlet) -> None:
    async with messages:
        async for one in messages:
            await outlet.put(encoded(one.message))


class _Entrance:
    """Where messages come in: answers those that go no further, and hands on the others."""

    def __init__(
        self,
        server: Server[Any],
        admission: Admission,
        to_server: ObjectSendStream[SessionMessage | Exception],
        outlet: Outlet,
    ) -> None:
        self._to_server = to_server
        self._outlet = outlet
        self._refusals = Refusals(server, admission)

    async def deliver(self, found: list[Understood]) -> None:
        """Take what some lines came to."""
        for one in found:
            if one.answer is not None:
                await self._outlet.put(encoded(one.answer))
            if one.message is None:
                continue
            if isinstance(one.message, types.JSONRPCRequest) and self._refusals.is_too_many(
                one.message, one.size
            ):
                await self._outlet.put(self._refusals.answer(one.message))
            else:
                await self._to_server.send(SessionMessage(one.message))
