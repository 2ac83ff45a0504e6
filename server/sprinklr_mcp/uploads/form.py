"""A form with files, as the bytes that are sent: framed here, read block by block, never held whole.

The last block of a file leaves only when the hash of all of them is the one that was agreed to; so a file
that changes on its way never arrives. Knows neither HTTP nor the folders.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

import anyio.to_thread

from sprinklr_mcp.errors import Code, Fault, Sent
from sprinklr_mcp.uploads.inspecting import BLOCK, version_of
from sprinklr_tools.files import SentFile

Progress = Callable[[int, int], Awaitable[None]]
"""Is told how many bytes are sent, and of how many."""
BETWEEN_REPORTS = 1.0
SLOWEST = 128 * 1024
"""Bytes a second that a connection must carry at least."""
LONGEST_UPLOAD = 600.0
"""Seconds, beside what every request may take."""
CHANGED = "changed during upload: what was sent is what the person agreed to, and the file is another now"


@dataclass(frozen=True)
class OpenFile:
    """A file to send, and the descriptor that it is read from."""

    file: SentFile
    descriptor: int


class Form:
    """The parts of one request; its bytes can be asked for again by each attempt."""

    def __init__(self, field: str, files: tuple[OpenFile, ...], progress: Progress | None) -> None:
        self._files = files
        self._boundary = secrets.token_hex(16)
        self._heads = [self._head(field, one.file) for one in files]
        self._end = f"--{self._boundary}--\r\n".encode()
        self._progress = progress
        self._total = sum(one.file.facts.size for one in files)
        self._told, self._told_at = 0, 0.0

    @property
    def content_type(self) -> str:
        """The header that says where the parts begin."""
        return f"multipart/form-data; boundary={self._boundary}"

    @property
    def length(self) -> int:
        """How many bytes will be sent, to the last one."""
        return self._total + sum(len(head) + 2 for head in self._heads) + len(self._end)

    @property
    def patience(self) -> float:
        """How many seconds more than another request this one may take."""
        return min(LONGEST_UPLOAD, self.length / SLOWEST)

    @property
    def note(self) -> str | None:
        """What is to be said about the files after they were sent."""
        same = all(version_of(one.descriptor) == one.file.facts.version for one in self._files)
        return None if same else CHANGED

    async def content(self) -> AsyncGenerator[bytes]:
        """Yield every byte of the form. Raises `Fault` OUTCOME_UNKNOWN where a file changes meanwhile."""
        sent = 0
        for head, one in zip(self._heads, self._files, strict=True):
            yield head
            place, digest = 0, hashlib.sha256()
            while place < one.file.facts.size:
                block = await _block(one, place)
                digest.update(block)
                place += len(block)
                _check(one.file, block, place, digest.hexdigest)
                yield block
                sent += len(block)
                await self._report(sent)
            yield b"\r\n"
        yield self._end

    def _head(self, field: str, file: SentFile) -> bytes:
        # Neither name can hold a quote or a line end: one is ours, the other has a grammar.
        return (
            f"--{self._boundary}\r\n"
            f'Content-Disposition: form-data; name="{field}"; filename="{file.name}"\r\n'
            f"Content-Type: {file.facts.media_type}\r\n\r\n"
        ).encode("ascii")

    async def _report(self, sent: int) -> None:
        """Tell now and then, and at the end; never a smaller number, though an attempt begins anew."""
        now = time.monotonic()
        due = sent == self._total or now - self._told_at >= BETWEEN_REPORTS
        if self._progress is not None and sent > self._told and due:
            self._told, self._told_at = sent, now
            await self._progress(sent, self._total)


async def _block(one: OpenFile, place: int) -> bytes:
    count = min(BLOCK, one.file.facts.size - place)
    return await anyio.to_thread.run_sync(os.pread, one.descriptor, count, place)


def _check(file: SentFile, block: bytes, place: int, digest: Callable[[], str]) -> None:
    """Let a block pass unless it ends the file too early, or as another one than was agreed to."""
    if not block or (place == file.facts.size and digest() != file.facts.sha256):
        raise Fault(
            Code.OUTCOME_UNKNOWN,
            f"{file.name} changed during upload, and the request was broken off before its end.",
            "Ask the person to look in Sprinklr; then call again to be asked about the file as it is.",
            sent=Sent.UNKNOWN,
        )
