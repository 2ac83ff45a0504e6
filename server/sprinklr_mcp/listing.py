"""Reading the list that an argument's values stand in, for a person who types and has no patience.

At most once a minute for each list; what it brings is kept for a day, as after any call. Knows the lists by
the table of the tools, and no MCP.
"""

from __future__ import annotations

import logging
import math
import time

import anyio

from sprinklr_mcp.calls.gathering import Reads, Sources
from sprinklr_mcp.calls.policy import Policy
from sprinklr_mcp.errors import Fault
from sprinklr_tools.answers import Kind
from sprinklr_tools.problems import Problem
from sprinklr_tools.suggestions import LISTS

PATIENCE = 3.0
"""Seconds in all; clients wait for a completion while a person types."""
MINUTE = 60.0
"""Seconds until a list that brought nothing is read again: each letter that is typed asks for it."""
log = logging.getLogger(__name__)


class Lists:
    """The lists that Sprinklr has of names."""

    def __init__(self, sources: Sources, policy: Policy) -> None:
        self._sources = sources
        self._policy = policy
        self._read_at: dict[Kind, float] = {}

    async def learn(self, kind: Kind) -> bool:
        """Read the names of one kind, and tell whether that was done.

        It is not where the operator's rules keep the tool from being used, where nobody is logged in, or
        where it fails: a person can type without it.
        """
        action = LISTS[kind]()
        if self._policy.forbids(type(action)) or not self._is_due(kind):
            return False
        try:
            with anyio.move_on_after(PATIENCE):
                await Reads(self._sources, fresh=False, seconds=PATIENCE)(action)
                return True
        except (Fault, Problem) as fault:
            log.info("the names of a kind (%s) cannot be read: %s", kind, fault)
        return False

    def _is_due(self, kind: Kind) -> bool:
        now = time.monotonic()
        if now < self._read_at.get(kind, -math.inf) + MINUTE:
            return False
        self._read_at[kind] = now
        return True
