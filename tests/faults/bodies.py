"""Bodies that are no answer, or one that must be read with care."""

from __future__ import annotations

import gzip
import json
import zlib

GOOD = json.dumps({"data": [{"id": "a", "note": "x" * 200}], "errors": []}).encode()
DEEP = b"[" * 10_000 + b"]" * 10_000
BOMB = gzip.compress(b"[" + b" " * 64_000_000 + b"]", 9)
"""64 MB of spaces in about 60 kB."""

UNREADABLE: dict[str, bytes] = {
    "html": b"<html><body><h1>It works!</h1></body></html>",
    "nothing": b"",
    "cut short": GOOD[:40],
    "a number": b"17",
    "a text": b'"fine"',
    "null": b"null",
    "an empty list": b"[]",
    "an empty object": b"{}",
    "data of another kind": b'{"data": 5}',
    "data of nulls": b'{"data": [null, null]}',
    "not a number": b'{"data": [{"version": NaN}]}',
    "beyond all numbers": b'{"data": [{"version": 1e999}]}',
    "digits without end": b'{"data": [{"version": ' + b"9" * 6000 + b"}]}",
    "deep": DEEP,
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "half a character": b'{"data": [{"caseNumber": "\\ud83d", "subject": "\\udc00"}]}',
    "UTF-16": GOOD.decode().encode("utf-16"),
    "not UTF-8": b'{"data": "\xff\xfe\x80"}',
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "keys twice": b'{"data": [], "data": {"id": "b"}, "errors": []}',
    "control characters": b'{"data": "\x00\x01\x1b[2J"}',
    "two answers": GOOD + GOOD,
}
"""By what is wrong with each. None is gzip."""

COMPRESSED: dict[str, tuple[str, bytes]] = {
    "bomb": ("gzip", BOMB),
    "gzip cut short": ("gzip", gzip.compress(GOOD)[:-12]),
    "no gzip": ("gzip", b"this is no gzip"),
    "deflate cut short": ("deflate", zlib.compress(GOOD)[:-6]),
    "unknown compression": ("zstd-of-the-future", GOOD),
}
"""By what is wrong: the name of the compression and the bytes."""


def in_chunks(body: bytes, size: int = 7, *, ended: bool = True) -> bytes:
    """Return a body in the chunked coding; without its last chunk unless it is `ended`."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    coded = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts)
    return coded + (b"0\r\n\r\n" if ended else b"")
