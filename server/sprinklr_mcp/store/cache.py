"""What changes rarely, kept for a day: answers as they came, and the names of ids seen in them.

Sealed, because names and addresses of people stand in it. Knows no Sprinklr, and decides nothing about
what may be kept.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sprinklr_mcp.errors import StoreUnavailable
from sprinklr_mcp.store.database import Database
from sprinklr_mcp.store.sealing import Sealer

READ = """
    SELECT key, sealed, kept_at FROM cache WHERE scope = :scope AND kept_at > :since
        AND key IN (SELECT value FROM json_each(:keys))
"""
KEEP = """
    INSERT INTO cache (scope, key, sealed, kept_at) VALUES (:scope, :key, :sealed, :now)
    ON CONFLICT (scope, key) DO UPDATE SET sealed = excluded.sealed, kept_at = excluded.kept_at
"""
OLD = "DELETE FROM cache WHERE kept_at <= :since"
CLEAR = "DELETE FROM cache"

log = logging.getLogger(__name__)
DAY = 24 * 3600.0
LARGEST = 1024 * 1024
"""Bytes; a larger answer is read anew every time."""


@dataclass(frozen=True)
class Kept:
    """A value, and when it was read, in seconds since 1970."""

    value: Any
    kept_at: float


class Cache:
    """The values kept for one caller, login and workspace."""

    def __init__(self, database: Database, sealer: Sealer, scope: Mapping[str, str]) -> None:
        self._database = database
        self._sealer = sealer
        self._scope = json.dumps(dict(scope), sort_keys=True)

    async def find(self, key: str) -> Kept | None:
        """Return a value that is not older than a day."""
        return (await self.find_all([key])).get(key)

    async def find_all(self, keys: Iterable[str]) -> dict[str, Kept]:
        """Return those values that are there; one that does not open with our key is not."""
        values = {"scope": self._scope, "keys": json.dumps(list(keys)), "since": time.time() - DAY}
        rows = await self._database.read(lambda connection: connection.execute(READ, values).fetchall())
        found: dict[str, Kept] = {}
        for row in cast(list[sqlite3.Row], rows):
            plain = await self._sealer.open(row["sealed"], self._owner(row["key"]))
            if plain is not None:
                found[row["key"]] = Kept(json.loads(plain), row["kept_at"])
        return found

    async def keep(self, key: str, value: Any, *, at_once: bool = False) -> None:
        """Keep a value from now on; whatever has become too old goes.

        With `at_once`, rather do without it than wait for another process.
        """
        plain = json.dumps(value, separators=(",", ":")).encode()
        if len(plain) > LARGEST:
            return
        now = time.time()
        sealed = await self._sealer.seal(plain, self._owner(key))
        values = {"scope": self._scope, "key": key, "sealed": sealed, "now": now}

        def store(connection: sqlite3.Connection) -> None:
            connection.execute(KEEP, values)
            connection.execute(OLD, {"since": now - DAY})

        try:
            await (self._database.write_at_once(store) if at_once else self._database.write(store))
        except StoreUnavailable as fault:
            log.warning("an answer could not be kept, and will be read anew: %s", fault.note)

    async def clear(self) -> None:
        """Forget everything: another person may log in next."""
        await self._database.write(lambda connection: connection.execute(CLEAR))

    def _owner(self, key: str) -> str:
        return f"cache:{self._scope}:{key}"
