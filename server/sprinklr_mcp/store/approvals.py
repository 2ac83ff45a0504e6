"""The approval records: what a person is asked, and how it moved on. A status moves one way.

waiting → approved | declined | expired; approved → spent | expired; spent → done | failed | unknown.
What is sealed in a record is erased when it reaches its end; the digest stays.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from dataclasses import dataclass
from enum import StrEnum

from sprinklr_mcp.store.database import Database
from sprinklr_mcp.store.sealing import Sealer


class Status(StrEnum):
    """Where a record stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"
    SPENT = "spent"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


OPEN = """
    INSERT INTO approval
        (handle, principal, tool, digest, arguments_digest, status, created_at, expires_at, sealed)
    VALUES
        (:handle, :principal, :tool, :digest, :arguments_digest, 'waiting', :now, :expires_at, :sealed)
"""
BY_HANDLE = "SELECT * FROM approval WHERE handle = :handle AND principal = :principal"
STANDING = """
    SELECT * FROM approval WHERE principal = :principal AND digest = :digest
        AND status IN ('waiting', 'approved') ORDER BY created_at DESC, rowid DESC LIMIT 1
"""
DECLINED_SINCE = """
    SELECT max(decided_at) AS decided_at FROM approval
    WHERE principal = :principal AND digest = :digest AND status = 'declined' AND way = :way
"""
WAITING = "SELECT * FROM approval WHERE principal = :principal AND status = 'waiting' ORDER BY created_at"
EXPIRE = """
    UPDATE approval SET status = 'expired', sealed = NULL
    WHERE status IN ('waiting', 'approved') AND expires_at < :now
"""
SHOW_AGAIN = "UPDATE approval SET expires_at = :expires_at WHERE handle = :handle AND status = 'waiting'"
DECIDE = """
    UPDATE approval SET status = :status, way = :way, decided_at = :now, expires_at = :expires_at,
        sealed = CASE WHEN :status = 'approved' THEN sealed END
    WHERE handle = :handle AND status = 'waiting' AND expires_at >= :now
"""
SPEND = """
    UPDATE approval SET status = 'spent', operation = :operation
    WHERE handle = :handle AND status = 'approved' AND expires_at >= :now
"""
REVOKE = (
    "UPDATE approval SET status = 'expired', sealed = NULL WHERE handle = :handle AND status = 'approved'"
)
END = "UPDATE approval SET status = :status, sealed = NULL WHERE operation = :operation AND status = 'spent'"


@dataclass(frozen=True)
class Approval:
    """One record. Times in seconds since 1970; `way` tells how the person answered."""

    handle: str
    tool: str
    digest: str
    arguments_digest: str
    status: Status
    way: str | None
    expires_at: float
    decided_at: float | None
    operation: str | None
    sealed: bytes | None


class ApprovalStore:
    """The records of one principal."""

    def __init__(self, database: Database, sealer: Sealer, principal: str, lifetime: float) -> None:
        self._database = database
        self._sealer = sealer
        self._principal = principal
        self._lifetime = lifetime

    async def open(self, tool: str, digest: str, arguments_digest: str, content: bytes) -> Approval:
        """Return the record that stands for a request, its time to answer begun anew.

        Writes a waiting one where there is none; never two, even if several processes ask at once.
        """
        now, handle = time.time(), secrets.token_urlsafe(32)
        values = {
            "handle": handle,
            "principal": self._principal,
            "tool": tool,
            "digest": digest,
            "arguments_digest": arguments_digest,
            "now": now,
            "expires_at": now + self._lifetime,
            "sealed": await self._sealer.seal(content, f"approval:{handle}"),
        }

        def stand(connection: sqlite3.Connection) -> Approval:
            connection.execute(EXPIRE, values)
            if connection.execute(STANDING, values).fetchone() is None:
                connection.execute(OPEN, values)
            standing = _approval(connection.execute(STANDING, values).fetchone())
            connection.execute(SHOW_AGAIN, {**values, "handle": standing.handle})
            return standing

        return await self._database.write(stand)

    async def by_handle(self, handle: str) -> Approval | None:
        """Return this principal's record of that handle."""
        return await self._one(BY_HANDLE, handle=handle)

    async def waiting(self) -> list[Approval]:
        """Return what waits for an answer, oldest first."""
        rows = await self._rows(WAITING, {"principal": self._principal})
        return [_approval(row) for row in rows]

    async def declined_at(self, digest: str, way: str) -> float | None:
        """Return when the request was last declined in that way."""
        rows = await self._rows(DECLINED_SINCE, {"principal": self._principal, "digest": digest, "way": way})
        return rows[0]["decided_at"]

    async def show_again(self, handle: str) -> None:
        """Let the time to answer begin anew, as the question is displayed again."""
        values = {"handle": handle, "expires_at": time.time() + self._lifetime}
        await self._database.write(lambda connection: connection.execute(SHOW_AGAIN, values))

    async def revoke(self, handle: str) -> None:
        """Let an agreement that was not used expire at once."""
        await self._database.write(lambda connection: connection.execute(REVOKE, {"handle": handle}))

    async def decide(self, handle: str, status: Status, way: str) -> bool:
        """Write the person's answer; False where the record no longer waits."""
        now = time.time()
        values = {
            "handle": handle,
            "status": status.value,
            "way": way,
            "now": now,
            "expires_at": now + self._lifetime,
        }
        return await self._database.write(lambda c: c.execute(DECIDE, values).rowcount == 1)

    async def content(self, approval: Approval) -> bytes | None:
        """Return what a record holds, while it holds it."""
        if approval.sealed is None:
            return None
        return await self._sealer.open(approval.sealed, f"approval:{approval.handle}")

    async def _one(self, statement: str, **values: str) -> Approval | None:
        rows = await self._rows(statement, {"principal": self._principal, **values})
        return _approval(rows[0]) if rows else None

    async def _rows(self, statement: str, values: dict[str, str]) -> list[sqlite3.Row]:
        def find(connection: sqlite3.Connection) -> list[sqlite3.Row]:
            connection.execute(EXPIRE, {"now": time.time()})
            return connection.execute(statement, values).fetchall()

        return await self._database.write(find)


def spend(connection: sqlite3.Connection, handle: str, operation: str) -> bool:
    """Use an approval up, within the transaction that writes the intent; False where it cannot be."""
    values = {"handle": handle, "operation": operation, "now": time.time()}
    return connection.execute(SPEND, values).rowcount == 1


def end(connection: sqlite3.Connection, operation: str, status: str) -> None:
    """Write how a spent approval's operation ended, and erase what the record held."""
    connection.execute(END, {"operation": operation, "status": status})


def _approval(row: sqlite3.Row) -> Approval:
    return Approval(
        handle=row["handle"],
        tool=row["tool"],
        digest=row["digest"],
        arguments_digest=row["arguments_digest"],
        status=Status(row["status"]),
        way=row["way"],
        expires_at=row["expires_at"],
        decided_at=row["decided_at"],
        operation=row["operation"],
        sealed=row["sealed"],
    )
