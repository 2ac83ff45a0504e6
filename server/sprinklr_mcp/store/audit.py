"""The audit log: what was about to be done, what came of it, who agreed. Rows are only ever added.

Each row carries the hash of the one before, so that damage, a change or a gap shows. It is no proof against
somebody who can write the file and computes every hash anew.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sprinklr_mcp.store.database import Database

LAST = "SELECT hash FROM audit ORDER BY number DESC LIMIT 1"
APPEND = "INSERT INTO audit (time, record, hash) VALUES (:time, :record, :hash)"
WANTED = """
    FROM audit WHERE time >= :since
        AND (:kind IS NULL OR json_extract(record, '$.kind') = :kind)
        AND (:tool IS NULL OR json_extract(record, '$.tool') = :tool)
        AND (:outcome IS NULL OR json_extract(record, '$.outcome') = :outcome)
        AND (:operation IS NULL OR json_extract(record, '$.operation') = :operation)
"""
FIRST_OF_NEWEST = f"SELECT number {WANTED} ORDER BY number DESC LIMIT 1 OFFSET :others"
NEXT = f"SELECT * {WANTED} AND number > :after ORDER BY number LIMIT :some"
ALL = "SELECT * FROM audit ORDER BY number"
HIGHEST = "SELECT seq FROM sqlite_sequence WHERE name = 'audit'"
"""The highest number ever given: without it, nobody would miss the newest rows."""
AT_A_TIME = 500
"""Rows that are read in one go; in between, others have their turn."""
KINDS: Mapping[str, frozenset[str]] = {
    "intent": frozenset({"tool", "operation"}),
    "outcome": frozenset({"tool", "operation", "outcome"}),
    "refusal": frozenset({"tool"}),
    "paused": frozenset(),
    "resumed": frozenset(),
}
"""Every kind of record, and what of the things to search by it has."""
OUTCOMES = ("done", "failed", "unknown")


@dataclass(frozen=True)
class AuditRow:
    """One row; `time` in seconds since 1970."""

    number: int
    time: float
    record: Mapping[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which rows; what is None, or a `since` of 0, leaves none out. `since` in seconds since 1970."""

    kind: str | None = None
    tool: str | None = None
    outcome: str | None = None
    operation: str | None = None
    since: float = 0.0


EVERYTHING = Wanted()


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

    async def rows(self, wanted: Wanted = EVERYTHING, most: int | None = None) -> AsyncGenerator[AuditRow]:
        """Yield the rows that are wanted, of them the newest `most`, oldest first.

        However long the log is, a few hundred are held at a time; rows that are added meanwhile come too.
        """
        values = {**asdict(wanted), "after": 0, "some": AT_A_TIME}
        if most is not None:
            values["after"] = await self._database.read(lambda c: _before_newest(c, most, values))
        while True:
            found = await self._database.read(lambda c: c.execute(NEXT, values).fetchall())
            for row in found:
                yield AuditRow(row["number"], row["time"], json.loads(row["record"]))
            if len(found) < AT_A_TIME:
                return
            values["after"] = found[-1]["number"]

    async def verify(self) -> Verification:
        """Compute the chain again."""
        return await self._database.read(_verify)


def _before_newest(connection: sqlite3.Connection, most: int, values: Mapping[str, Any]) -> int:
    """Return the number after which as many rows follow as are wanted; 0 where there are fewer."""
    first = connection.execute(FIRST_OF_NEWEST, {**values, "others": most - 1}).fetchone()
    return first["number"] - 1 if first else 0


def _verify(connection: sqlite3.Connection) -> Verification:
    previous, rows, first_wrong = "", 0, None
    for rows, row in enumerate(connection.execute(ALL), 1):
        fits = row["number"] == rows and row["hash"] == _hash(previous, row["time"], row["record"])
        if not fits and first_wrong is None:
            first_wrong = rows
        previous = row["hash"]
    highest = connection.execute(HIGHEST).fetchone()
    if first_wrong is None and rows != (highest["seq"] if highest else 0):
        first_wrong = rows + 1
    return Verification(rows, first_wrong)


def _hash(previous: str, moment: float, record: str) -> str:
    return hashlib.sha256(f"{previous}\n{moment!r}\n{record}".encode()).hexdigest()
