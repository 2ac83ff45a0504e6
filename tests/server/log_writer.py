"""A process that makes writes as fast as it can until the log holds so many records; for test_long_log.py.

What leaves, leaves to a file of its own: one line for each write, after its intent and before its outcome.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import anyio

from sprinklr_mcp.store.audit import HIGHEST
from sprinklr_mcp.store.budgets import Budgets
from sprinklr_mcp.store.database import Database
from sprinklr_mcp.store.operations import Intent, OperationStore

FORGED = "a\nb\r\n\u2028\x1b[31m\x00"
"""What would end a line or colour it, were it written as it is."""


def intent(name: str, number: int) -> Intent:
    return Intent(
        principal="local:1",
        tool="sprinklr_add_comment",
        digest=f"{name} {number}",
        repeatable=False,
        approval=None,
        way=None,
        arguments={"text": f"{FORGED} {number}"},
        settle="",
        lasts=60.0,
    )


async def write_on(store: Path, left: Path, records: int) -> None:
    database = Database(store)
    operations = OperationStore(database, Budgets({}), "")
    file = os.open(left, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    number = 0
    while (await database.read(lambda connection: connection.execute(HIGHEST).fetchone() or [0]))[
        0
    ] < records:
        number += 1
        operation = await operations.begin(intent(left.name, number))
        os.write(file, f"{operation}\n".encode())
        await operations.finish(operation, "done", None)


if __name__ == "__main__":
    anyio.run(write_on, Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
