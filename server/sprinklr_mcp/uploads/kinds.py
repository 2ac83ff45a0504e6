"""Which types of file may be uploaded, told by their first bytes and not by their names.

What is not in this list is refused: pages, drawings with scripts, programs and archives among it.
"""

from __future__ import annotations

from dataclasses import dataclass

HEAD = 4096
"""How many bytes tell the type."""
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Kind:
    """One type of file and the endings that agree with it."""

    media_type: str
    endings: tuple[str, ...]


PNG = Kind("image/png", ("png",))
JPEG = Kind("image/jpeg", ("jpg", "jpeg"))
GIF = Kind("image/gif", ("gif",))
WEBP = Kind("image/webp", ("webp",))
MP4 = Kind("video/mp4", ("mp4", "m4v"))
MOV = Kind("video/quicktime", ("mov",))
WEBM = Kind("video/webm", ("webm",))
MP3 = Kind("audio/mpeg", ("mp3",))
M4A = Kind("audio/mp4", ("m4a",))
OGG = Kind("audio/ogg", ("ogg", "oga", "opus"))
WAV = Kind("audio/wav", ("wav",))
PDF = Kind("application/pdf", ("pdf",))
DOCX = Kind(OFFICE + "wordprocessingml.document", ("docx",))
XLSX = Kind(OFFICE + "spreadsheetml.sheet", ("xlsx",))
PPTX = Kind(OFFICE + "presentationml.presentation", ("pptx",))
TEXT = Kind("text/plain", ("txt",))
CSV = Kind("text/csv", ("csv",))

OFFICE_KINDS = (DOCX, XLSX, PPTX)
TEXTS = (TEXT, CSV)
BOXED = (MP4, MOV, M4A)
RIFFS = (WEBP, WAV)
PREFIXES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"OggS\x00", OGG),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"\xff\xf2", MP3),
)
NAMES = "png, jpeg, gif, webp, mp4, mov, webm, mp3, m4a, ogg, wav, pdf, docx, xlsx, pptx, txt, csv"


def kind_of(head: bytes, ending: str) -> Kind | None:
    """Return the type that the first bytes tell; the ending decides only where several types share them."""
    for prefix, kind in PREFIXES:
        if head.startswith(prefix):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _boxed(head[8:12])
    if head[:4] == b"\x1aE\xdf\xa3":
        return WEBM if b"webm" in head[:64] else None
    if head[:4] == b"PK\x03\x04":
        return next((kind for kind in OFFICE_KINDS if ending in kind.endings), None)
    # Text has no first bytes of its own: the whole of it is read before it counts as such.
    return next((kind for kind in TEXTS if ending in kind.endings), None)


def _boxed(brand: bytes) -> Kind | None:
    if brand == b"qt  ":
        return MOV
    if brand in (b"M4A ", b"M4B "):
        return M4A
    return MP4 if brand.startswith((b"iso", b"mp4", b"avc", b"M4V", b"MSN", b"dash")) else None
