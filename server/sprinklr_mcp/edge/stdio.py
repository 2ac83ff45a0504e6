"""Serving over stdin and stdout until either ends, or a signal comes.

Nothing but protocol leaves on stdout. A write in flight is finished first: it is shielded where it is made.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any, cast

import anyio
from mcp import MCPError
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from sprinklr_mcp.cleaning import whole_characters

log = logging.getLogger(__name__)


async def serve_stdio(server: Server[Any]) -> None:
    """Serve until stdin ends. After a signal, this ends the process itself, with status 0."""
    server.middleware.append(_whole_characters)
    try:
        await _serve(server)
    except* (BrokenPipeError, anyio.BrokenResourceError):
        log.warning("the client is gone")


async def _serve(server: Server[Any]) -> None:
    async with stdio_server() as (read, write):
        with anyio.CancelScope() as serving:
            async with anyio.create_task_group() as group:
                if os.name != "nt":
                    group.start_soon(_cancel_on_signal, serving)
                await server.run(read, write, server.create_initialization_options())
                group.cancel_scope.cancel()
        if serving.cancelled_caught:
            # A thread of the SDK's still waits for the next line, and would for ever.
            logging.shutdown()
            sys.stderr.flush()
            os._exit(0)


async def _cancel_on_signal(serving: anyio.CancelScope) -> None:
    with anyio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        async for _ in signals:
            serving.cancel()
            return


async def _whole_characters(ctx: Any, call_next: Callable[[Any], Awaitable[Any]]) -> Any:
    """Replace half characters in results: one of them would end the whole process."""
    try:
        return _scrubbed(await call_next(ctx))
    except MCPError as error:
        raise MCPError(error.code, _scrubbed(error.message), _scrubbed(error.data)) from None


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return whole_characters(value)
    if isinstance(value, dict):
        members = cast(dict[Any, Any], value)
        return {_scrubbed(name): _scrubbed(item) for name, item in members.items()}
    return [_scrubbed(item) for item in cast(list[Any], value)] if isinstance(value, list) else value
