"""What answers named within the last day, such as case numbers: to be offered while a person types.

Kept in the cache, so only for this caller, login and workspace. Knows the names of members only by the table
of the tools. No call waits for this, and none fails by it.
"""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Any, TypeAlias

import anyio

from sprinklr_mcp.errors import StoreUnavailable
from sprinklr_mcp.finishing import Finisher
from sprinklr_mcp.store.cache import DAY, Cache
from sprinklr_tools.suggestions import Told, told_by

MOST = 200
"""Values of one member; those not seen for longest go."""
HOUR = 3600
"""Seconds for which a value counts as just seen: reading one case again and again writes once."""
MINUTE = 60.0
"""Seconds for which what was noted is not looked up again: one case is often read several times in a row."""
KEY = "seen_at"
log = logging.getLogger(__name__)

Values: TypeAlias = "dict[str, int]"
"""The values of one member, newest first, each with the second in which it was seen."""


class Seen:
    """The values that the cache holds of each member."""

    def __init__(self, cache: Cache, finisher: Finisher) -> None:
        self._cache = cache
        self._finisher = finisher
        self._one_at_a_time = anyio.Lock()
        self._noted: dict[tuple[str, str], float] = {}

    def note(self, facts: Any) -> None:
        """Take in an answer's facts, while the answer is on its way."""
        told = told_by(facts)
        if self._is_news(told):
            self._finisher.begin(partial(self._learn, told))

    def _is_news(self, told: Told) -> bool:
        """Tell whether it holds what this process has not noted within the last minute."""
        now = time.monotonic()
        self._noted = {one: at for one, at in self._noted.items() if at > now - MINUTE}
        values = {(name, value) for name, there in told.there.items() for value in there}
        if values <= self._noted.keys() and not told.gone:
            return False
        self._noted |= dict.fromkeys(values, now)
        return True

    async def values(self, name: str) -> list[str]:
        """Return what was seen of a member, newest first; nothing where the store cannot be read."""
        try:
            async with self._one_at_a_time:
                return list(_young((await self._kept()).get(name, {})))
        except StoreUnavailable as fault:
            log.warning("what was seen lately cannot be told: %s", fault)
            return []

    async def learn(self, facts: Any) -> None:
        """Take in an answer's facts, and return when they are kept."""
        await self._learn(told_by(facts))

    async def _learn(self, told: Told) -> None:
        if not told:
            return
        try:
            async with self._one_at_a_time:
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
