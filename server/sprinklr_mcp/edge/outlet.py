"""Writing what the client gets, in a thread that nobody waits for: a client may stop reading at any time.

Knows nothing of what the bytes mean.
"""

from __future__ import annotations

import queue
import select
import threading
from collections.abc import Callable
from io import FileIO

import anyio
import anyio.from_thread
from anyio.lowlevel import current_token

MOST_HELD = 8 * 1024 * 1024
"""Bytes that may wait for a client that does not read; whoever has more to say waits too."""
AT_ONCE = 256 * 1024


class Outlet:
    """The way out. `broken` is called once, where the event loop runs, when the client is gone."""

    def __init__(self, stream: FileIO, broken: Callable[[], None]) -> None:
        self._stream = stream
        self._broken = broken
        self._loop = current_token()
        self._blocks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._held = 0
        self._gone = False
        self._fewer = anyio.Event()
        threading.Thread(target=self._write, name="stdout", daemon=True).start()

    async def put(self, block: bytes) -> None:
        """Have a block written, after all that came before. One for a client that is gone is dropped."""
        while self._held > MOST_HELD:
            await self._fewer.wait()
        if not self._gone:
            self._held += len(block)
            self._blocks.put(block)

    async def emptied(self) -> None:
        """Wait until all is written, or nobody reads it any more."""
        while self._held:
            await self._fewer.wait()

    def _write(self) -> None:
        while True:
            blocks = self._blocks.get()
            while len(blocks) < AT_ONCE and not self._blocks.empty():
                blocks += self._blocks.get()
            try:
                self._written_whole(blocks)
            except OSError:
                self._tell(self._is_gone)
                return
            if not self._tell(self._is_written, len(blocks)):
                return

    def _written_whole(self, blocks: bytes) -> None:
        left = memoryview(blocks)
        while left:
            written = self._stream.write(left)
            if written is None:
                # Whoever started this process made the descriptor one that does not wait.
                select.select([], [self._stream], [])
            else:
                left = left[written:]

    def _tell(self, what: Callable[..., None], *about: int) -> bool:
        """Call it where the event loop runs; False if none runs any more."""
        try:
            anyio.from_thread.run_sync(what, *about, token=self._loop)
        except anyio.RunFinishedError:
            return False
        return True

    def _is_written(self, size: int) -> None:
        self._held -= size
        self._wake()

    def _is_gone(self) -> None:
        self._gone, self._held = True, 0
        self._wake()
        self._broken()

    def _wake(self) -> None:
        self._fewer.set()
        self._fewer = anyio.Event()
