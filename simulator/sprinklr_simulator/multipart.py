"""The parts of a form with files, read by the standard library's e-mail parser. Knows no Sprinklr."""

import hashlib
from dataclasses import dataclass
from email import policy
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
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    parts: list[Part] = []
    for part in message.iter_parts() if message.is_multipart() else ():
        content = part.get_payload(decode=True)
        parts.append(
            Part(
                name=str(part.get_param("name", "", "content-disposition")),
                file_name=part.get_filename() or "",
                content_type=part.get_content_type(),
                content=content if isinstance(content, bytes) else b"",
            )
        )
    return parts
