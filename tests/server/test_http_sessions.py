"""Sessions over HTTP that nobody ends: they end by themselves, and those that are in use do not."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

import anyio
import httpx2
import pytest
from endpoint import BEGIN, EVERY, KINDS
from installation import Installation
from waiting import until

from sprinklr_mcp.edge.admission import Admission
from sprinklr_mcp.edge.ending import Ending
from sprinklr_mcp.edge.http.address import Address
from sprinklr_mcp.edge.http.serving import MOST_SESSIONS, serve_http
from sprinklr_mcp.edge.server import build_server
from sprinklr_mcp.listening import listening

pytestmark = pytest.mark.anyio
HOST = "127.0.0.1"
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
IDLE = 0.5
DAY = 86_400.0


@asynccontextmanager
async def server_here(installation: Installation, idle: float) -> AsyncGenerator[str]:
    """Serve on a real port from this process, where half an hour can be half a second; yield the address."""
    async with installation.machine() as machine:
        # What would end a process that takes too long is this one's here, and never comes.
        admission, ending = Admission(), Ending(patience=DAY)
        server = build_server(machine, admission)
        with listening(HOST, 0) as listener:
            address = Address(HOST, listener.getsockname()[1], "")
            async with anyio.create_task_group() as group:
                group.start_soon(serve_http, server, admission, listener, address, ending, idle)
                yield address.url
                ending.begin()


async def test_a_session_is_in_use_from_the_moment_its_client_knows_of_it(
    installation: Installation,
) -> None:
    """SR-34: many begin at once and listen as soon as they may, so none of them has to make room."""
    listening_now: list[str] = []
    cut_off: list[str] = []

    async def begin_and_listen(http: httpx2.AsyncClient, url: str, all_over: anyio.Event) -> None:
        async with http.stream("POST", url, json=BEGIN, headers=KINDS) as begun:
            name = begun.headers["mcp-session-id"]
            await anext(line async for line in begun.aiter_lines() if line.startswith("data"))
        async with http.stream("GET", url, headers={**KINDS, "Mcp-Session-Id": name}) as stream:
            assert stream.status_code == 200
            listening_now.append(name)
            async with anyio.create_task_group() as group:
                group.start_soon(_heard_to_the_end, stream, cut_off)
                await all_over.wait()
                group.cancel_scope.cancel()

    async with server_here(installation, DAY) as url, httpx2.AsyncClient(timeout=30, limits=EVERY) as http:
        all_over = anyio.Event()
        async with anyio.create_task_group() as group:
            # Connections that are open already: who has one listens before the first answer is quite over.
            for _ in range(60):
                group.start_soon(partial(http.delete, url, headers={**KINDS, "Mcp-Session-Id": "none"}))
        async with anyio.create_task_group() as group:
            for _ in range(MOST_SESSIONS // 32):
                for _ in range(32):
                    group.start_soon(begin_and_listen, http, url, all_over)
                before = len(listening_now)
                await until(partial(_there_are, before + 32, listening_now))
            one_more = await http.post(url, json=BEGIN, headers=KINDS)
            assert (one_more.status_code, cut_off) == (503, [])
            all_over.set()


def _there_are(many: int, names: list[str]) -> bool:
    return len(names) >= many


async def _heard_to_the_end(stream: httpx2.Response, cut_off: list[str]) -> None:
    async for _ in stream.aiter_raw():
        pass
    cut_off.append(str(stream.request.headers["mcp-session-id"]))


async def test_a_session_that_nobody_uses_ends_and_one_that_listens_stays(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    """SR-34: and whoever comes back to it is told to begin a new one."""
    caplog.set_level(logging.INFO, "mcp.server.streamable_http_manager")
    async with server_here(installation, IDLE) as url, httpx2.AsyncClient(timeout=30) as http:
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
