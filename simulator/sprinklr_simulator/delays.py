"""Answers that are held back. Knows nothing of what they say."""

import asyncio
import contextlib


class Delays:
    """The delays of one process; each is over when its time has passed or somebody ends it."""

    def __init__(self) -> None:
        self._over = asyncio.Event()
        self._closed = False

    async def wait(self, seconds: float) -> None:
        """Hold one answer back."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds)

    def end(self) -> None:
        """Send at once what is held back now."""
        self._over.set()
        if not self._closed:
            self._over = asyncio.Event()

    def close(self) -> None:
        """Hold nothing back any more: a simulator that stops doesn't wait."""
        self._closed = True
        self.end()
