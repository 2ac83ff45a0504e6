"""Cutting what comes in into lines, of which none is held that is longer than a limit. Knows no JSON."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 4 * 1024 * 1024
"""In bytes. The protocol's messages are short; files travel by their paths."""
KEPT = 1024
"""Bytes of each end of a longer line that are kept: enough to find whom to answer."""


@dataclass(frozen=True)
class TooLong:
    """A line over the limit: its first and its last bytes; what was between them is gone."""

    beginning: bytes
    end: bytes


class Lines:
    """Collects blocks of bytes and gives out the lines in them, without their ends."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._held = bytearray()
        self._end: bytes | None = None

    def fed(self, block: bytes) -> list[bytes | TooLong]:
        """Take a block, and return the lines that end in it."""
        *ended, begun = block.split(b"\n")
        found: list[bytes | TooLong] = []
        for part in ended:
            self._add(part)
            found.append(self._taken())
        self._add(begun)
        return found

    def rest(self) -> list[bytes | TooLong]:
        """Return what was begun when the last block came: a last line needs no end."""
        return [self._taken()]

    def _add(self, part: bytes) -> None:
        if self._end is None and len(self._held) + len(part) <= self._longest:
            self._held += part
            return
        before = bytes(self._held[-KEPT:]) if self._end is None else self._end
        self._end = (before + part[-KEPT:])[-KEPT:]
        self._held += part[:KEPT]
        del self._held[KEPT:]

    def _taken(self) -> bytes | TooLong:
        line = bytes(self._held)
        found = line if self._end is None else TooLong(line, self._end)
        # A new one: a cleared one would keep the room of the longest line for ever.
        self._held, self._end = bytearray(), None
        return found
