"""The page that Sprinklr sends the browser to after a login: on this machine, for one answer.

Says the same whatever it is sent, and heeds an address only if its state is the awaited one.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager
from urllib.parse import urlsplit

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

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


async def redirected_address(attempt: Authorization) -> str:
    """Wait for the browser and return the address it was sent to.

    Raises `Fault` CONFIGURATION where the port is taken, and CONFIRMATION_EXPIRED after five minutes.
    """
    parts = urlsplit(attempt.redirect_uri)
    arrived: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def answer(request: Request) -> Response:
        belongs = request.headers.get("host") == parts.netloc and _belongs(str(request.url), attempt)
        if belongs and not arrived.done():
            arrived.set_result(str(request.url))
        return HTMLResponse(RECEIVED if belongs else NOT_MEANT, 200 if belongs else 400, HEADERS)

    async def handle(request: Request) -> Response:
        return answer(request)

    application = Starlette(routes=[Route(parts.path or "/", handle, methods=["GET"])])
    with _bound(parts.hostname or "", parts.port or 0) as listener:
        server = _Quiet(
            uvicorn.Config(
                application, log_config=None, access_log=False, lifespan="off", limit_concurrency=8
            )
        )
        serving = asyncio.create_task(server.serve([listener]))
        try:
            with anyio.fail_after(PATIENCE):
                return await arrived
        except TimeoutError:
            raise Fault(
                Code.CONFIRMATION_EXPIRED, "Nobody logged in within five minutes.", "Start the login again."
            ) from None
        finally:
            server.should_exit = True
            with anyio.CancelScope(shield=True):
                await serving


def _belongs(address: str, attempt: Authorization) -> bool:
    try:
        code_in(address, attempt)
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
def _bound(host: str, port: int) -> Generator[socket.socket]:
    """Bind the registered port and no other: Sprinklr compares the address to the letter."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.bind(("127.0.0.1" if host == "localhost" else host, port))
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
