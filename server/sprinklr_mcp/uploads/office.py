"""Whether a zip archive is a plain office document: no macros, no programs, nothing before or behind it."""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib

from sprinklr_mcp.uploads import kinds
from sprinklr_mcp.uploads.kinds import Kind

MAIN_PART = {
    kinds.DOCX: ("word/document.xml", b"wordprocessingml.document.main+xml"),
    kinds.XLSX: ("xl/workbook.xml", b"spreadsheetml.sheet.main+xml"),
    kinds.PPTX: ("ppt/presentation.xml", b"presentationml.presentation.main+xml"),
}
CONTENTS = "[Content_Types].xml"
ACTIVE = re.compile(
    r"vbaproject|activex|macro|oleobject|\.(?:exe|dll|com|scr|msi|jar|js|jse|vbs|vbe|wsf|hta|ps1|bat|cmd|sh|lnk|"
    r"html?|xhtml|php|zip|7z|rar|iso)$",
    re.IGNORECASE,
)
MOST_PARTS = 5_000
LARGEST_CONTENTS = 1024 * 1024
END_RECORD, LOCATOR = 22, 20
"""Bytes of an archive's last record when nothing is hung on, and of what stands before it in huge ones."""
LARGEST_LIST = 1024 * 1024


def is_plain_document(kind: Kind, descriptor: int, size: int) -> bool:
    """Tell whether the archive is a document of that kind and holds nothing that acts."""
    if not _ends_as_one(descriptor, size):
        return False
    try:
        with os.fdopen(os.dup(descriptor), "rb") as file, zipfile.ZipFile(file) as archive:
            return _is_plain(kind, archive)
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, RuntimeError, EOFError, OSError):
        return False


def _ends_as_one(descriptor: int, size: int) -> bool:
    """Tell whether the file ends with an archive's last record, and the list of parts is of a fair size.

    Looked at first: reading a list of a million parts takes the memory of a million parts.
    """
    end = os.pread(descriptor, END_RECORD, max(0, size - END_RECORD))
    before = os.pread(descriptor, LOCATOR, max(0, size - END_RECORD - LOCATOR))
    if not end.startswith(b"PK\x05\x06") or not end.endswith(b"\0\0") or before.startswith(b"PK\x06\x07"):
        return False
    return int.from_bytes(end[12:16], "little") <= LARGEST_LIST


def _is_plain(kind: Kind, archive: zipfile.ZipFile) -> bool:
    listed = archive.infolist()
    names = {one.filename for one in listed}
    main, main_type = MAIN_PART[kind]
    if len(names) != len(listed) or len(names) > MOST_PARTS or not {main, CONTENTS} <= names:
        return False
    if any(ACTIVE.search(name) for name in names) or not all(_is_readable(one) for one in listed):
        return False
    if min(one.header_offset for one in listed) != 0:
        return False
    with archive.open(CONTENTS) as told:
        contents = told.read(LARGEST_CONTENTS + 1)
    return len(contents) <= LARGEST_CONTENTS and main_type in contents and b"macroEnabled" not in contents


def _is_readable(part: zipfile.ZipInfo) -> bool:
    encrypted = bool(part.flag_bits & 1)
    return not encrypted and part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
