"""Width and height of pictures, read from their first bytes. Knows PNG, GIF and JPEG."""

from collections.abc import Iterator

PNG, GIF, JPEG = b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a"), b"\xff\xd8"
# Markers that start a frame and so carry the size; C4, C8 and CC of that range are something else.
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height; None if the file is no such picture, or broken."""
    if content.startswith(PNG) and len(content) >= 24:
        return number(content[16:20]), number(content[20:24])
    if content.startswith(GIF) and len(content) >= 10:
        return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    if content.startswith(JPEG):
        frames = (segment for marker, segment in jpeg_segments(content) if marker in FRAMES)
        frame = next(frames, b"")
        return (number(frame[3:5]), number(frame[1:3])) if len(frame) >= 5 else None
    return None


def jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG: their markers and what is in them."""
    position = 2
    while position + 4 <= len(content) and content[position] == 0xFF:
        length = number(content[position + 2 : position + 4])
        yield content[position + 1], content[position + 4 : position + 2 + length]
        position += 2 + max(2, length)


def number(content: bytes) -> int:
    """A number as PNG and JPEG write it."""
    return int.from_bytes(content, "big")
