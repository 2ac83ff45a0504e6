"""Sessions over HTTP that nobody ends: they end by themselves, and those that are in use do not."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import httpx2
import pytest
from endpoint import KINDS
from installation import Installation
from piped import HELLO
from waiting import until

from sprinklr_mcp.edge.admission import Admission
from sprinklr_mcp.edge.ending import Ending
from sprinklr_mcp.edge.http.address import Address
from sprinklr_mcp.edge.http.serving import serve_http
from sprinklr_mcp.edge.server import build_server
from sprinklr_mcp.listening import listening

pytestmark = pytest.mark.anyio
HOST = "127.0.0.1"
BEGIN = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
IDLE = 0.5
DAY = 86_400.0


@asynccontextmanager
async def server_here(installation: Installation) -> AsyncGenerator[str]:
    """Serve on a real port from this process, where half an hour can be half a second; yield the address."""
    async with installation.machine() as machine:
        # What would end a process that takes too long is this one's here, and never comes.
        admission, ending = Admission(), Ending(patience=DAY)
        server = build_server(machine, admission)
        with listening(HOST, 0) as listener:
            address = Address(HOST, listener.getsockname()[1], "")
            async with anyio.create_task_group() as group:
                group.start_soon(serve_http, server, admission, listener, address, ending, IDLE)
                yield address.url
                ending.begin()


async def test_a_session_that_nobody_uses_ends_and_one_that_listens_stays(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    """SR-34: and whoever comes back to it is told to begin a new one."""
    caplog.set_level(logging.INFO, "mcp.server.streamable_http_manager")
    async with server_here(installation) as url, httpx2.AsyncClient(timeout=30) as http:
        kept, left = [
            (await http.post(url, json=BEGIN, headers=KINDS)).headers["mcp-session-id"] for _ in range(2)
        ]
        async with http.stream("GET", url, headers={**KINDS, "Mcp-Session-Id": kept}) as stream:
            assert stream.status_code == 200
            await until(lambda: f"{left} idle timeout" in caplog.text)
            gone = await http.post(url, json=PING, headers={**KINDS, "Mcp-Session-Id": left})
            there = await http.post(url, json=PING, headers={**KINDS, "Mcp-Session-Id": kept})
    assert (gone.status_code, there.status_code) == (404, 200)
    assert "Begin a new one with `initialize`." in gone.json()["error"]["message"]
