"""What an answer costs a model, beside the JSON that Sprinklr sent for it.

Each call goes through the server over stdio. Afterwards the very requests that reached the simulator are made
once more, past the server, for the raw JSON. Counted are the text and the structured form: some clients give
the model only one of them.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from counting import compact, tokens
from reading_calls import CALLS, LONG_CASE
from rig import Rig, rig

NEW_EACH_TIME = {
    re.compile(r"\[[0-9]{20}\]"): "[01234567890123456789]",
    re.compile(r'"cursor":"[^"]+"'): '"cursor":"0123456789abcdef01234567"',
}
"""Boundaries and cursors, and what they are counted as."""
LARGE, SMALL = 1000, 200
"""Raw tokens from which, and below which, a limit holds."""
CONVERSATION, MOST_CALLS = "get_case_conversation", 4
"""For a case with 50 messages and 10 comments."""
LIMITS = {"median": 1 / 3, "largest": 1 / 2, "more_than_small": 40}


@dataclass(frozen=True)
class Call:
    """One call: how many of Sprinklr's it took, and tokens of the raw JSON and of both forms."""

    tool: str
    arguments: Mapping[str, Any]
    calls: int
    raw: int
    text: int
    structured: int


async def measured() -> list[Call]:
    """Make every call of the list and count."""
    async with rig() as ready:
        made = [await _made(ready, tool, arguments) for tool, arguments in CALLS]
        token = await ready.access_token()
        return [
            Call(tool, arguments, len(requests), await _raw(ready, token, requests), *_forms(result))
            for (tool, arguments), (result, requests) in zip(CALLS, made, strict=True)
        ]


async def _made(ready: Rig, tool: str, arguments: Mapping[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
    before = len(await ready.requests())
    result = await ready.client.call_tool(f"sprinklr_{tool}", dict(arguments))
    if result.is_error:
        raise RuntimeError(f"{tool} {arguments}: {result.content}")
    return result, (await ready.requests())[before:]


async def _raw(ready: Rig, token: str, requests: list[dict[str, Any]]) -> int:
    headers = {"Authorization": f"Bearer {token}", "Key": ready.announced.api_key}
    total = 0
    for one in requests:
        body = one["body"] if one["method"] != "GET" else None
        reply = await ready.sprinklr.request(
            one["method"], one["path"], params=one["query"], json=body, headers=headers
        )
        total += _count(compact(reply.raise_for_status().json()))
    return total


def _forms(result: Any) -> tuple[int, int]:
    return _count(result.content[0].text), _count(compact(result.structured_content))


def _count(text: str) -> int:
    for pattern, same in NEW_EACH_TIME.items():
        text = pattern.sub(same, text)
    return tokens(text)


def summary(found: list[Call]) -> dict[str, Any]:
    """Return shares of the raw JSON where it is large, and what comes on top where it is small."""
    large = [one for one in found if one.raw >= LARGE]
    small = [one for one in found if one.raw < SMALL]
    forms: dict[str, Any] = {}
    for form in ("text", "structured"):
        shares = [getattr(one, form) / one.raw for one in large]
        forms[form] = {
            "median": round(statistics.median(shares), 2),
            "largest": round(max(shares), 2),
            "more_than_small": max(getattr(one, form) - one.raw for one in small),
        }
    long = next(one for one in found if one.tool == CONVERSATION and one.arguments == LONG_CASE)
    return {
        "calls": len(found),
        "large": len(large),
        "small": len(small),
        "long_conversation": long.calls,
        **forms,
    }


def broken(found: dict[str, Any]) -> list[str]:
    """Return what is over its limit, in words."""
    many = found["long_conversation"]
    return [f"a long conversation takes {many} calls, at most {MOST_CALLS}"] * (many > MOST_CALLS) + [
        f"answers, {form}, {name}: {found[form][name]}, at most {limit:.2f}"
        for form in ("text", "structured")
        for name, limit in LIMITS.items()
        if found[form][name] > limit
    ]
