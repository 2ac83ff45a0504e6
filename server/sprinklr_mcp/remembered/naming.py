"""Names beside ids, as far as the last day's answers told them; never at the price of a call.

Knows kinds of ids only by the words that actions give them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, cast

from sprinklr_mcp.store.cache import DAY, Cache
from sprinklr_tools.answers import KINDS, Names
from sprinklr_tools.reading import as_label, is_safe

MOST = 5000
"""Names of one kind; the oldest go."""


class Known:
    """The names of ids, by kind."""

    def __init__(self, names: Mapping[str, Mapping[str, str]]) -> None:
        self._names = names

    def name(self, kind: str, identifier: str) -> str | None:
        """Return a name: a plain label, or text that somebody wrote."""
        return as_label(self._names.get(kind, {}).get(identifier))

    def plain(self, kind: str) -> list[str]:
        """Return the names of one kind that are plain labels, in the order of the alphabet."""
        labels = {as_label(name) for name in self._names.get(kind, {}).values()}
        return sorted((one for one in labels if is_safe(one)), key=str.casefold)


NONE_KNOWN = Known({})


class Naming:
    """The names that the cache holds, each with the time at which it was read."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def known(self) -> Known:
        """Return all names that are not older than a day."""
        found = await self._cache.find_all(_key(kind) for kind in KINDS)
        return Known({kind: _young(found[_key(kind)].value) for kind in KINDS if _key(kind) in found})

    async def learn(self, names: Names) -> None:
        """Add names, read just now, to those that are known."""
        if not names.by_id:
            return
        before = await self._cache.find(_key(names.kind))
        known = cast(dict[str, Any], before.value) if before else {}
        now = time.time()
        others = {one: told for one, told in known.items() if one not in names.by_id}
        merged = {**others, **{one: (name, now) for one, name in names.by_id.items()}}
        await self._cache.keep(_key(names.kind), dict(list(merged.items())[-MOST:]))


def _young(names: Mapping[str, tuple[str, float]]) -> dict[str, str]:
    since = time.time() - DAY
    return {one: name for one, (name, read_at) in names.items() if read_at > since}


def _key(kind: str) -> str:
    return f"names:{kind}"
