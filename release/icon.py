"""The picture that a client shows beside the server's name: a speech bubble that somebody has agreed to.

Drawn here, so that there is no picture to keep: shapes are distances, and an edge is as soft as a pixel.
"""

from __future__ import annotations

import math
import struct
import zlib

Color = tuple[int, int, int]
Point = tuple[float, float]
GROUND: Color = (10, 91, 196)
PAPER: Color = (255, 255, 255)
TICK = ((0.37, 0.44), (0.47, 0.54), (0.65, 0.35))
TAIL = ((0.33, 0.58), (0.33, 0.80), (0.52, 0.64))


def png(size: int) -> bytes:
    """Return a square picture as a PNG file; `size` is its edge in pixels."""
    rows = (
        b"".join(bytes(_pixel((x + 0.5) / size, (y + 0.5) / size, size)) for x in range(size))
        for y in range(size)
    )
    picture = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", picture) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _pixel(x: float, y: float, size: int) -> tuple[int, int, int, int]:
    """Lay the shapes over one another at a point; coordinates run from 0 to 1."""
    bubble = min(_box(x, y, (0.5, 0.44), (0.31, 0.22), 0.09), _triangle(x, y))
    color = _mixed(GROUND, PAPER, _cover(bubble, size))
    tick = min(_line(x, y, TICK[0], TICK[1]), _line(x, y, TICK[1], TICK[2])) - 0.035
    color = _mixed(color, GROUND, _cover(tick, size))
    return (*color, round(255 * _cover(_box(x, y, (0.5, 0.5), (0.5, 0.5), 0.21), size)))


def _cover(distance: float, size: int) -> float:
    """Say how much of a pixel lies inside a shape whose edge is that far away."""
    return min(1.0, max(0.0, 0.5 - distance * size))


def _mixed(below: Color, above: Color, share: float) -> Color:
    red, green, blue = (round(one + (other - one) * share) for one, other in zip(below, above, strict=True))
    return red, green, blue


def _box(x: float, y: float, middle: Point, half: Point, corner: float) -> float:
    across, down = abs(x - middle[0]) - half[0] + corner, abs(y - middle[1]) - half[1] + corner
    outside = math.hypot(max(across, 0.0), max(down, 0.0))
    return outside + min(max(across, down), 0.0) - corner


def _line(x: float, y: float, begin: Point, end: Point) -> float:
    along = (end[0] - begin[0], end[1] - begin[1])
    length = along[0] ** 2 + along[1] ** 2
    part = ((x - begin[0]) * along[0] + (y - begin[1]) * along[1]) / length
    part = min(1.0, max(0.0, part))
    return math.hypot(x - begin[0] - part * along[0], y - begin[1] - part * along[1])


def _triangle(x: float, y: float) -> float:
    """Negative inside. Only the sign and what is near an edge matter."""
    edges = zip(TAIL, (*TAIL[1:], TAIL[0]), strict=True)
    sides = [
        ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / math.hypot(bx - ax, by - ay)
        for (ax, ay), (bx, by) in edges
    ]
    return max(sides)
