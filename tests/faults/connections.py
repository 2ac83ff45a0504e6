"""One connection of the peer's, byte by byte: looking at a request before it is taken, and ending as told."""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import time

from faults.answers import Heard
from faults.scripts import End

LONGEST_LOOK = 20.0
LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
NO_MORE = struct.pack("ii", 1, 0)
"""With this option a closed connection is reset: the other side gets an error instead of an end."""


class Connection:
    """A socket that somebody opened to the peer."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        stream.settimeout(LONGEST_LOOK)

    def next_request(self) -> tuple[float, Heard, int] | None:
        """Wait for a request and look at it without taking it: when it came, what it is, its bytes.

        Returns None where the other side is gone.
        """
        first: float | None = None
        with contextlib.suppress(OSError):
            while True:
                seen = self._stream.recv(1_000_000, socket.MSG_PEEK)
                if not seen:
                    return None
                first = first or time.time()
                size = _size(seen)
                if size is not None and len(seen) >= size:
                    return first, _heard(seen[:size]), size
                time.sleep(0.002)
        return None

    def take(self, count: int) -> None:
        """Take that many bytes of the request."""
        while count > 0:
            taken = self._stream.recv(min(count, 65_536))
            if not taken:
                return
            count -= len(taken)

    def send(self, reply: bytes, drip: float) -> None:
        """Send bytes, all at once or one after the other."""
        if not drip:
            self._stream.sendall(reply)
            return
        for at in range(len(reply)):
            self._stream.sendall(reply[at : at + 1])
            time.sleep(drip)

    def send_without_end(self, piece: bytes, drip: float) -> None:
        """Send a piece again and again until the other side has enough of it."""
        give_up = time.monotonic() + LONGEST_LOOK
        while time.monotonic() < give_up:
            self._stream.sendall(piece)
            time.sleep(drip)

    def end(self, how: End) -> None:
        """End the connection, or say nothing until the other side ends it."""
        if how == "silence":
            with contextlib.suppress(OSError):
                while self._stream.recv(65_536):
                    pass
        if how == "reset":
            self._stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_MORE)
        self.close()

    def close(self) -> None:
        self._stream.close()

    def cut(self) -> None:
        """End the connection under the thread that uses it."""
        with contextlib.suppress(OSError):
            self._stream.shutdown(socket.SHUT_RDWR)


def _size(seen: bytes) -> int | None:
    """Return how many bytes the request has, once its head is there."""
    head, end, _ = seen.partition(b"\r\n\r\n")
    if not end:
        return None
    length = LENGTH.search(head)
    return len(head) + 4 + (int(length[1]) if length else 0)


def _heard(request: bytes) -> Heard:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, *_ = first.split(" ")
    pairs = [line.partition(":") for line in lines]
    return Heard(method, target, {name.lower(): value.strip() for name, _, value in pairs}, body)
