"""What a peer does instead of answering rightly: one flat record, which a report can show whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

End = Literal["keep", "close", "reset", "silence"]
"""After what was sent: go on, end the connection, end it by a reset, or say nothing more."""
BAD_ENDS: tuple[End, ...] = ("close", "reset", "silence")


@dataclass(frozen=True)
class Script:
    """One fault. Counts are bytes, times are seconds; what is None is as it would rightly be."""

    name: str
    heard: int | None = None
    """How many bytes of the request are taken before the end comes."""
    commit: bool = True
    """Whether a write is carried out, before anything is sent."""
    wait: float = 0.0
    reply: bytes | None = None
    sent: int | None = None
    """How many bytes of the reply are sent before the end comes."""
    drip: float = 0.0
    """Between two bytes of the reply."""
    endless: bytes = b""
    """Sent after the reply, again and again."""
    end: End = "keep"
    away: float = 0.0
    """How long nobody listens, from the end of this answer on."""
    echo: bool = False
    """Whether the reply holds all that came: headers, tokens and body."""
    times: int = 1
    """How many requests it happens to."""

    @property
    def speaks(self) -> bool:
        """Tell whether anything of a reply leaves."""
        return self.heard is None and self.sent != 0 and self.end != "silence"

    def repeated(self, times: int) -> Script:
        return replace(self, times=times)


def http(
    status: int,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    kind: str = "application/json",
    length: int | None = None,
    chunked: bool = False,
) -> bytes:
    """Return an HTTP answer; a `length` is told whether or not it is true."""
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Odd')}", f"Content-Type: {kind}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if chunked:
        lines.append("Transfer-Encoding: chunked")
    elif status not in (204, 304):
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


_REASONS = {200: "OK", 202: "Accepted", 204: "No Content", 400: "Bad Request", 401: "Unauthorized"}
