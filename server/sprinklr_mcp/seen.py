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
HOUR = 3600
"""Seconds for which a value counts as just seen: reading one case again and again writes once."""
KEY = "seen_at"
log = logging.getLogger(__name__)

Values: TypeAlias = "dict[str, int]"
"""The values of one member, newest first, each with the second in which it was seen."""


class Seen:
    """The values that the cache holds of each member."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def values(self, name: str) -> list[str]:
        """Return what was seen of a member, newest first; nothing where the store cannot be read."""
        try:
            return list(_young((await self._kept()).get(name, {})))
        except StoreUnavailable as fault:
            log.warning("what was seen lately cannot be told: %s", fault)
            return []

    async def learn(self, facts: Any) -> None:
        """Take in an answer's facts."""
        told = told_by(facts)
        if not told:
            return
        try:
            kept = await self._kept()
            after = {**kept, **{name: _merged(kept.get(name, {}), told, name) for name in told.names}}
            if after != kept:
                await self._cache.keep(KEY, after, at_once=True)
        except StoreUnavailable as fault:
            log.warning("what was seen is not kept: %s", fault)

    async def _kept(self) -> dict[str, Values]:
        found = await self._cache.find(KEY)
        return found.value if found else {}


def _young(values: Values) -> Values:
    """Leave out what is older than a day."""
    since = time.time() - DAY
    return {one: at for one, at in values.items() if at > since}


def _merged(kept: Values, told: Told, name: str) -> Values:
    """Put what is new, or was not seen for an hour, before the others; leave out what is gone."""
    now = int(time.time())
    new = {value: now for value in told.there.get(name, ()) if kept.get(value, 0) <= now - HOUR}
    gone = told.gone.get(name, {}).keys() & kept.keys()
    if not new and not gone:
        return kept
    others = {one: at for one, at in _young(kept).items() if one not in new and one not in gone}
    return dict([*new.items(), *others.items()][:MOST])
