"""The right to change a key's pair, which one process has at a time. Knows nothing of what a pair is for."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.processes import this_process
from sprinklr_mcp.store.tokens import TokenStore

LOOK_AGAIN = 0.1


async def _never() -> bool:
    return False


@asynccontextmanager
async def leased(
    store: TokenStore, deadline: float, superfluous: Callable[[], Awaitable[bool]] = _never
) -> AsyncGenerator[str | None]:
    """Hold the lease during the body, and give its holder's name; None once it is `superfluous`.

    The lease outlasts a token call of `deadline` seconds by as much again. A process that died holding it
    keeps the others out no longer than that, and not at all where they can tell that it is gone. Raises
    `Fault` AUTH_BUSY where it does not become free; never goes on without it.
    """
    holder = f"{this_process()}:{secrets.token_hex(8)}"
    give_up = time.monotonic() + 1.5 * deadline
    while not await store.lease(holder, 2 * deadline):
        if await superfluous():
            yield None
            return
        if time.monotonic() > give_up:
            raise Fault(
                Code.AUTH_BUSY,
                "Another process has been renewing the login for a long time.",
                "Wait a minute, then call again with the same arguments.",
            )
        await anyio.sleep(LOOK_AGAIN)
    try:
        yield holder
    finally:
        await store.release(holder)
