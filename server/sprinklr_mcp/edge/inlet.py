"""Reading what the client sends, in a thread that nobody waits for.

A read of stdin cannot be interrupted everywhere, whether it is a pipe, a file or a terminal, on Windows
too; a thread of the daemon kind is left behind at the end. Knows no method of the protocol.
"""

from __future__ import annotations

import select
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from io import FileIO
from typing import Any

import anyio
import anyio.from_thread
from anyio.lowlevel import EventLoopToken, current_token

from sprinklr_mcp.edge.lines import Lines
from sprinklr_mcp.edge.messages import Understood, understood

BLOCK = 64 * 1024
GONE = (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.RunFinishedError, CancelledError)
"""What a thread meets that outlives the event loop or who listened to it."""

Deliver = Callable[[list[Understood]], Coroutine[Any, Any, None]]


def start_reading(stream: FileIO, deliver: Deliver, ended: Callable[[], None]) -> None:
    """Hand what the stream's lines come to to `deliver`, and tell when there is no more.

    Both are called where the event loop runs; nothing more is read while `deliver` is at work.
    """
    arguments = (stream, deliver, ended, current_token())
    threading.Thread(target=_read, args=arguments, name="stdin", daemon=True).start()


def _read(stream: FileIO, deliver: Deliver, ended: Callable[[], None], loop: EventLoopToken) -> None:
    lines = Lines()
    try:
        while block := _block_of(stream):
            _hand_on([understood(line) for line in lines.fed(block)], deliver, loop)
        _hand_on([understood(line) for line in lines.rest()], deliver, loop)
    except GONE:
        return
    finally:
        _tell(ended, loop)


def _hand_on(found: list[Understood | None], deliver: Deliver, loop: EventLoopToken) -> None:
    items = [one for one in found if one is not None]
    if items:
        anyio.from_thread.run(deliver, items, token=loop)


def _tell(ended: Callable[[], None], loop: EventLoopToken) -> None:
    try:
        anyio.from_thread.run_sync(ended, token=loop)
    except GONE:
        return


def _block_of(stream: FileIO) -> bytes:
    """Return the next bytes; none at the end, which a terminal that is gone has come to as well."""
    try:
        while (block := stream.read(BLOCK)) is None:
            # Whoever started this process made the descriptor one that does not wait.
            select.select([stream], [], [])
    except OSError:
        return b""
    return block
