"""Which arguments are completed while a person types, and from what that was read before.

One table for all prompts and resources, since a name means the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sprinklr_tools.answers import Kind

SEEN = {
    "case_number": "case_number",
    "status": "case_number",
    "channel_type": "case_number",
    "content_id": "content_id",
}
"""The members of answers that are remembered, each where the named one stands beside it."""
NAMED: Mapping[str, Kind] = {"account": "account", "queue": "queue", "status": "status"}
"""The arguments that take the name of something, and what it is the name of."""


def seen_in(facts: Any) -> dict[str, list[str]]:
    """Return what an answer's facts tell for each of `SEEN`, each value once, in the order of the answer.

    What was deleted is not told.
    """
    found: dict[str, dict[str, None]] = {name: {} for name in SEEN}
    waiting: list[Any] = [facts]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(cast(list[Any], value))
        elif isinstance(value, dict):
            members = cast(dict[str, Any], value)
            waiting += reversed(list(members.values()))
            for name, beside in SEEN.items():
                one = members.get(name)
                if isinstance(one, str) and beside in members and members.get("deleted") is not True:
                    found[name][one] = None
    return {name: list(values) for name, values in found.items() if values}
