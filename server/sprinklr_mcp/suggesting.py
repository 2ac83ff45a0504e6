"""Values to choose from while a person types an argument: what was read before, or a list that is read now.

Knows arguments only by the table of the tools, and no MCP.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from sprinklr_mcp.errors import StoreUnavailable
from sprinklr_mcp.listing import Lists
from sprinklr_mcp.remembered.naming import NONE_KNOWN, Naming
from sprinklr_mcp.remembered.seen import Seen
from sprinklr_tools.answers import Kind
from sprinklr_tools.suggestions import NAMED, SEEN

MOST = 100
"""Values in one answer; the protocol allows no more."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Suggestions:
    """The first values that fit, and how many there are."""

    values: tuple[str, ...]
    total: int


class Suggester:
    """Says what an argument may be, by its name."""

    def __init__(self, seen: Seen, naming: Naming, lists: Lists) -> None:
        self._seen = seen
        self._naming = naming
        self._lists = lists

    async def fitting(self, argument: str, beginning: str) -> Suggestions:
        """Return the values that begin so, in capitals or not; none for an argument that has no list.

        A hash at the beginning is how people write a number.
        """
        wanted = beginning.strip().removeprefix("#").casefold()
        found = [one for one in await self._all(argument) if one.casefold().startswith(wanted)]
        return Suggestions(tuple(found[:MOST]), len(found))

    async def _all(self, argument: str) -> Iterable[str]:
        """What was seen comes first, newest first; then the names, by the alphabet."""
        seen = await self._seen.values(argument) if argument in SEEN else []
        names = await self._names(argument) if argument in NAMED else []
        return dict.fromkeys([*seen, *names])

    async def _names(self, argument: str) -> list[str]:
        """Return the names that are known; only where none is, their list is read."""
        kind = NAMED[argument]
        names = await self._known(kind)
        if not names and await self._lists.learn(kind):
            names = await self._known(kind)
        return names

    async def _known(self, kind: Kind) -> list[str]:
        try:
            known = await self._naming.known()
        except StoreUnavailable as fault:
            log.warning("no names can be told: %s", fault)
            known = NONE_KNOWN
        return known.plain(kind)
