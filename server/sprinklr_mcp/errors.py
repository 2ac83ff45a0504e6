"""The closed catalogue of what can go wrong, and the words in which a model or a person reads it.

Only texts written in this project stand here or are given to it: never Sprinklr's, never an
exception's. Knows neither MCP nor the actions.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Code(StrEnum):
    """Every kind of fault that a caller can meet."""

    INVALID_REQUEST = "INVALID_REQUEST"
    TOOL_OFF = "TOOL_OFF"
    LOGIN_REQUIRED = "LOGIN_REQUIRED"
    AUTH_BUSY = "AUTH_BUSY"
    CONFIGURATION = "CONFIGURATION"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    CONFIRMATION_REQUIRED = "CONFIRMATION_REQUIRED"
    CONFIRMATION_DECLINED = "CONFIRMATION_DECLINED"
    CONFIRMATION_EXPIRED = "CONFIRMATION_EXPIRED"
    CONFIRMATION_USED = "CONFIRMATION_USED"
    OVER_RATE = "OVER_RATE"
    BUSY = "BUSY"
    PAUSED = "PAUSED"
    UPSTREAM_REFUSED = "UPSTREAM_REFUSED"
    UPSTREAM_BAD_RESPONSE = "UPSTREAM_BAD_RESPONSE"
    UPSTREAM_DOWN = "UPSTREAM_DOWN"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    STORE_UNAVAILABLE = "STORE_UNAVAILABLE"


class Sent(StrEnum):
    """Whether the call's own request reached Sprinklr. The reads that prepare a write do not count."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


SENTENCES = {
    Sent.NO: "Nothing was sent.",
    Sent.YES: "The request reached Sprinklr.",
    Sent.UNKNOWN: "It may have been sent.",
}


ONLY_READ = "Nothing was changed."


def for_a_person(text: str) -> str:
    """Return words that were written for a model as they are said to the person themselves."""
    found = re.sub(r"Ask the person to ([a-z])", lambda match: match[1].upper(), text)
    return found.replace("ask the person to ", "")


class Fault(Exception):
    """What stopped a call: what happened, whether anything was sent, what to do next.

    `note` holds details, such as Sprinklr's own message, cleaned and cut; for the log and a terminal only.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        next: str = "",
        *,
        sent: Sent = Sent.NO,
        operation: str | None = None,
        note: str = "",
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.next = next
        self.sent = sent
        self.operation = operation
        self.note = note
        self.only_read = False
        """Whether requests that change nothing may have been sent: then it is not said that none was."""

    def text(self) -> str:
        """Return the fault on one line, for a model or a person."""
        sentence = ONLY_READ if self.only_read and self.sent is Sent.NO else SENTENCES[self.sent]
        parts = [f"{self.code}: {self.message}", sentence, self.next]
        return " ".join(part for part in parts if part)

    def structured(self) -> dict[str, object]:
        """Return the fault for programs; the same facts as `text`."""
        error = {
            "code": self.code.value,
            "message": self.message,
            "sent": self.sent.value,
            "operation": self.operation,
            "next": self.next,
        }
        return {"error": {name: value for name, value in error.items() if value}}


class StoreUnavailable(Fault):
    """The server's own data cannot be read or written, or is not to be trusted."""

    def __init__(self, message: str, next: str, *, note: str = "") -> None:
        super().__init__(Code.STORE_UNAVAILABLE, message, next, note=note)
