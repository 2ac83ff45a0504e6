"""How much of its hour each tool has used, counted among the operations. Knows no tool by name.

A write that certainly did not happen costs nothing; one whose outcome is not known does.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from sprinklr_mcp.errors import Code, Fault

# Nothing later than an hour from now counts: a clock that was once wrong must not stop writes for ever.
COUNTED = """
    FROM operation WHERE principal = :principal AND tool = :tool AND status <> 'failed'
        AND started_at > :now - 3600 AND started_at < :now + 3600
"""
USED = f"SELECT count(*) AS used {COUNTED}"
LAST_TO_LEAVE = f"SELECT started_at {COUNTED} ORDER BY started_at DESC LIMIT 1 OFFSET :others"
"""Of so many as a budget allows, the oldest; none while there are fewer."""
HOUR = 3600.0


class Budgets:
    """How many calls an hour may hold, by tool; each at least one, for a tool of none is switched off."""

    def __init__(self, hourly: Mapping[str, int]) -> None:
        self._hourly = hourly

    def refuse_if_used_up(self, connection: sqlite3.Connection, principal: str, tool: str) -> None:
        """Raises `Fault` OVER_RATE where the tool's hour holds no further call."""
        hourly = self._hourly.get(tool)
        if hourly is None:
            return
        values = {"principal": principal, "tool": tool, "now": time.time(), "others": hourly - 1}
        last = connection.execute(LAST_TO_LEAVE, values).fetchone()
        if last is not None:
            raise _used_up(tool, hourly, last["started_at"] + HOUR)

    def used(self, connection: sqlite3.Connection, principal: str) -> dict[str, tuple[int, int]]:
        """Return how many calls the last hour held and how many it may, for each tool with a budget."""
        values = {"principal": principal, "now": time.time()}
        return {
            tool: (connection.execute(USED, {**values, "tool": tool}).fetchone()["used"], hourly)
            for tool, hourly in self._hourly.items()
        }


def _used_up(tool: str, hourly: int, free_at: float) -> Fault:
    # As for Sprinklr's own limits: nothing is wrong with the call, and time alone makes it possible.
    at = datetime.fromtimestamp(math.ceil(free_at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Fault(
        Code.OVER_RATE,
        f"The budget of {tool} is used up: {hourly} an hour, for everything that this user runs.",
        f"The next is possible at {at}, with the same arguments. Until then do without it: only the operator "
        "can allow more (SPRINKLR_BUDGETS).",
    )
