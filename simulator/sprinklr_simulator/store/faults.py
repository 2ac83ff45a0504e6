"""The faults that tests have asked for, and which request gets which. Knows no way of carrying one out."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from ..json_values import JsonObject, JsonValue, integer_of, object_of, parse_json, text_of, write_json
from .database import Transaction
from .rows import read_row

KINDS = ("delay", "status", "answer", "truncate", "drop_before", "drop_after")
KINDS_WITH_ANSWER = ("status", "answer")


class FaultError(Exception):
    """What was asked for is no fault; the text says why."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong."""

    kind: str
    match: str
    commits: bool
    """Whether the call is carried out all the same."""
    seconds: float
    status: int
    body: bytes | None
    content_type: str
    headers: Mapping[str, str]

    def fits(self, method: str, path: str) -> bool:
        """Whether a request is meant: `*`, part of the path, or `METHOD /end-of-path`."""
        wanted, _, suffix = self.match.partition(" ")
        if suffix:
            return wanted.upper() == method and path.endswith(suffix.strip())
        return self.match == "*" or self.match in path


class Faults:
    """The faults of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection

    def add(self, asked: JsonObject) -> None:
        """Take a fault in; a FaultError says what is wrong with it."""
        read_fault(asked)
        times = integer_of(asked.get("times", 1))
        if times < 1:
            raise FaultError("'times' is a whole number from 1.")
        # Escaped, so that a body that is no Unicode gets through.
        self._connection.execute(
            "INSERT INTO faults (times, entry) VALUES (?, ?)", (times, json.dumps(asked))
        )

    def take(self, method: str, path: str) -> Fault | None:
        """The oldest fault that is meant for this request, used once by taking it."""
        rows = self._connection.execute("SELECT entry, number FROM faults WHERE times > 0 ORDER BY number")
        for row in rows.fetchall():
            fault = read_fault(read_row(row))
            if fault.fits(method, path):
                self._connection.execute("UPDATE faults SET times = times - 1 WHERE number = ?", (row[1],))
                return fault
        return None

    def clear(self) -> list[JsonValue]:
        """Forget all faults; returns what those fit that no request ever met."""
        rows = self._connection.execute("SELECT entry, times FROM faults ORDER BY number").fetchall()
        self._connection.execute("DELETE FROM faults")
        asked = [(read_row(row), row[1]) for row in rows]
        return [entry.get("match") for entry, left in asked if left == entry.get("times", 1)]


def read_fault(asked: JsonObject) -> Fault:
    """Read a fault as it was asked for."""
    kind, match = text_of(asked.get("kind")), text_of(asked.get("match"))
    if kind not in KINDS:
        raise FaultError(f"'kind' is one of {', '.join(KINDS)}.")
    if not match:
        raise FaultError("'match' is 'METHOD /end-of-path', a part of the path, or '*'.")
    status = integer_of(asked.get("status", 200 if kind == "answer" else 500))
    if not 200 <= status <= 599:
        raise FaultError("'status' is a number from 200 to 599.")
    headers = object_of(asked.get("headers"))
    return Fault(
        kind=kind,
        match=match,
        commits=asked.get("commit") is True if kind in KINDS_WITH_ANSWER else kind != "drop_before",
        seconds=read_seconds(asked),
        status=status,
        body=read_body(asked),
        content_type=text_of(asked.get("content_type", "application/json")),
        headers={name: text_of(value) for name, value in headers.items()},
    )


def read_seconds(asked: JsonObject) -> float:
    """How long a delay is."""
    seconds = asked.get("seconds", 1)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise FaultError("'seconds' is a number from 0.")
    return float(seconds)


def read_body(asked: JsonObject) -> bytes | None:
    """The body, given as text, as any other JSON value, or as bytes in `body_base64`."""
    if "body_base64" in asked:
        try:
            return base64.b64decode(text_of(asked["body_base64"]), validate=True)
        except binascii.Error as error:
            raise FaultError("'body_base64' is not base64.") from error
    body = asked.get("body")
    if body is None:
        return None
    # A lone surrogate can stand in a JSON text; on the wire it is what a broken server would send.
    text = body if isinstance(body, str) else write_json(body)
    return text.encode("utf-8", "surrogatepass")


def parse_fault(text: bytes) -> JsonObject:
    """Read the body of a control request."""
    try:
        value = parse_json(text)
    except ValueError as error:
        raise FaultError("The body is no JSON.") from error
    return cast(JsonObject, value) if isinstance(value, dict) else {}
