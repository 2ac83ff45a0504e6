"""A file to upload, as words: what was found out about it, and what it is called on its way.

Never opens one; the server does, and fills these in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_NAME = 100
"""Of a name as it is sent, in bytes."""
NEUTRAL = "file"
LARGEST_TOGETHER = 100 * 1024 * 1024
"""What several files may have together; our own limit, since Sprinklr publishes none."""


@dataclass(frozen=True)
class FileFacts:
    """What the server found out about one file, from the file itself.

    `version` is other whenever the file was written, touched or replaced.
    """

    path: str
    folder: str
    """The configured folder that the file lies in."""
    name: str
    size: int
    media_type: str
    sha256: str
    version: str


@dataclass(frozen=True)
class SentFile:
    """One file with the name that it is sent under."""

    name: str
    facts: FileFacts


@dataclass(frozen=True)
class Upload:
    """The files that a request carries, as parts of a form that all have the same field name."""

    field: str
    files: tuple[SentFile, ...]

    @property
    def size(self) -> int:
        """How many bytes the files have together."""
        return sum(file.facts.size for file in self.files)


def asset_type(files: Sequence[FileFacts]) -> str:
    """Return Sprinklr's kind of the files; the lower case is what its samples send.

    Several files have one kind together; its own sample sends pictures as `file`.
    """
    kinds = {file.media_type.partition("/")[0] for file in files}
    only = kinds.pop() if len(kinds) == 1 else ""
    return only if only in ("image", "video") else "file"


def safe_name(name: str) -> str:
    """Return a name of letters, digits, dots, dashes and underscores, which means nothing anywhere."""
    stem, dot, ending = name.rpartition(".")
    ending = (dot + _plain(ending)).lower()
    plain = _plain(stem)[: LONGEST_NAME - len(ending)].strip("-.") or NEUTRAL
    return plain + ending


def sent_files(files: Sequence[FileFacts]) -> tuple[SentFile, ...]:
    """Give each file a name of its own, so that the answer tells which is which."""
    found: dict[str, SentFile] = {}
    for file in files:
        name = first = safe_name(file.name)
        count = 1
        while name.lower() in found:
            count += 1
            name = _numbered(first, count)
        found[name.lower()] = SentFile(name, file)
    return tuple(found.values())


def _numbered(name: str, count: int) -> str:
    stem, _, ending = name.rpartition(".")
    tail = f"-{count}.{ending}"
    return stem[: LONGEST_NAME - len(tail)] + tail


def _plain(text: str) -> str:
    """Take letters without their accents; whatever else is no ASCII letter becomes a dash."""
    letters = unicodedata.normalize("NFKD", text)
    letters = "".join(one for one in letters if not unicodedata.combining(one))
    return re.sub(r"\.{2,}", ".", re.sub(r"[^A-Za-z0-9._-]+", "-", letters)).strip("-.")
