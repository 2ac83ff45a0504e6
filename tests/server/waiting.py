"""Waiting for something that another process does."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import anyio.to_thread


async def until(happened: Callable[[], object]) -> None:
    """Wait for something that must come, and not for ever."""
    with anyio.fail_after(20):
        while not await anyio.to_thread.run_sync(happened):
            await anyio.sleep(0.02)
