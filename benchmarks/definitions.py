"""What the list of tools costs a model before anything is asked: name, description and input schema."""

from __future__ import annotations

from typing import Any

from counting import compact, tokens
from sprinklr_mcp.calls.schema import input_schema
from sprinklr_tools.action import description
from sprinklr_tools.catalogue import all_actions

BESIDE_THE_THIRTY = (
    "sprinklr_get_case_conversation",
    "sprinklr_get_me",
    "sprinklr_search_cases",
    "sprinklr_search_messages",
    "sprinklr_search_profiles",
)
"""What the default list holds besides Sprinklr's 30 actions."""
LIMITS = {"thirty": 4500, "largest": 330, "default": 5300}


def measured() -> dict[str, Any]:
    """Return tokens of each tool, and of the lists that people get."""
    listed = {name: action for name, action in all_actions().items() if action.listed}
    each = {
        name: tokens(
            compact({"name": name, "description": description(action), "input_schema": input_schema(action)})
        )
        for name, action in listed.items()
    }
    default = {name: each[name] for name, action in listed.items() if not action.optional}
    thirty = {name: count for name, count in default.items() if name not in BESIDE_THE_THIRTY}
    return {
        "tools": len(each),
        "all": sum(each.values()),
        "default_tools": len(default),
        "default": sum(default.values()),
        "thirty_tools": len(thirty),
        "thirty": sum(thirty.values()),
        "largest": max(each.values()),
        "each": each,
    }


def broken(found: dict[str, Any]) -> list[str]:
    """Return what is over its limit, in words."""
    return [
        f"definitions, {name}: {found[name]} tokens, at most {limit}"
        for name, limit in LIMITS.items()
        if found[name] > limit
    ]
