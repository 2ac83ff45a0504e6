"""One way to turn an answer's bytes into JSON that cannot hurt: bounded, finite, whole characters."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from sprinklr_mcp.cleaning import whole_characters
from sprinklr_tools.reading import Json

DEEPEST = 64


class NotJson(Exception):
    """The body is no JSON that we take."""


def decode(body: bytes) -> Json:
    """Return the body's JSON; half characters become U+FFFD. Raises `NotJson`."""
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    return _checked(value, 0)


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is out of range")
    return number


def _checked(value: Any, depth: int) -> Json:
    if depth > DEEPEST:
        raise NotJson
    if isinstance(value, str):
        return whole_characters(value)
    if isinstance(value, list):
        return [_checked(item, depth + 1) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {
            whole_characters(str(name)): _checked(item, depth + 1)  # pyright: ignore[reportUnknownArgumentType]
            for name, item in value.items()  # pyright: ignore[reportUnknownVariableType]
        }
    return value
