"""Answers in Sprinklr's shapes. Knows nothing of requests, data or HTTP servers."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .json_values import JsonValue, write_json

JSON = "application/json"


def no_headers() -> Mapping[str, str]:
    """No header beside those that every answer has."""
    return {}


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=no_headers)

    def with_headers(self, headers: Mapping[str, str]) -> "Answer":
        """The same answer with more headers."""
        return replace(self, headers={**self.headers, **headers})


class Refusal(Exception):
    """Sprinklr says no; carries the answer that says so."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.body.decode(errors='replace')}")
        self.answer = answer


def bare(value: JsonValue, status: int = 200) -> Answer:
    """A JSON answer without an envelope."""
    return Answer(status, write_json(value).encode())


def enveloped(data: JsonValue, status: int = 200) -> Answer:
    """The usual answer of version 2: `{"data": …, "errors": []}`."""
    return bare({"data": data, "errors": []}, status)


def done() -> Answer:
    """204 without a body."""
    return Answer(204)


def application_error(status: int, message: str) -> Answer:
    """The application's error."""
    # Assumption A1: every error of the application has the one body that was ever seen, that of a 401.
    error: JsonValue = {"id": secrets.token_hex(12), "code": status, "message": message}
    return bare({"data": [], "errors": [error]}, status)


def gateway_error(status: int, text: str) -> Answer:
    """A refusal by the gateway in front of the application, which speaks plain text."""
    # Assumption A2: the gateway's refusals are the documented words as plain text.
    return Answer(status, text.encode(), "text/plain; charset=utf-8")


def refused(status: int, message: str) -> Refusal:
    """The application's refusal, to be raised."""
    return Refusal(application_error(status, message))


def turned_away(status: int, text: str) -> Refusal:
    """The gateway's refusal, to be raised."""
    return Refusal(gateway_error(status, text))
