"""Listening on this machine alone, within a running event loop. Knows nothing of what is asked there."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import anyio
import uvicorn


@contextmanager
def listening(host: str, port: int) -> Generator[socket.socket]:
    """Take a port of this machine's own; 0 for a free one. Raises `OSError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if os.name == "posix":
            # A page a moment ago leaves its closed connections on the port, which would count as taken.
            # On Windows the same option would let two programs share it.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()
        yield listener


@asynccontextmanager
async def answering(listener: socket.socket, config: uvicorn.Config) -> AsyncGenerator[None]:
    """Let what is configured answer there within the block."""
    server = _Quiet(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        with anyio.CancelScope(shield=True):
            await serving


class _Quiet(uvicorn.Server):
    """Leaves signals to the command it runs in."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield
