"""Sprinklr's limits on calls, kept by all processes that use the key, through the store.

Two sliding windows, a second and an hour. A slot frees one window after its answer or deadline, not after
its sending: Sprinklr counts when a call arrives. Some of the hour is kept for calls that cannot wait.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio

from sprinklr_mcp.errors import Code, Fault, StoreUnavailable
from sprinklr_mcp.store import cooling
from sprinklr_mcp.store.database import Database
from sprinklr_tools.platform import Pace

SECOND, HOUR = 1.0, 3600.0
KEPT_FOR_URGENT = 10
LONGEST_WAIT = 20.0
LOOK_AGAIN = 0.25
"""Seconds; somebody else's probe may end a pause early."""
FOREIGN = 60.0
"""Seconds, at most, to hold back when Sprinklr counts more calls of this key than we made."""
ALONE = 1.0
"""Seconds between the calls of a process that cannot write its store, and so knows of no other one."""

# What was taken later than now was taken before the clock was set back. It counts as of now: leaving it where
# it is would hold everybody up until the clock is there again.
SET_BACK = """
    UPDATE call_slot SET taken_at = :now, freed_at = :now + (freed_at - taken_at)
    WHERE key = :key AND freed_at > :now AND taken_at > :now
"""
CLEAN = "DELETE FROM call_slot WHERE key = :key AND freed_at < :an_hour_ago"
COUNT = """
    SELECT count(*) FILTER (WHERE freed_at > :a_second_ago) AS second, count(*) AS hour,
        min(freed_at) FILTER (WHERE freed_at > :a_second_ago) AS next_of_second, min(freed_at) AS next_of_hour
    FROM call_slot WHERE key = :key AND freed_at > :an_hour_ago
"""
TAKE = "INSERT INTO call_slot (key, taken_at, freed_at) VALUES (:key, :now, :deadline) RETURNING slot"
FREE = "UPDATE call_slot SET freed_at = :now WHERE slot = :slot"


@dataclass
class Slot:
    """The right to make one call, which may take `holds` seconds. Who makes it tells the answer's `pace`."""

    holds: float
    urgent: bool
    endpoint: str
    number: int | None = None
    """Its row, once it is taken; none where the store cannot be written."""
    probing: bool = False
    """Whether it is the first call after a pause, for which the others wait."""
    pace: Pace | None = None
    wait: float = 0.0
    """Once the call is over: how many seconds no other may be made, after an answer that refused it."""


@dataclass(frozen=True)
class Standing:
    """How much of an hour is used, and how long nothing may be sent; times in seconds."""

    used: int
    hourly: int
    next_free: float
    """When the first of the calls of this hour no longer counts."""
    pause: float
    """How long Sprinklr asked to wait; 0 where it did not."""

    @property
    def full(self) -> bool:
        """Whether the hour holds no further call that can wait."""
        return self.used >= self.hourly - KEPT_FOR_URGENT


