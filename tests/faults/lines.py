"""What a broken client may write to stdin: each a line, or several, that is no good message."""

from __future__ import annotations

import json
import random
from typing import Any

READ = {"name": "sprinklr_get_case_by_number", "arguments": {"case_number": "700000000"}}


def _message(**members: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **members}).encode()


def _call(number: Any, **arguments: Any) -> bytes:
    params = {**READ, "arguments": {**READ["arguments"], **arguments}}  # type: ignore[dict-item]
    return _message(id=number, method="tools/call", params=params)


BROKEN: dict[str, bytes] = {
    "words": b"hello there",
    "an open brace": b"{",
    "half a message": _call("x1")[:50],
    "nothing": b"",
    "blanks": b"   \t ",
    "NUL": b"\x00" * 40,
    "not UTF-8": b'{"jsonrpc": "2.0", "id": "\xff\xfe", "method": "ping"}',
    "a byte order mark": b"\xef\xbb\xbf" + _message(id="x2", method="ping"),
    "UTF-16": json.dumps({"jsonrpc": "2.0"}).encode("utf-16"),
    "a list": b"[]",
    "a list of numbers": b"[1, 2, 3]",
    "a list of calls": b"[" + _call("x3") + b"," + _call("x4") + b"]",
    "a number": b"7",
    "null": b"null",
    "a text": b'"tools/call"',
    "deep": b"[" * 20_000,
    "deep objects": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "digits without end": b'{"jsonrpc": "2.0", "id": ' + b"9" * 6000 + b', "method": "ping"}',
    "another version": b'{"jsonrpc": "1.0", "id": "x5", "method": "ping"}',
    "no version": b'{"id": "x6", "method": "ping"}',
    "no method": _message(id="x7"),
    "a method that is a number": _message(id="x8", method=5),
    "an unknown method": _message(id="x9", method="tools/destroy"),
    "an id of null": _message(id=None, method="ping"),
    "an id that is a list": _message(id=[1], method="ping"),
    "an id that is a fraction": _message(id=1.5, method="ping"),
    "parameters that are a list": _message(id="x10", method="tools/call", params=[1]),
    "a name that is a number": _message(id="x11", method="tools/call", params={"name": 5, "arguments": {}}),
    "a name that is not there": _message(id="x12", method="tools/call", params={"arguments": {}}),
    "arguments that are a text": _message(id="x13", method="tools/call", params={**READ, "arguments": "a"}),
    "an unknown tool": _message(id="x14", method="tools/call", params={"name": "rm -rf", "arguments": {}}),
    "an unknown argument": _call("x15", force=True),
    "half a character": b'{"jsonrpc": "2.0", "id": "x16", "method": "ping", "params": {"a": "\\ud800"}}',
    "half a character as id": b'{"jsonrpc": "2.0", "id": "\\ud800", "method": "ping"}',
    "not a number": b'{"jsonrpc": "2.0", "id": NaN, "method": "ping"}',
    "an answer nobody waits for": _message(id=987654, result={}),
    "an error nobody waits for": _message(id=987655, error={"code": 1, "message": "no"}),
    "a cancellation of nothing": _message(method="notifications/cancelled", params={"requestId": 987656}),
    "a cancellation without an id": _message(method="notifications/cancelled", params={}),
    "an unknown notification": _message(method="notifications/rumour", params={"a": 1}),
    "a long text": _call("x17", detail="a" * 100_000),
    "longer than any message": _call("x21", detail="a" * 5_000_000),
    "keys twice": b'{"jsonrpc": "2.0", "id": "x18", "id": "x19", "method": "ping", "method": "tools/list"}',
    "a second greeting": _message(id="x20", method="initialize", params={"protocolVersion": 5}),
}
"""By what is wrong with each."""

SILENT = {"nothing", "blanks", "a cancellation of nothing", "a cancellation without an id"}
"""Lines after which silence is right, as it is after other notifications and after answers."""
OWED_AN_ANSWER = frozenset(
    name for name in BROKEN if name not in SILENT and not name.endswith(("waits for", "notification"))
)


def broken_lines(dice: random.Random) -> tuple[str, bytes]:
    """Return a name and bytes, which end with a line's end; now and then somewhat mutated."""
    name = dice.choice(sorted(BROKEN))
    line = bytearray(BROKEN[name])
    if line and dice.random() < 0.3:
        for _ in range(dice.randrange(1, 6)):
            # No line end: one would only make two lines of it.
            line[dice.randrange(len(line))] = dice.choice(b'{}[]",:0aZ\\\x00\x7f\xff')
        name += ", mutated"
    return name, bytes(line) + dice.choice([b"\n", b"\r\n"])
