"""Whether a file is what its first bytes say, down to its end: nothing may be hung on behind it.

Reads a few bytes here and there through a function and holds no more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sprinklr_mcp.uploads import kinds
from sprinklr_mcp.uploads.kinds import Kind

Read = Callable[[int, int], bytes]
"""Returns that many bytes from that place on; fewer at the end."""
TAIL = 1024
ARCHIVE_TAIL = 66_000
"""An archive is found from its end: its last record stands within these bytes."""
MOST_STEPS = 200_000
"""Enough for any honest file of the size that may be uploaded."""
PNG_END = b"\0\0\0\0IEND\xaeB`\x82"


def ends_where_it_should(kind: Kind, read: Read, size: int) -> bool:
    """Tell whether the type's own structure fills the file from its beginning to its end."""
    if kind is kinds.PNG:
        return _png(read, size)
    if kind is kinds.GIF:
        return _gif(read, size)
    if kind is kinds.JPEG:
        return read(size - 2, 2) == b"\xff\xd9"
    if kind in kinds.RIFFS:
        told = int.from_bytes(read(4, 4), "little") + 8
        return size in (told, told + told % 2)
    if kind in kinds.BOXED:
        return _boxes(read, size)
    if kind is kinds.PDF:
        return read(max(0, size - TAIL), TAIL).rstrip().endswith(b"%%EOF")
    return True


def is_archive_too(read: Read, size: int) -> bool:
    """Tell whether a program that unpacks archives would find one here."""
    return b"PK\x05\x06" in read(max(0, size - ARCHIVE_TAIL), ARCHIVE_TAIL)


def _png(read: Read, size: int) -> bool:
    """Chunks, of which the last is IEND, empty."""
    place = 8
    for _ in range(MOST_STEPS):
        head = read(place, 8)
        if len(head) < 8:
            return False
        place += 12 + int.from_bytes(head[:4], "big")
        if head[4:] == b"IEND":
            return place == size and read(size - 12, 12) == PNG_END
    return False


def _boxes(read: Read, size: int) -> bool:
    """Boxes, the sizes of which add up to the file's."""
    place = 0
    for _ in range(MOST_STEPS):
        if place == size:
            return True
        head = read(place, 16)
        if len(head) < 8 or not head[4:8].isascii():
            return False
        length = int.from_bytes(head[:4], "big")
        if length == 1 and len(head) == 16:
            length = int.from_bytes(head[8:], "big")
        if length == 0:
            return True
        if length < 8:
            return False
        place += length
    return False


def _gif(read: Read, size: int) -> bool:
    """Extensions and pictures, and a semicolon at the very end."""
    place, steps = 13 + _palette(read(10, 1)), iter(range(MOST_STEPS))
    for _ in steps:
        mark = read(place, 1)
        if mark == b";":
            return place + 1 == size
        if mark == b"!":
            place = _past_blocks(read, place + 2, steps)
        elif mark == b",":
            place = _past_blocks(read, place + 11 + _palette(read(place + 9, 1)), steps)
        else:
            return False
    return False


def _past_blocks(read: Read, place: int, steps: Iterator[int]) -> int:
    """Return the place behind a row of blocks, each told by its length; an empty one ends it."""
    for _ in steps:
        length = read(place, 1)
        place += 1 + (length[0] if length else 0)
        if length in (b"", b"\0"):
            break
    return place


def _palette(flags: bytes) -> int:
    packed = flags[0] if flags else 0
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0