class Limiter:
    """The two windows of one API key, and the pauses that Sprinklr asked for."""

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
        self._line = anyio.Lock()
        self._alone_at = 0.0

    @asynccontextmanager
    async def slot(
        self, holds: float, *, patience: float | None = None, urgent: bool = False, endpoint: str = ""
    ) -> AsyncGenerator[Slot]:
        """Wait for a free slot, `patience` seconds at most, and hold it during the call.

        `holds` is how many seconds the call may take. Raises `Fault` OVER_RATE where none is free in time.
        """
        slot = Slot(holds, urgent, endpoint)
        await self._wait_for(slot, min(holds if patience is None else patience, LONGEST_WAIT))
        try:
            yield slot
        finally:
            with anyio.CancelScope(shield=True):
                await self._over(slot)

    async def standing(self) -> Standing:
        """Return how the key's limits stand now; changes nothing. Raises `StoreUnavailable`."""

        def look(connection: sqlite3.Connection) -> Standing:
            now = self._now()
            since = {"a_second_ago": now - SECOND, "an_hour_ago": now - HOUR}
            found = connection.execute(COUNT, {"key": self._identity, **since}).fetchone()
            pauses = cooling.pauses(connection, self._names(""), now)
            frees = found["next_of_hour"] + HOUR - now if found["hour"] else 0.0
            return Standing(found["hour"], self._per_hour, frees, max(pauses.values(), default=0.0))

        return await self._database.read(look)

    async def _wait_for(self, slot: Slot, patience: float) -> None:
        try:
            if slot.urgent:
                await self._take(slot, patience)
                return
            # One after the other, so that who came first goes first, and one alone looks at the store.
            with anyio.move_on_after(patience):
                async with self._line:
                    await self._take(slot, patience)
                    return
        except StoreUnavailable:
            await self._paced()
            return
        raise over_rate(patience)

    async def _paced(self) -> None:
        """Go on slowly without the store: reading must not depend on room on the disk."""
        async with self._line:
            await self._sleep(max(0.0, self._alone_at + ALONE - self._now()))
            self._alone_at = self._now()

    async def _take(self, slot: Slot, patience: float) -> None:
        give_up = self._now() + patience
        while wait := await self._database.write(lambda connection: self._try(connection, slot)):
            if self._now() + wait > give_up:
                raise over_rate(wait)
            await self._sleep(min(wait, LOOK_AGAIN))

    def _try(self, connection: sqlite3.Connection, slot: Slot) -> float:
        """Take a slot and return 0, or return how long to wait for one."""
        now = self._now()
        pauses = cooling.pauses(connection, self._names(slot.endpoint), now)
        wait = max(pauses.values(), default=0.0) or self._full(connection, slot, now)
        if wait:
            return wait
        for name in pauses:
            cooling.probe(connection, name, now)
        slot.probing = bool(pauses)
        values = {"key": self._identity, "now": now, "deadline": now + slot.holds}
        slot.number = connection.execute(TAKE, values).fetchone()["slot"]
        return 0.0

    def _full(self, connection: sqlite3.Connection, slot: Slot, now: float) -> float:
        """Return how long both windows are still full, and 0 where one more call may be made."""
        values = {"key": self._identity, "now": now, "a_second_ago": now - SECOND, "an_hour_ago": now - HOUR}
        connection.execute(SET_BACK, values)
        connection.execute(CLEAN, values)
        found = connection.execute(COUNT, values).fetchone()
        if found["hour"] >= self._per_hour - (0 if slot.urgent else KEPT_FOR_URGENT):
            return max(0.01, found["next_of_hour"] + HOUR - now)
        if found["second"] >= self._per_second:
            return max(0.01, min(found["next_of_second"] + SECOND - now, SECOND))
        return 0.0

    async def _over(self, slot: Slot) -> None:
        """Free the slot, and let every process know what the answer said about the rate."""
        try:
            slot.wait = await self._database.write(lambda connection: self._free(connection, slot))
        except StoreUnavailable:
            if slot.pace is not None and slot.pace.refused:
                slot.wait = slot.pace.wait or ALONE

    def _free(self, connection: sqlite3.Connection, slot: Slot) -> float:
        """Free a slot, and begin or end a pause; return how many seconds a refused call must wait."""
        now, pace = self._now(), slot.pace
        connection.execute(FREE, {"now": now, "slot": slot.number})
        whole, one = self._names(slot.endpoint)
        if pace is not None and pace.refused:
            name = one if pace.endpoint_only else whole
            return cooling.begin(connection, name, now, pace.wait, again=slot.probing)
        if slot.probing and pace is not None:
            cooling.end(connection, whole)
            cooling.end(connection, one)
        if pace is not None and pace.used_up is not None and pace.used_up > self._per_second:
            # The hour is used up, though not by us: somebody else has the same key.
            advised = min(pace.wait or FOREIGN, FOREIGN)
            cooling.begin(connection, whole, now, advised, again=False)
        return 0.0

    def _names(self, endpoint: str) -> tuple[str, str]:
        """Return what the pauses of the whole key, and of this endpoint alone, are kept under."""
        return self._identity, f"{self._identity} {endpoint}"


def over_rate(wait: float) -> Fault:
    """Say that the limit is reached, and for how long."""
    return Fault(
        Code.OVER_RATE,
        "Sprinklr's limit on calls is reached for this API key.",
        f"Wait {max(1, round(wait))} seconds, then call again with the same arguments.",
    )
