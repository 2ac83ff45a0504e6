"""The audit log under many processes that are killed as they write. `make records` runs it at full size."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sprinklr_mcp.store.audit import AuditLog, AuditRow, Verification
from sprinklr_mcp.store.budgets import Budgets
from sprinklr_mcp.store.database import Database
from sprinklr_mcp.store.operations import OperationStore

pytestmark = pytest.mark.anyio

RECORDS = int(os.environ.get("AUDIT_RECORDS", "2000"))
WRITERS = 8
KILLED = 6
"""How many processes are killed, evenly over the run; another takes the place of each."""
LONGEST = 50 + RECORDS / 50
"""Seconds after which it hangs."""


class Writers:
    """Processes that write to one log, each with a file of its own for what leaves."""

    def __init__(self, store: Path, left: Path, group: ExitStack) -> None:
        self._store, self._left, self._group = store, left, group
        self._numbers = itertools.count()
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        script = Path(__file__).with_name("log_writer.py")
        file = self._left / str(next(self._numbers))
        command = [sys.executable, str(script), str(self._store), str(file), str(RECORDS)]
        process = self._group.enter_context(subprocess.Popen(command))
        self._group.callback(process.kill)
        self._running.append(process)

    def kill_the_oldest(self) -> None:
        process = self._running.pop(0)
        process.kill()
        assert process.wait(10) == -9, "it was killed while it wrote, and had not come to its end"

    def wait(self) -> None:
        for process in self._running:
            assert process.wait(LONGEST) == 0

    def left(self) -> Iterator[str]:
        """What left, by operation, as far as its process came to write it down."""
        for file in self._left.iterdir():
            yield from file.read_text().split()


@pytest.mark.timeout(LONGEST + 30)
async def test_the_log_of_many_processes_stays_whole_however_they_end(tmp_path: Path) -> None:
    """SR-33: eight processes, some killed with -9: the chain verifies, each commit has its intent before."""
    (tmp_path / "left").mkdir()
    database = Database(tmp_path / "store.sqlite3")
    log = AuditLog(database)
    with ExitStack() as group:
        writers = Writers(database.path, tmp_path / "left", group)
        for _ in range(WRITERS):
            writers.start()
        for death in range(1, KILLED + 1):
            await reaches(log, death * RECORDS // (KILLED + 1))
            writers.kill_the_oldest()
            writers.start()
        writers.wait()
    await OperationStore(database, Budgets({}), "").settle_abandoned()
    rows = [row async for row in log.rows()]
    assert RECORDS <= len(rows) <= RECORDS + 2 * WRITERS
    assert await log.verify() == Verification(len(rows), None)
    intents, outcomes = numbers(rows, "intent"), numbers(rows, "outcome")
    assert intents.keys() == outcomes.keys()
    assert all(intents[operation] < outcomes[operation] for operation in intents)
    left = list(writers.left())
    assert len(left) == len(set(left))
    assert set(left) <= intents.keys()
    unknown = [row for row in rows if row.record.get("outcome") == "unknown"]
    assert len(unknown) <= KILLED, "the writes of those that run were left alone"
    assert len(left) >= len(intents) - len(unknown)
    await database.close()


def numbers(rows: list[AuditRow], kind: str) -> dict[str, int]:
    """Return where the records of that kind stand, by operation, of which each has one."""
    found = [(row.record["operation"], row.number) for row in rows if row.record["kind"] == kind]
    assert len(dict(found)) == len(found)
    return dict(found)


async def reaches(log: AuditLog, number: int) -> None:
    give_up = time.monotonic() + LONGEST
    while not [row async for row in log.rows(most=1) if row.number >= number]:
        assert time.monotonic() < give_up
        time.sleep(0.02)
