"""The parts of a form with files. Knows no Sprinklr."""

import hashlib
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from .json_values import JsonObject

MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class Part:
    """One field of a form."""

    name: str
    file_name: str
    content_type: str
    content: bytes

    @property
    def described(self) -> JsonObject:
        """The part without its content."""
        return {
            "file_name": self.file_name,
            "content_type": self.content_type,
            "size": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }


def read_parts(content_type: str, body: bytes) -> list[Part]:
    """Read the parts of a body; none if it is no such form."""
    boundary = parse_head(f"Content-Type: {content_type}".encode("latin-1", "replace")).get_boundary()
    if not boundary:
        return []
    # The e-mail parser would go through a file line by line, so it gets to see the heads alone.
    chunks = (b"\r\n" + body).split(f"\r\n--{boundary}".encode())
    return [read_part(chunk) for chunk in chunks[1:] if chunk.startswith(b"\r\n")]


def read_part(chunk: bytes) -> Part:
    """Read what stands between two boundaries."""
    head, _, content = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    message = parse_head(head)
    return Part(
        name=str(message.get_param("name", "", "content-disposition")),
        file_name=message.get_filename() or "",
        content_type=message.get_content_type(),
        content=content,
    )


def parse_head(head: bytes) -> EmailMessage:
    """Read header lines."""
    return BytesParser(policy=policy.HTTP).parsebytes(head + b"\r\n\r\n", headersonly=True)
