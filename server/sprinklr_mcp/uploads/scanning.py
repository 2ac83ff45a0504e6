"""One pass over a file's bytes: its hash, and whether anything in it acts. Holds one block at a time."""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterable

from sprinklr_mcp.uploads import kinds
from sprinklr_mcp.uploads.kinds import Kind

OVERLAP = 64
"""Longer than anything looked for, so that nothing hides where two blocks meet."""
ACTIVE = re.compile(
    rb"<script[\s>/]|<!doctype\s+html|<html[\s>]|<iframe[\s>]|<svg\s+xmlns|<\?php\s|javascript:",
    re.IGNORECASE,
)
"""Each mark is long enough not to stand in a large film by chance."""
ACTIVE_IN_PDF = re.compile(rb"/JavaScript\b|/Launch\b|/EmbeddedFiles?\b|/RichMedia\b|/XFA[\s\[<]")
LATE_DOCUMENT = re.compile(rb"%PDF-[12]\.")
"""Programs that show such documents also find one that begins late."""
NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
PROGRAM = re.compile(rb"\s*(?:#!|<|%!PS|@echo\b)", re.IGNORECASE)


class Scan:
    """What is known of a file after all of its blocks have passed."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._hash = hashlib.sha256()
        self._before = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.size = 0
        self.complaint: str | None = None

    @property
    def sha256(self) -> str:
        """The hash of everything that has passed."""
        return self._hash.hexdigest()

    def take(self, blocks: Iterable[bytes]) -> None:
        """Let every block pass, to the end."""
        for block in blocks:
            self._hash.update(block)
            self.complaint = self.complaint or self._complaint(block)
            self._before = (self._before + block)[-OVERLAP:]
            self.size += len(block)
        if self._kind in kinds.TEXTS:
            self.complaint = self.complaint or self._not_text(b"", end=True)

    def _complaint(self, block: bytes) -> str | None:
        seen = self._before + block
        if self._kind in kinds.OFFICE_KINDS:
            return None
        if self._kind in kinds.TEXTS:
            if not self.size and PROGRAM.match(block.removeprefix(codecs.BOM_UTF8)):
                return "it is a page, a drawing or a script"
            if complaint := self._not_text(block):
                return complaint
        if ACTIVE.search(seen):
            return "it holds a page, a drawing or a script"
        if self._kind is kinds.PDF:
            return "it holds scripts or further files" if ACTIVE_IN_PDF.search(seen) else None
        return "it is a document as well" if not self.size and LATE_DOCUMENT.search(block) else None

    def _not_text(self, block: bytes, end: bool = False) -> str | None:
        try:
            self._decoder.decode(block, end)
        except UnicodeDecodeError:
            return "it is no plain text in UTF-8"
        return "it is no plain text in UTF-8" if NO_TEXT.search(block) else None
