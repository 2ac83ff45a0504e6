"""What the last client of this store could do, for whoever looks why nothing asks them. Decides nothing."""

from __future__ import annotations

import json
import sqlite3
import time
from dataclasses import asdict, dataclass

from sprinklr_mcp.store.database import Database

NOTE = """
    INSERT INTO flag (name, value, set_at) VALUES ('last client', :value, :now)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at
"""
READ = "SELECT value, set_at FROM flag WHERE name = 'last client'"


@dataclass(frozen=True)
class SeenClient:
    """A client as it told of itself."""

    name: str
    version: str
    protocol: str
    """The version of the protocol that it speaks."""
    shows_forms: bool
    """Whether it can ask a person by a form."""


class LastClient:
    """The note of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, client: SeenClient) -> None:
        """Write down who called last. Raises `StoreUnavailable`."""
        values = {"value": json.dumps(asdict(client)), "now": time.time()}
        await self._database.write(lambda connection: connection.execute(NOTE, values))

    async def read(self) -> tuple[SeenClient, float] | None:
        """Return the client and when it called, in seconds since 1970. Raises `StoreUnavailable`."""
        row: sqlite3.Row | None = await self._database.read(
            lambda connection: connection.execute(READ).fetchone()
        )
        return (SeenClient(**json.loads(row["value"])), row["set_at"]) if row else None
