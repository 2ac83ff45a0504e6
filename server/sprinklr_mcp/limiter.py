"""Sprinklr's limits on calls, kept by all processes that use the key, through the store.

Two sliding windows, a second and an hour. A slot frees one window after its answer or deadline, not after
its sending: Sprinklr counts when a call arrives. Some of the hour is kept for calls that cannot wait.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.store.database import Database

SECOND, HOUR = 1.0, 3600.0
KEPT_FOR_URGENT = 10
LONGEST_WAIT = 20.0

CLEAN = "DELETE FROM call_slot WHERE key = :key AND freed_at < :an_hour_ago"
COUNT = """
    SELECT count(*) FILTER (WHERE freed_at > :a_second_ago) AS second, count(*) AS hour,
        min(freed_at) FILTER (WHERE freed_at > :a_second_ago) AS next_of_second, min(freed_at) AS next_of_hour
    FROM call_slot WHERE key = :key AND freed_at > :an_hour_ago
"""
TAKE = "INSERT INTO call_slot (key, taken_at, freed_at) VALUES (:key, :now, :deadline) RETURNING slot"
FREE = "UPDATE call_slot SET freed_at = :now WHERE slot = :slot"
COOL = """
    INSERT INTO flag (name, value, set_at) VALUES (:name, :until, :now)
    ON CONFLICT (name) DO UPDATE SET value = max(CAST(value AS REAL), :until), set_at = :now
"""
COOLING = "SELECT CAST(value AS REAL) AS until FROM flag WHERE name = :name"


class Limiter:
    """The two windows of one API key, and the pause that Sprinklr asked for."""

    def __init__(
        self,
        database: Database,
        identity: str,
        per_second: int,
        per_hour: int,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        """Keep the limits of a key. Another clock lets an hour pass in less; both are in seconds."""
        self._database = database
        self._identity = identity
        self._per_second = per_second
        self._per_hour = per_hour
        self._now = now
        self._sleep = sleep

    @asynccontextmanager
    async def slot(self, deadline: float, *, urgent: bool = False) -> AsyncGenerator[None]:
        """Wait for a free slot and hold it during the call.

        Raises `Fault` OVER_RATE where none is free within `deadline` seconds.
        """
        slot = await self._take(min(deadline, LONGEST_WAIT), deadline, urgent)
        try:
            yield
        finally:
            with anyio.CancelScope(shield=True):
                await self._database.write(
                    lambda connection: connection.execute(FREE, {"now": self._now(), "slot": slot})
                )

    async def cool_down(self, seconds: float) -> None:
        """Let all processes of the key pause: Sprinklr said that the limit is passed."""
        now = self._now()
        values = {"name": self._cooling_name, "until": now + seconds, "now": now}
        await self._database.write(lambda connection: connection.execute(COOL, values))

    async def _take(self, patience: float, deadline: float, urgent: bool) -> int:
        give_up = self._now() + patience
        while True:
            slot, wait = await self._database.write(lambda c: self._try(c, deadline, urgent))
            if slot is not None:
                return slot
            if self._now() + wait > give_up:
                raise over_rate(wait)
            await self._sleep(wait)

    def _try(self, connection: sqlite3.Connection, deadline: float, urgent: bool) -> tuple[int | None, float]:
        """Return a slot, or how long to wait for one."""
        now = self._now()
        values = {"key": self._identity, "now": now, "a_second_ago": now - SECOND, "an_hour_ago": now - HOUR}
        cooling = connection.execute(COOLING, {"name": self._cooling_name}).fetchone()
        if cooling is not None and cooling["until"] > now:
            return None, cooling["until"] - now
        connection.execute(CLEAN, values)
        found = connection.execute(COUNT, values).fetchone()
        if found["hour"] >= self._per_hour - (0 if urgent else KEPT_FOR_URGENT):
            return None, max(0.01, found["next_of_hour"] + HOUR - now)
        if found["second"] >= self._per_second:
            return None, max(0.01, min(found["next_of_second"] + SECOND - now, SECOND))
        slot = connection.execute(TAKE, {**values, "deadline": now + deadline}).fetchone()["slot"]
        return int(slot), 0.0

    @property
    def _cooling_name(self) -> str:
        return f"cooling:{self._identity}"


def over_rate(wait: float) -> Fault:
    """Say that the limit is reached, and for how long."""
    return Fault(
        Code.OVER_RATE,
        "Sprinklr's limit on calls is reached for this API key.",
        f"Wait {max(1, round(wait))} seconds, then call again with the same arguments.",
    )
