"""What answers named within the last day, such as case numbers: to be offered while a person types.

Kept in the cache, so only for this caller, login and workspace. Knows the names of members only by the table
of the tools. No call waits for this, and none fails by it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Any

from sprinklr_mcp.errors import StoreUnavailable
from sprinklr_mcp.store.cache import DAY, Cache
from sprinklr_tools.suggestions import seen_in

MOST = 200
"""Values of one member; those not seen for longest go."""
HOUR = 3600.0
"""Seconds for which a value counts as just seen: reading one case again and again writes once."""
log = logging.getLogger(__name__)


class Seen:
    """The values that the cache holds of each member, each with the time at which it was seen."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def values(self, name: str) -> list[str]:
        """Return what was seen of a member, newest first; nothing where the store cannot be read."""
        try:
            return [value for value, _ in (await self._kept([name])).get(name, [])]
        except StoreUnavailable as fault:
            log.warning("what was seen lately cannot be told: %s", fault)
            return []

    async def learn(self, facts: Any) -> None:
        """Take in an answer's facts."""
        found = seen_in(facts)
        if not found:
            return
        try:
            kept = await self._kept(found)
            for name, values in found.items():
                await self._add(name, values, kept.get(name, []))
        except StoreUnavailable as fault:
            log.warning("what was seen is not kept: %s", fault)

    async def _add(self, name: str, values: list[str], kept: list[tuple[str, float]]) -> None:
        now = time.time()
        fresh = {value for value, seen_at in kept if seen_at > now - HOUR}
        if fresh.issuperset(values):
            return
        others = [one for one in kept if one[0] not in values]
        together = [*((value, now) for value in values), *others]
        await self._cache.keep(_key(name), together[:MOST], at_once=True)

    async def _kept(self, names: Iterable[str]) -> dict[str, list[tuple[str, float]]]:
        keys = {_key(name): name for name in names}
        since = time.time() - DAY
        found = await self._cache.find_all(keys)
        return {
            keys[key]: [(value, seen_at) for value, seen_at in one.value if seen_at > since]
            for key, one in found.items()
        }


def _key(name: str) -> str:
    return f"seen:{name}"
