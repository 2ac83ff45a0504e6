"""One way to make JSON that came from outside harmless: bounded, finite, whole characters."""

from __future__ import annotations

import json
import math
from typing import Any, cast

from sprinklr_mcp.cleaning import whole_characters
from sprinklr_tools.reading import Json

DEEPEST = 64
TOO_DEEP = f"The message is nested more than {DEEPEST} deep."


class NotJson(Exception):
    """It is no JSON, or holds what none of ours may; the text says what, where it was readable."""


def decode(body: bytes) -> Json:
    """Return the body's JSON; half characters become U+FFFD. Raises `NotJson`."""
    try:
        value = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    return made_whole(value)


def made_whole(value: Any, deepest: float = DEEPEST) -> Any:
    """Return a JSON value with whole characters.

    Raises `NotJson` for numbers that are not finite, and for more levels than `deepest`.
    """
    if isinstance(value, str):
        return whole_characters(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise NotJson("A number in it is NaN or out of range.")
    if not isinstance(value, dict | list):
        return value
    if deepest <= 0:
        raise NotJson(TOO_DEEP)
    if isinstance(value, dict):
        members = cast(dict[str, Any], value)
        return {whole_characters(name): made_whole(item, deepest - 1) for name, item in members.items()}
    return [made_whole(item, deepest - 1) for item in cast(list[Any], value)]
