"""Files of every type that may be uploaded, and of many that may not; small and whole."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib

MAIN_PARTS = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(filling: bytes = b"") -> bytes:
    """A picture of one dot; `filling` makes it another file, of any size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    note = chunk(b"tEXt", b"Comment\0" + filling) if filling else b""
    data = chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + note + data + chunk(b"IEND", b"")


def riff(form: bytes) -> bytes:
    content = form + b"data" + struct.pack("<I", 4) + b"\0\0\0\0"
    return b"RIFF" + struct.pack("<I", len(content)) + content


def boxes(brand: bytes) -> bytes:
    first = b"ftyp" + brand + b"\0\0\2\0" + brand
    return struct.pack(">I", len(first) + 4) + first + struct.pack(">I", 12) + b"mdat" + b"\0\0\0\0"


def office(ending: str, more: dict[str, bytes] | None = None, macros: bool = False) -> bytes:
    main, kind = MAIN_PARTS[ending]
    types = [f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"]
    types += ["application/vnd.ms-word.document.macroEnabled.main+xml"] if macros else []
    told = "".join(f'<Override ContentType="{one}"/>' for one in types)
    return archive({"[Content_Types].xml": f"<Types>{told}</Types>".encode(), main: b"<x/>", **(more or {})})


def archive(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return written.getvalue()


def doubled(content: bytes) -> bytes:
    """A document that holds one of its parts a second time."""
    written = io.BytesIO(content)
    with zipfile.ZipFile(written, "a") as made, warnings.catch_warnings(action="ignore"):
        made.writestr("word/document.xml", b"<y/>")
    return written.getvalue()


ALLOWED = {
    "a.png": (png(), "image/png"),
    "a.JPG": (JPEG, "image/jpeg"),
    "a.jpeg": (JPEG, "image/jpeg"),
    "a.gif": (GIF, "image/gif"),
    "a.webp": (riff(b"WEBP"), "image/webp"),
    "a.wav": (riff(b"WAVE"), "audio/wav"),
    "a.mp4": (boxes(b"isom"), "video/mp4"),
    "a.mov": (boxes(b"qt  "), "video/quicktime"),
    "a.m4a": (boxes(b"M4A "), "audio/mp4"),
    "a.webm": (b"\x1aE\xdf\xa3\x42\x82\x84webm" + b"\0" * 40, "video/webm"),
    "a.mp3": (b"ID3\x04\0\0\0\0\0\0" + b"\xff\xfb\x90\0" * 20, "audio/mpeg"),
    "a.ogg": (b"OggS\0\2" + b"\0" * 40, "audio/ogg"),
    "a.pdf": (PDF, "application/pdf"),
    "a.docx": (office("docx"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "a.xlsx": (office("xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "a.pptx": (office("pptx"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "a.txt": ("Grüße, 1 < 2 & 3 > 2 🚲\n".encode(), "text/plain"),
    "a.csv": (b"\xef\xbb\xbfcase;status\r\n96832;New\r\n", "text/csv"),
}
REFUSED = {
    "html.png": HTML,
    "html.txt": HTML,
    "late-html.txt": b"hello\n" * 10 + HTML,
    "page.html": HTML,
    "drawing.svg": SVG,
    "svg.png": SVG,
    "svg.txt": SVG,
    "script.txt": b"#!/bin/sh\nrm -rf /\n",
    "php.csv": b"a;b\n<?php system($_GET[0]); ?>\n",
    "program.exe": b"MZ\x90\0" + b"\0" * 100,
    "program.png": b"MZ\x90\0" + b"\0" * 100,
    "program.txt": b"\x7fELF\x02\x01\x01" + b"\0" * 100,
    "binary.csv": b"a;b\n\x00\x01\n",
    "latin.txt": "Grüße".encode("latin-1"),
    "cut.txt": "Grüße 🚲".encode()[:-1],
    "archive.zip": archive({"a.txt": b"a"}),
    "archive.docx": archive({"a.txt": b"a"}),
    "sheet.docx": office("xlsx"),
    "macros.docx": office("docx", macros=True),
    "macro-part.docx": office("docx", {"word/vbaProject.bin": b"x"}),
    "program-inside.xlsx": office("xlsx", {"xl/embeddings/setup.EXE": b"MZ"}),
    "doubled.docx": doubled(office("docx")),
    "listless.docx": office("docx")[:-10] + b"\xff\xff\xff\xff" + office("docx")[-6:],
    "commented.docx": office("docx")[:-2] + b"\4\0abcd",
    "prefixed.docx": b"PK\x03\x04junk" + office("docx"),
    "png-called.jpg": png(),
    "png-without-ending": png(),
    "png-and-zip.png": png() + archive({"a.txt": b"a"}),
    "png-and-html.png": png() + HTML,
    "html-in-png.png": png(HTML),
    "cut-off.png": png()[:-3],
    "jpeg-and-zip.jpg": JPEG + archive({"a.txt": b"a"}) + b"\xff\xd9",
    "jpeg-and-more.jpg": JPEG + b"more",
    "jpeg-and-pdf.jpg": JPEG[:-2] + PDF + b"\xff\xd9",
    "gif-and-script.gif": GIF + b"/*=1;alert(1)//",
    "gif-script.gif": b"GIF89a/*\0\0\0*/=1;alert(1);",
    "wav-and-more.wav": riff(b"WAVE") + b"more",
    "film-and-more.mp4": boxes(b"isom") + b"more",
    "film-and-html.webm": b"\x1aE\xdf\xa3\x42\x82\x84webm" + b"\0" * 40 + HTML,
    "matroska.webm": b"\x1aE\xdf\xa3\x42\x82\x88matroska" + b"\0" * 40,
    "music-and-zip.mp3": b"ID3\x04\0\0\0\0\0\0" + archive({"a.txt": b"a"}),
    "script.pdf": PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
    "launching.pdf": PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S /Launch /F(a.exe)>>"),
    "pdf-and-more.pdf": PDF + b"more",
    "heic.mp4": boxes(b"heic"),
    "empty.txt": b"",
    "empty.png": b"",
}
