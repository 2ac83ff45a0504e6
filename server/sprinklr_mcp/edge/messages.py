"""Between a line and a message: every line that is no message gets an answer, none is dropped in silence.

Knows the frame of JSON-RPC and none of its methods.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from typing import Any, cast

import mcp_types as types
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticSerializationError

from sprinklr_mcp.cleaning import SURROGATE
from sprinklr_mcp.decoding import TOO_DEEP, NotJson, made_whole
from sprinklr_mcp.edge.lines import LONGEST, TooLong

MOST_DIGITS = 300
"""No number that anybody means has more; converting millions of digits would take minutes."""
NOTHING = "Nothing was done and nothing was sent."
ONE_MESSAGE = "Send one message at a time as JSON in UTF-8, on stdio as one line."

ID = rb'(-?\d{1,19}|"[^"\\\x00-\x1f]{0,200}")'
OPENING = rb'(?:\xef\xbb\xbf)?\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?'
METHOD_FIRST = re.compile(OPENING + rb'"method"\s*:\s*"[^"\\]*"\s*,\s*')
ID_AFTER_METHOD = re.compile(METHOD_FIRST.pattern + rb'"id"\s*:\s*' + ID + rb"\s*[,}]")
ID_BEFORE_METHOD = re.compile(OPENING + rb'"id"\s*:\s*' + ID + rb'\s*,\s*"method"\s*:')
ID_LAST = re.compile(rb',\s*"id"\s*:\s*' + ID + rb"\s*\}\s*\Z")


class Digits(str):
    """A whole number with more digits than are converted, as they came."""


@dataclass(frozen=True)
class Understood:
    """What a line comes to: a message to hand on, an answer to send back, or both; `size` is in bytes."""

    message: types.JSONRPCMessage | None = None
    answer: types.JSONRPCError | None = None
    size: int = 0


def understood(line: bytes | TooLong) -> Understood | None:
    """Return what a line comes to; None for an empty one."""
    if isinstance(line, TooLong):
        too_long = f"The message is longer than {LONGEST // 1024 // 1024} MiB."
        return _refused(_id_in(line.beginning, line.end), too_long, "Send less in one message.")
    text = line.decode("utf-8", "replace").removeprefix("\ufeff").strip()
    if not text:
        return None
    try:
        value = json.loads(text, parse_int=_integer)
    except RecursionError:
        return _refused(_id_in(line, line), TOO_DEEP, "Send simpler arguments.")
    except ValueError:
        return _refused(None, "The message is not JSON.", ONE_MESSAGE, types.PARSE_ERROR)
    if isinstance(value, list):
        return _refused(None, "A list of messages is not served.", ONE_MESSAGE)
    if not isinstance(value, dict):
        return _refused(None, "This is JSON, but no message.", ONE_MESSAGE)
    return replace(_framed(cast(dict[str, Any], value)), size=len(line))


def encoded(message: types.JSONRPCMessage) -> bytes:
    """Return a message as its line. Half characters, which have no UTF-8, are replaced."""
    try:
        text = message.model_dump_json(by_alias=True, exclude_unset=True)
    except PydanticSerializationError:
        whole = made_whole(message.model_dump(by_alias=True, exclude_unset=True), math.inf)
        text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= MOST_DIGITS else Digits(digits)


def _framed(value: dict[str, Any]) -> Understood:
    number = value.get("id")
    readable = isinstance(number, int) and not isinstance(number, bool)
    if isinstance(number, str) and not isinstance(number, Digits):
        readable = SURROGATE.search(number) is None
    try:
        frame = _frame_of(value, readable)
        return Understood(cast(types.JSONRPCMessage, frame.model_validate(made_whole(value), by_name=False)))
    except NotJson as reason:
        told = str(reason)
    except ValidationError as error:
        wrong = sorted({str(one["loc"][0]) for one in error.errors(include_url=False, include_input=False)})
        told = f"This is JSON, but no JSON-RPC 2.0 message (wrong: {', '.join(wrong)})."
    if "method" in value:
        return _refused(number if readable else None, told, "Correct it and send it again.")
    # An answer to a question of ours has our number: nobody is told of it by theirs.
    answer = _refused(None, told, "Correct it and send it again.").answer
    return Understood(_broken_answer(number) if readable else None, answer)


def _frame_of(value: dict[str, Any], readable: bool) -> type[BaseModel]:
    if "method" in value and "id" not in value:
        return types.JSONRPCNotification
    if not readable:
        raise NotJson("The message has no id that is a text or a whole number.")
    if "method" in value:
        return types.JSONRPCRequest
    if "result" in value:
        return types.JSONRPCResponse
    if "error" in value:
        return types.JSONRPCError
    raise NotJson("The message has no method, no result and no error.")


def _broken_answer(number: Any) -> types.JSONRPCError:
    """Let whoever waits for an answer know that none can be read, instead of letting them wait."""
    told = types.ErrorData(code=types.INVALID_REQUEST, message="The client's answer cannot be read.")
    return types.JSONRPCError(jsonrpc="2.0", id=number, error=told)


def _refused(number: Any, told: str, next: str, code: int = types.INVALID_REQUEST) -> Understood:
    error = types.ErrorData(code=code, message=f"{told} {NOTHING} {next}")
    return Understood(answer=types.JSONRPCError(jsonrpc="2.0", id=number, error=error))


def _id_in(beginning: bytes, end: bytes) -> int | str | None:
    """Return the id of a call whose line cannot be read whole, where it stands at one of the ends."""
    found = ID_AFTER_METHOD.match(beginning) or ID_BEFORE_METHOD.match(beginning)
    if found is None and METHOD_FIRST.match(beginning):
        found = ID_LAST.search(end[-300:])
    return json.loads(found[1].decode("utf-8", "replace")) if found else None
