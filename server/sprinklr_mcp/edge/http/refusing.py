"""What a request over HTTP is told that is not served: always JSON, always in words of ours.

The body has the frame of a JSON-RPC error, so that a client shows its message. Knows no tool.
"""

from __future__ import annotations

import json

from mcp_types import INTERNAL_ERROR, INVALID_REQUEST
from starlette.responses import Response

from sprinklr_mcp.edge.messages import NOTHING


class Refused(Exception):
    """Why a request is not served: the status, what happened, and what to do next.

    `closes` tells that the rest of the request is not read, so the connection ends with the answer.
    """

    def __init__(self, status: int, told: str, next: str, *, allow: str = "", closes: bool = False) -> None:
        super().__init__(told)
        self.status = status
        self.told = told
        self.next = next
        self.headers = {"Allow": allow} if allow else {}
        if closes:
            self.headers["Connection"] = "close"

    def body(self) -> bytes:
        """Return it as JSON."""
        code = INTERNAL_ERROR if self.status >= 500 else INVALID_REQUEST
        error = {"code": code, "message": f"{self.told} {NOTHING} {self.next}"}
        return json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode()

    def response(self) -> Response:
        """Return it as an answer."""
        return as_json(self.body(), self.status, self.headers)


def as_json(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return an answer that nothing on the way keeps."""
    kept_by_nobody = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(body, status, {**kept_by_nobody, **(headers or {})}, "application/json")


AGAIN_LATER = "Try again in a moment."


def ending() -> Refused:
    """Return what is said to whoever comes when the end has begun."""
    return Refused(503, "This server is about to end.", "Try again when it runs again.", closes=True)


def too_many_connections() -> Refused:
    """Return what is said to a connection that is not taken."""
    return Refused(503, "As many connections as this server takes are open.", AGAIN_LATER, closes=True)


def not_http() -> Refused:
    """Return what is said to bytes that are no HTTP, or to headers over the limit."""
    return Refused(400, "This is no HTTP request, or its headers are too long.", "Correct it.", closes=True)


def too_slow() -> Refused:
    """Return what is said to whoever does not send a request to its end."""
    return Refused(408, "The request did not come to its end in time.", "Send it again.", closes=True)
