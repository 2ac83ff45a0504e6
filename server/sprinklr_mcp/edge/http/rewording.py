"""Refusals of the SDK's own, which know nothing of this server, put into words of ours.

Only those that the SDK alone can give: about sessions. What concerns one message keeps its words, since
the protocol lays down what they hold.
"""

from __future__ import annotations

from starlette.types import Message, Send

from sprinklr_mcp.edge.http.refusing import AGAIN_LATER, Refused

WORDS = {
    404: Refused(404, "This session is over, or there never was one.", "Begin a new one with `initialize`."),
    409: Refused(409, "This session listens already, on another connection.", "Listen on one alone."),
    503: Refused(503, "As many sessions as this server takes are open.", AGAIN_LATER),
}


class Reworded:
    """Sends an answer on; one with a status of `WORDS` is replaced."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._refused: Refused | None = None

    async def send(self, message: Message) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start":
            self._refused = WORDS.get(message["status"])
        if self._refused is None:
            await self._send(message)
        elif message["type"] == "http.response.body" and not message.get("more_body", False):
            response = self._refused.response()
            headers = response.raw_headers
            await self._send(
                {"type": "http.response.start", "status": response.status_code, "headers": headers}
            )
            await self._send({"type": "http.response.body", "body": bytes(response.body)})
