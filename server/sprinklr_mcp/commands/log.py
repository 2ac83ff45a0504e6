"""The log of a process: lines on stderr without secrets, written by a thread that nobody waits for.

Whoever started the process may never read its stderr; then lines are left out and counted.
"""

from __future__ import annotations

import logging
import os
import queue
import select
import sys
import threading
from contextlib import suppress
from types import TracebackType

from sprinklr_mcp.redacting import Redactor

STDERR = 2
MOST_WAITING = 1000
"""Lines that may wait for somebody to read them."""
LAST_WORDS = 0.5
"""Seconds that, in the end, a line has to be taken, and the last of them to be written."""


def log_to_stderr(redactor: Redactor) -> None:
    """Send our own warnings to stderr, and what ends the process unforeseen; stdout may be the protocol's."""
    log = StderrLog(redactor)
    logging.basicConfig(handlers=[log], level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    sys.excepthook = _written_down


def _written_down(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Log what nobody caught: the interpreter itself would print it as it is."""
    logging.getLogger(__name__).critical("the process failed", exc_info=(kind, error, traceback))


class StderrLog(logging.Handler):
    """Hands each line to a thread. `logging` closes it when the interpreter ends."""

    def __init__(
        self, redactor: Redactor, descriptor: int = STDERR, most_waiting: int = MOST_WAITING
    ) -> None:
        super().__init__()
        self._redactor = redactor
        self._descriptor = descriptor
        self._lines: queue.Queue[str | None] = queue.Queue(most_waiting)
        self._left_out = 0
        self._thread = threading.Thread(target=self._write, name="stderr", daemon=True)
        self._thread.start()

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, tracebacks included, without secrets."""
        return self._redactor.redacted(super().format(record))

    def emit(self, record: logging.LogRecord) -> None:
        """Have the line written, or count it where too many wait."""
        line = self.format(record)
        try:
            if self._left_out:
                self._lines.put_nowait(f"WARNING: {self._left_out} lines are left out; nobody read them")
                self._left_out = 0
            self._lines.put_nowait(line)
        except queue.Full:
            self._left_out += 1

    def close(self) -> None:
        """Wait a moment until all is written."""
        if self._thread.is_alive():
            with suppress(queue.Full):
                self._lines.put(None, timeout=LAST_WORDS)
            self._thread.join(LAST_WORDS)
        super().close()

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._written_whole(f"{line}\n".encode("utf-8", "backslashreplace"))
            except OSError:
                # Whoever read it is gone.
                return

    def _written_whole(self, line: bytes) -> None:
        # Not by sys.stderr: the interpreter could not end while this thread holds its lock.
        left = memoryview(line)
        while left:
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:
                # Whoever started this process made the descriptor one that does not wait.
                select.select([], [self._descriptor], [])
