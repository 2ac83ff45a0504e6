"""How the process ends: in good order and soon, and at once where it is told a second time.

Knows nothing of what is going on; whoever serves waits for the end and then comes to one.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType

PATIENCE = 9.0
"""Seconds for everything under way to come to its end: writes are given eight of them."""
SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Ending:
    """The end of this process: whether it has begun, and what happens if it takes too long.

    A client that is gone begins it, and so does a signal. A second signal ends the process where it
    stands; what was under way then is on record as unknown.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._signals = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begun = asyncio.Event()

    @asynccontextmanager
    async def awaited(self) -> AsyncGenerator[None]:
        """Let signals begin the end in good order as long as the block runs; else they end the process."""
        self._loop = asyncio.get_running_loop()
        try:
            yield
        finally:
            self._loop = None

    async def wait(self) -> None:
        """Wait until the end begins."""
        await self._begun.wait()

    def begin(self) -> None:
        """Begin the end, if it has not begun. To be called where the event loop runs."""
        if self._begun.is_set():
            return
        self._begun.set()
        # A thread: it must come even where the event loop hangs, or a thread keeps the process alive.
        last_resort = threading.Timer(self._patience, os._exit, (0,))
        last_resort.daemon = True
        last_resort.start()

    @contextmanager
    def signals_heard(self) -> Generator[None]:
        """Hear signals as long as the block runs."""
        before = {number: signal.signal(number, self._signalled) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _signalled(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._signals += 1
        if self._signals > 1:
            # Nothing is flushed: that could wait for whoever does not read, and nothing of ours is held.
            os._exit(128 + number)
        if self._loop is None:
            raise SystemExit(0)
        self._loop.call_soon_threadsafe(self.begin)
