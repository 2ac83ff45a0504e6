"""The operations: every write, from just before it leaves to what came of it.

The intent, the spending of its approval and the audit row are one transaction, durable before anything
is sent; so a replay, another process or a restart finds it.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sprinklr_mcp.errors import Code, Fault, Sent
from sprinklr_mcp.store import approvals, audit
from sprinklr_mcp.store.database import Database

TWIN = """
    SELECT * FROM operation WHERE principal = :principal AND digest = :digest
        AND status IN ('sending', 'unknown') AND started_at > :since ORDER BY started_at DESC LIMIT 1
"""
START = """
    INSERT INTO operation (operation, principal, tool, digest, status, started_at, ends_by)
    VALUES (:operation, :principal, :tool, :digest, 'sending', :now, :ends_by)
"""
FINISH = """
    UPDATE operation SET status = :status, ended_at = :now WHERE operation = :operation RETURNING tool
"""
ABANDON = """
    UPDATE operation SET status = 'unknown', ended_at = :now
    WHERE status = 'sending' AND ends_by < :now RETURNING operation, tool
"""
PAUSED = "SELECT set_at FROM flag WHERE name = 'paused'"
PAUSE = """
    INSERT INTO flag (name, value, set_at) VALUES ('paused', '1', :now) ON CONFLICT (name) DO NOTHING
"""
RESUME = "DELETE FROM flag WHERE name = 'paused'"

ABANDONED = 30.0
"""Seconds after its time at which a write that nobody ended is taken for cut off."""
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

    def __init__(self, database: Database, resume_command: str) -> None:
        self._database = database
        self._resume_command = resume_command

    async def begin(self, intent: Intent) -> str:
        """Write the intent and spend its approval; return the operation's id.

        Raises `Fault` PAUSED, OUTCOME_UNKNOWN (an identical write is not settled) or CONFIRMATION_USED.
        """

        def write(connection: sqlite3.Connection) -> str:
            self._refuse_if_paused(connection)
            _settle_abandoned(connection)
            return _begin(connection, intent)

        return await self._database.write(write)

    async def refuse_if_paused(self) -> None:
        """Raises `Fault` PAUSED while a person has stopped all writes."""
        await self._database.read(self._refuse_if_paused)

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

        def write(connection: sqlite3.Connection) -> None:
            values = {"operation": operation, "status": status, "now": time.time()}
            tool = connection.execute(FINISH, values).fetchone()["tool"]
            _ended(connection, operation, tool, status, code)

        await self._database.write(write)

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


def _ended(connection: sqlite3.Connection, operation: str, tool: str, status: str, code: str | None) -> None:
    approvals.end(connection, operation, status)
    record = {"kind": "outcome", "operation": operation, "tool": tool, "outcome": status, "code": code}
    audit.append(connection, record)


def _settle_abandoned(connection: sqlite3.Connection) -> None:
    """Write down of every write that a process was killed in that its outcome is not known."""
    for row in connection.execute(ABANDON, {"now": time.time()}).fetchall():
        _ended(connection, row["operation"], row["tool"], "unknown", "ABANDONED")


def _begin(connection: sqlite3.Connection, intent: Intent) -> str:
    now, operation = time.time(), secrets.token_hex(8)
    if intent.approval is not None and not approvals.spend(connection, intent.approval, operation):
        raise Fault(
            Code.CONFIRMATION_USED,
            "The person's agreement was already used, or has expired.",
            "If it should happen once more, call again with the same arguments; the person is asked anew.",
        )
    _refuse_twin(connection, intent)
    who = {"principal": intent.principal, "digest": intent.digest}
    times = {"now": now, "ends_by": now + intent.lasts + ABANDONED}
    connection.execute(START, {**who, **times, "operation": operation, "tool": intent.tool})
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
