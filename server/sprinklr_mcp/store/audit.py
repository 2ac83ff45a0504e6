"""The audit log: what was about to be done, what came of it, who agreed. Rows are only ever added.

Each row carries the hash of the one before, so that damage, a change or a gap shows. It is no proof against
somebody who can write the file and computes every hash anew.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sprinklr_mcp.store.database import Database

LAST = "SELECT hash FROM audit ORDER BY number DESC LIMIT 1"
APPEND = "INSERT INTO audit (time, record, hash) VALUES (:time, :record, :hash)"
NEWEST = "SELECT * FROM (SELECT * FROM audit ORDER BY number DESC LIMIT :most) ORDER BY number"
ALL = "SELECT * FROM audit ORDER BY number"
HIGHEST = "SELECT seq FROM sqlite_sequence WHERE name = 'audit'"
"""The highest number ever given: without it, nobody would miss the newest rows."""


@dataclass(frozen=True)
class AuditRow:
    """One row; `time` in seconds since 1970."""

    number: int
    time: float
    record: Mapping[str, Any]


@dataclass(frozen=True)
class Verification:
    """How many rows were checked, and the number of the first that does not fit, if any."""

    rows: int
    first_wrong: int | None


def append(connection: sqlite3.Connection, record: Mapping[str, Any]) -> None:
    """Add a row within the caller's transaction; empty members are left out."""
    now = time.time()
    text = json.dumps(
        {name: value for name, value in record.items() if value not in (None, "", {}, [])},
        ensure_ascii=True,
        sort_keys=True,
        separators=(",", ":"),
    )
    last = connection.execute(LAST).fetchone()
    values = {"time": now, "record": text, "hash": _hash(last["hash"] if last else "", now, text)}
    connection.execute(APPEND, values)


class AuditLog:
    """Reads the log, and adds rows that belong to no other change."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, record: Mapping[str, Any]) -> None:
        """Add a row."""
        await self._database.write(lambda connection: append(connection, record))

    async def newest(self, most: int) -> list[AuditRow]:
        """Return the newest rows, oldest of them first."""
        rows = await self._database.read(lambda c: c.execute(NEWEST, {"most": most}).fetchall())
        return [AuditRow(row["number"], row["time"], json.loads(row["record"])) for row in rows]

    async def verify(self) -> Verification:
        """Compute the chain again."""
        rows, highest = await self._database.read(
            lambda c: (c.execute(ALL).fetchall(), c.execute(HIGHEST).fetchone())
        )
        previous = ""
        for expected, row in enumerate(rows, 1):
            if row["number"] != expected or row["hash"] != _hash(previous, row["time"], row["record"]):
                return Verification(len(rows), expected)
            previous = row["hash"]
        complete = len(rows) == (highest["seq"] if highest else 0)
        return Verification(len(rows), None if complete else len(rows) + 1)


def _hash(previous: str, moment: float, record: str) -> str:
    return hashlib.sha256(f"{previous}\n{moment!r}\n{record}".encode()).hexdigest()
