"""Which pages are open in the person's browser, by name: two processes must not open the same one.

Knows neither what a name stands for nor what a page says.
"""

from __future__ import annotations

import sqlite3
import time

from sprinklr_mcp.store.database import Database

LASTS = 60.0
"""Seconds that a note holds: its process renews it, unless it was killed."""

CLAIM = """
    INSERT INTO page (name, until) VALUES (:name, :until)
    ON CONFLICT (name) DO UPDATE SET until = :until WHERE until < :now
"""
FORGET_OTHERS = "DELETE FROM page WHERE until < :now AND name <> :name"
RENEW = "UPDATE page SET until = :until WHERE name = :name"
RELEASE = "DELETE FROM page WHERE name = :name"


class PageStore:
    """The notes of all processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, name: str) -> bool:
        """Note that a page is being opened; False where it is open. Raises `StoreUnavailable`."""
        values = _from_now(name)

        def claim(connection: sqlite3.Connection) -> bool:
            connection.execute(FORGET_OTHERS, values)
            return connection.execute(CLAIM, values).rowcount == 1

        return await self._database.write(claim)

    async def renew(self, name: str) -> None:
        """Note that a page is still open. Raises `StoreUnavailable`."""
        await self._database.write(lambda connection: connection.execute(RENEW, _from_now(name)))

    async def release(self, name: str) -> None:
        """Note that a page is gone. Raises `StoreUnavailable`."""
        await self._database.write(lambda connection: connection.execute(RELEASE, {"name": name}))


def _from_now(name: str) -> dict[str, str | float]:
    now = time.time()
    return {"name": name, "now": now, "until": now + LASTS}
