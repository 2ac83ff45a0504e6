"""The page that Sprinklr sends the browser to after a login: on this machine, for one answer.

Says the same whatever it is sent, and heeds an address only if its state is the awaited one.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import SplitResult, urlsplit

import anyio
import uvicorn
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.settings import LOOPBACK
from sprinklr_mcp.tokens.grants import Authorization, Denied, WrongState, code_in

PATIENCE = 300.0
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
}
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sprinklr MCP</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:20vh auto;padding:0 1rem;
color-scheme:light dark}}</style>
<h1>{title}</h1><p>{text}</p></html>"""
RECEIVED = PAGE.format(title="Thank you", text="Go back to the terminal; you can close this page.")
NOT_MEANT = PAGE.format(title="Nothing to do here", text="This page waits for another login.")


def listens_here(redirect_uri: str) -> bool:
    """Tell whether the registered address is one that this machine can answer itself."""
    parts = urlsplit(redirect_uri)
    return parts.scheme == "http" and parts.hostname in LOOPBACK and parts.port is not None


@asynccontextmanager
async def callback_page(attempt: Authorization) -> AsyncGenerator[Callable[[], Awaitable[str]]]:
    """Serve the page within the block; what is yielded waits for the address the browser was sent to.

    Raises `Fault` CONFIGURATION where the port is taken, and CONFIRMATION_EXPIRED after five minutes.
    """
    page = _Page(attempt)
    config = uvicorn.Config(
        page, log_config=None, access_log=False, lifespan="off", ws="none", limit_concurrency=8
    )
    server = _Quiet(config)
    with _listening(urlsplit(attempt.redirect_uri)) as listener:
        serving = asyncio.create_task(server.serve([listener]))
        try:
            yield page.redirected_address
        finally:
            server.should_exit = True
            with anyio.CancelScope(shield=True):
                await serving


class _Page:
    """What stands at every address of the listener; the registered one alone is heeded."""

    def __init__(self, attempt: Authorization) -> None:
        self._attempt = attempt
        self._registered = urlsplit(attempt.redirect_uri)
        self._arrived: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def redirected_address(self) -> str:
        """Wait for the address that belongs to this attempt."""
        try:
            with anyio.fail_after(PATIENCE):
                return await self._arrived
        except TimeoutError:
            raise Fault(
                Code.CONFIRMATION_EXPIRED, "Nobody logged in within five minutes.", "Start the login again."
            ) from None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        belongs = self._belongs(request)
        if belongs and not self._arrived.done():
            self._arrived.set_result(str(request.url))
        page = HTMLResponse(RECEIVED if belongs else NOT_MEANT, 200 if belongs else 400, HEADERS)
        await page(scope, receive, send)

    def _belongs(self, request: Request) -> bool:
        place = (request.method, request.headers.get("host"), request.url.path)
        if place != ("GET", self._registered.netloc, self._registered.path or "/"):
            return False
        try:
            code_in(str(request.url), self._attempt)
        except WrongState:
            return False
        except Denied:
            return True
        return True


class _Quiet(uvicorn.Server):
    """Leaves signals to the command it runs in."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@contextmanager
def _listening(registered: SplitResult) -> Generator[socket.socket]:
    """Take the registered port and no other: Sprinklr compares the address to the letter."""
    host, port = registered.hostname or "", registered.port or 0
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            # A login a moment ago leaves its closed connections on the port, which would count as taken.
            # On Windows the same option would let two programs share it.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1" if host == "localhost" else host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise Fault(
            Code.CONFIGURATION,
            f"Port {port}, which the callback address names, is taken or not allowed.",
            "End the program that uses it, or use `sprinklr-mcp login --paste`.",
            note=str(error),
        ) from error
    with listener:
        yield listener
