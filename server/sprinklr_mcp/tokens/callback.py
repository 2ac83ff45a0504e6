"""The page that Sprinklr sends the browser to after a login: on this machine, for one answer.

Says the same whatever it is sent, and heeds an address only if its state is the awaited one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from socket import socket
from urllib.parse import SplitResult, urlsplit

import anyio
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from sprinklr_mcp.listening import answering, listening
from sprinklr_mcp.pages.looks import message
from sprinklr_mcp.pages.serving import answered_by
from sprinklr_mcp.setting_values import LOOPBACK
from sprinklr_mcp.tokens.failures import Sign, fault_for
from sprinklr_mcp.tokens.grants import Authorization, Denied, WrongState, code_in

PATIENCE = 300.0
RECEIVED = (200, "Thank you", "Go back to where you began to log in; you can close this page.")
NOT_MEANT = (400, "Nothing to do here", "This page waits for another login.")


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
    with _registered_port(urlsplit(attempt.redirect_uri)) as listener:
        async with answering(listener, answered_by(page)):
            yield page.redirected_address


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
            raise fault_for(Sign.NOBODY_CAME) from None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope)
        belongs = self._belongs(request)
        if belongs and not self._arrived.done():
            self._arrived.set_result(str(request.url))
        page = message(*(RECEIVED if belongs else NOT_MEANT))
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


@contextmanager
def _registered_port(registered: SplitResult) -> Generator[socket]:
    """Take the registered port and no other: Sprinklr compares the address to the letter."""
    host, port = registered.hostname or "", registered.port or 0
    with ExitStack() as stack:
        try:
            listener = stack.enter_context(listening("127.0.0.1" if host == "localhost" else host, port))
        except OSError as error:
            raise fault_for(Sign.PORT_TAKEN, f"port {port}: {error}") from error
        yield listener
