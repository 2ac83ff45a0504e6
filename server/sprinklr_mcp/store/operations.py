"""The operations: every write, from just before it leaves to what came of it.

The intent, the spending of its approval and the audit row are one transaction, durable before anything
is sent; so a replay, another process or a restart finds it.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sprinklr_mcp.errors import Code, Fault, Sent
from sprinklr_mcp.processes import is_gone, this_process
from sprinklr_mcp.store import approvals, audit
from sprinklr_mcp.store.budgets import Budgets
from sprinklr_mcp.store.database import Database

TWIN = """
    SELECT * FROM operation WHERE principal = :principal AND digest = :digest
        AND status IN ('sending', 'unknown') AND started_at > :since ORDER BY started_at DESC LIMIT 1
"""
START = """
    INSERT INTO operation (operation, principal, tool, digest, status, started_at, ends_by, process)
    VALUES (:operation, :principal, :tool, :digest, 'sending', :now, :ends_by, :process)
"""
FINISH = """
    UPDATE operation SET status = :status, ended_at = :now WHERE operation = :operation RETURNING tool
"""
UNDER_WAY = "SELECT operation, ends_by, process FROM operation WHERE status = 'sending'"
SENDING = "SELECT count(*) AS found FROM operation WHERE status = 'sending'"
OPEN_OUTCOMES = "SELECT count(*) AS found FROM operation WHERE status = 'unknown' AND started_at > :since"
PAUSED = "SELECT set_at FROM flag WHERE name = 'paused'"
PAUSE = """
    INSERT INTO flag (name, value, set_at) VALUES ('paused', '1', :now) ON CONFLICT (name) DO NOTHING
"""
RESUME = "DELETE FROM flag WHERE name = 'paused'"

ABANDONED = 30.0
"""Seconds after its time at which a write that nobody ended is taken for cut off, whoever made it."""
TWIN_WINDOW = 600.0
"""Seconds for which an identical write is refused while the first one's outcome is not known."""


@dataclass(frozen=True)
class Intent:
    """A write that is about to leave."""

    principal: str
    tool: str
    digest: str
    repeatable: bool
    approval: str | None
    way: str | None
    arguments: Mapping[str, Any]
    settle: str
    """In words, the read that tells what became of it; may be empty."""
    lasts: float
    """In seconds, how long it may be under way."""


