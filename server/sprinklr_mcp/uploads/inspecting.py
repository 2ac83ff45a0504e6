"""Finding out what an opened file is: what it holds decides, not what it is called.

Knows neither its folder's rules nor how it is sent. Blocks; so it runs in a thread.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator

from sprinklr_mcp.uploads import kinds
from sprinklr_mcp.uploads.folders import Place
from sprinklr_mcp.uploads.kinds import Kind
from sprinklr_mcp.uploads.office import is_plain_document
from sprinklr_mcp.uploads.refusing import changed, refused
from sprinklr_mcp.uploads.scanning import Scan
from sprinklr_mcp.uploads.shapes import ends_where_it_should, is_archive_too
from sprinklr_tools.files import FileFacts

BLOCK = 256 * 1024
LARGEST_FILE = 25 * 1024 * 1024
"""Our own limit: Sprinklr publishes none."""


def facts_of(descriptor: int, place: Place) -> FileFacts:
    """Read the whole file once and return what it is.

    Raises `Fault` FORBIDDEN with the reason, or CONFLICT where it changed meanwhile.
    """
    before = version_of(descriptor)
    size = os.fstat(descriptor).st_size
    _check_size(size)
    kind = _kind(descriptor, size, place.parts[-1])
    scan = Scan(kind)
    scan.take(blocks(descriptor, size))
    if scan.complaint:
        raise refused(scan.complaint)
    if scan.size != size or version_of(descriptor) != before:
        raise changed("while it was read")
    return FileFacts(
        path=place.path,
        folder=str(place.folder.named),
        name=place.parts[-1],
        size=size,
        media_type=kind.media_type,
        sha256=scan.sha256,
        version=before,
    )


def version_of(descriptor: int) -> str:
    """Return a text that is other once the file was written, touched or replaced; reading leaves it."""
    found = os.fstat(descriptor)
    told = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def blocks(descriptor: int, size: int) -> Iterator[bytes]:
    """Yield the first `size` bytes, whatever else reads from the descriptor; fewer if there are fewer."""
    place = 0
    while place < size:
        block = os.pread(descriptor, min(BLOCK, size - place), place)
        if not block:
            return
        yield block
        place += len(block)


def _check_size(size: int) -> None:
    if size == 0:
        raise refused("it is empty")
    if size > LARGEST_FILE:
        raise refused(f"it is larger than {LARGEST_FILE // 1024**2} MiB, the limit of this server")


def _kind(descriptor: int, size: int, name: str) -> Kind:
    """Return the type that content and name agree on."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    kind = kinds.kind_of(os.pread(descriptor, kinds.HEAD, 0), ending)
    if kind is None:
        raise refused("its content is of no type that may be uploaded", f"Types are: {kinds.NAMES}.")
    if ending not in kind.endings:
        raise refused(f"its content is {kind.media_type}, which its name does not say")
    if kind in kinds.OFFICE_KINDS:
        if not is_plain_document(kind, descriptor, size):
            raise refused(
                "it is an archive, or an office document that is damaged or holds macros or programs"
            )
    elif not _whole(kind, descriptor, size):
        raise refused("it is damaged, or something is hung on behind its end")
    return kind


def _whole(kind: Kind, descriptor: int, size: int) -> bool:
    def read(place: int, count: int) -> bytes:
        return os.pread(descriptor, count, place) if 0 <= place < size else b""

    return ends_where_it_should(kind, read, size) and not is_archive_too(read, size)
