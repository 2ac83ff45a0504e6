"""What answers named within the last day, such as case numbers: to be offered while a person types.

Kept in the cache, so only for this caller, login and workspace. Knows the names of members only by the table
of the tools. No call waits for this, and none fails by it.
"""

from __future__ import annotations

import logging
import time
from typing import Any, TypeAlias

from sprinklr_mcp.errors import StoreUnavailable
from sprinklr_mcp.store.cache import DAY, Cache
from sprinklr_tools.suggestions import Told, told_by

MOST = 200
"""Values of one member; those not seen for longest go."""
HOUR = 3600.0
"""Seconds for which a value counts as just seen: reading one case again and again writes once."""
KEY = "seen"
log = logging.getLogger(__name__)

Values: TypeAlias = "list[tuple[str, float]]"


class Seen:
    """The values that the cache holds of each member, newest first, each with the time it was seen."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def values(self, name: str) -> list[str]:
        """Return what was seen of a member, newest first; nothing where the store cannot be read."""
        try:
            return [value for value, _ in (await self._kept()).get(name, [])]
        except StoreUnavailable as fault:
            log.warning("what was seen lately cannot be told: %s", fault)
            return []

    async def learn(self, facts: Any) -> None:
        """Take in an answer's facts."""
        told = told_by(facts)
        if not told:
            return
        try:
            before = await self._kept()
            after = {name: _merged(before.get(name, []), told, name) for name in {*before, *told.names}}
            if after != before:
                await self._cache.keep(KEY, after, at_once=True)
        except StoreUnavailable as fault:
            log.warning("what was seen is not kept: %s", fault)

    async def _kept(self) -> dict[str, Values]:
        """Return what is not older than a day."""
        found = await self._cache.find(KEY)
        kept: dict[str, Values] = found.value if found else {}
        since = time.time() - DAY
        return {name: [(one, at) for one, at in values if at > since] for name, values in kept.items()}


def _merged(kept: Values, told: Told, name: str) -> Values:
    """Put what is new, or was not seen for an hour, before the others; leave out what is gone."""
    now = time.time()
    recent = {value for value, seen_at in kept if seen_at > now - HOUR}
    new = [value for value in told.there.get(name, ()) if value not in recent]
    left_out = {*new, *told.gone.get(name, ())}
    return [*((value, now) for value in new), *(one for one in kept if one[0] not in left_out)][:MOST]