class OperationStore:
    """Every write, by its operation id."""

    def __init__(self, database: Database, budgets: Budgets, resume_command: str) -> None:
        self._database = database
        self._budgets = budgets
        self._resume_command = resume_command

    async def begin(self, intent: Intent) -> str:
        """Write the intent and spend its approval; return the operation's id.

        Raises `Fault` PAUSED, CONFIRMATION_USED, OUTCOME_UNKNOWN (an identical write is not settled) or
        OVER_RATE (the tool's hour holds no more). Then nothing is spent either.
        """

        def write(connection: sqlite3.Connection) -> str:
            self._refuse_if_paused(connection)
            _settle_all(connection, _abandoned(connection))
            return self._begin(connection, intent)

        return await self._database.write(write)

    def _begin(self, connection: sqlite3.Connection, intent: Intent) -> str:
        now, operation = time.time(), secrets.token_hex(8)
        if intent.approval is not None and not approvals.spend(connection, intent.approval, operation):
            raise Fault(
                Code.CONFIRMATION_USED,
                "The person's agreement was already used, or has expired.",
                "If it should happen once more, call again with the same arguments; the person is asked "
                "anew.",
            )
        _refuse_twin(connection, intent)
        self._budgets.refuse_if_used_up(connection, intent.principal, intent.tool)
        who = {"principal": intent.principal, "digest": intent.digest}
        times = {"now": now, "ends_by": now + intent.lasts + ABANDONED}
        by = {"tool": intent.tool, "process": this_process()}
        connection.execute(START, {**who, **times, **by, "operation": operation})
        audit.append(
            connection,
            {
                "kind": "intent",
                "operation": operation,
                "principal": intent.principal,
                "tool": intent.tool,
                "digest": intent.digest,
                "approved": intent.way,
                "arguments": dict(intent.arguments),
            },
        )
        return operation

    async def refuse_if_stopped(self, principal: str, tool: str) -> None:
        """Raises `Fault` PAUSED or OVER_RATE as `begin` would, so that a person is not asked in vain."""

        def look(connection: sqlite3.Connection) -> None:
            self._refuse_if_paused(connection)
            self._budgets.refuse_if_used_up(connection, principal, tool)

        await self._database.read(look)

    async def used(self, principal: str) -> dict[str, tuple[int, int]]:
        """Return how many writes the last hour held and how many it may, for each tool with a budget."""
        return await self._database.read(lambda connection: self._budgets.used(connection, principal))

    def _refuse_if_paused(self, connection: sqlite3.Connection) -> None:
        if connection.execute(PAUSED).fetchone() is not None:
            raise Fault(
                Code.PAUSED,
                "A person has paused every tool that changes something.",
                f"Ask them to run `{self._resume_command}` when writes may go on. Reading works.",
            )

    async def refuse_if_unsettled(self, intent: Intent) -> None:
        """Raises `Fault` OUTCOME_UNKNOWN as `begin` would, so that a person is not asked in vain."""
        await self._database.read(lambda connection: _refuse_twin(connection, intent))

    async def unsettled_before(self, intent: Intent) -> str | None:
        """Return the id of the newest identical write whose outcome was never known."""
        values = {"principal": intent.principal, "digest": intent.digest, "since": 0.0}
        twin = await self._database.read(lambda connection: connection.execute(TWIN, values).fetchone())
        return twin["operation"] if twin else None

    async def finish(self, operation: str, status: str, code: str | None) -> None:
        """Write the outcome: done, failed (certainly not executed) or unknown."""

        await self._database.write(lambda connection: _finish(connection, operation, status, code))

    async def settle_abandoned(self) -> None:
        """Write down of every write that a process was killed in that its outcome is not known.

        Writes that may still be under way are left alone. Raises `StoreUnavailable`.
        """
        # Looked at first: mostly there is none, and then nobody waits for a turn to write.
        if await self._database.read(_abandoned):
            await self._database.write(lambda connection: _settle_all(connection, _abandoned(connection)))

    async def unknown_since(self, moment: float) -> int:
        """Return how many writes that began since then, in seconds since 1970, have no known outcome."""
        row = await self._database.read(lambda c: c.execute(OPEN_OUTCOMES, {"since": moment}).fetchone())
        return row["found"]

    async def under_way(self) -> int:
        """Return how many writes are being sent at this moment, by whichever process."""
        row = await self._database.read(lambda connection: connection.execute(SENDING).fetchone())
        return row["found"]

    async def paused_since(self) -> float | None:
        """Return since when writes are paused, in seconds since 1970; None where they are not."""
        row = await self._database.read(lambda connection: connection.execute(PAUSED).fetchone())
        return row["set_at"] if row else None

    async def pause(self) -> None:
        """Stop every write, of all processes on this store, from the next one on."""
        await self._change(PAUSE, "paused")

    async def resume(self) -> None:
        """Let writes go on."""
        await self._change(RESUME, "resumed")

    async def _change(self, statement: str, kind: str) -> None:
        def write(connection: sqlite3.Connection) -> None:
            connection.execute(statement, {"now": time.time()})
            audit.append(connection, {"kind": kind})

        await self._database.write(write)


def _finish(connection: sqlite3.Connection, operation: str, status: str, code: str | None) -> None:
    values = {"operation": operation, "status": status, "now": time.time()}
    tool = connection.execute(FINISH, values).fetchone()["tool"]
    approvals.end(connection, operation, status)
    record = {"kind": "outcome", "operation": operation, "tool": tool, "outcome": status, "code": code}
    audit.append(connection, record)


def _abandoned(connection: sqlite3.Connection) -> list[str]:
    """Return the writes that nobody will end: their process is gone, or their time is long over."""
    now, under_way = time.time(), connection.execute(UNDER_WAY).fetchall()
    return [row["operation"] for row in under_way if row["ends_by"] < now or is_gone(row["process"])]


def _settle_all(connection: sqlite3.Connection, abandoned: Sequence[str]) -> None:
    for operation in abandoned:
        _finish(connection, operation, "unknown", "ABANDONED")


def _refuse_twin(connection: sqlite3.Connection, intent: Intent) -> None:
    """Refuse a write that may not be repeated while it is open whether an identical one happened."""
    if intent.repeatable:
        return
    values = {
        "principal": intent.principal,
        "digest": intent.digest,
        "since": time.time() - TWIN_WINDOW,
    }
    twin = connection.execute(TWIN, values).fetchone()
    if twin is not None:
        raise _unsettled(twin, intent)


def _unsettled(twin: sqlite3.Row, intent: Intent) -> Fault:
    return Fault(
        Code.OUTCOME_UNKNOWN,
        f"The same call was made a moment ago (operation {twin['operation']}), and whether it happened is "
        "not known. This second call was not sent.",
        intent.settle or "Read what it would have changed before you repeat it.",
        sent=Sent.NO,
        operation=twin["operation"],
    )
