"""How much of Sprinklr's limits is used when everybody always wants to call, and whether one is ever passed.

The real limiter on a real store, in one process or in several. Sprinklr is a file that every call adds the
time of its arrival to; what counts as passing a limit is reckoned from those times alone, with true sliding
windows. A clock that runs faster lets two hours pass in half a minute; all of them take it from the system.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

import anyio

from sprinklr_mcp.errors import Fault
from sprinklr_mcp.limiter import HOUR, SECOND, Limiter
from sprinklr_mcp.store.database import Database

PER_SECOND, PER_HOUR = 10, 1000
CALLERS = 3
"""In each process, calling again as soon as they may."""
ANSWER, GIVEN_UP = 0.2, 10.0
"""Seconds, on the clock in use: of a call, and before the next attempt after a refusal."""
PATIENCE = 60.0


@dataclass(frozen=True)
class Load:
    """How many processes call, for how many seconds of a clock that runs so much faster than the real one."""

    processes: int
    seconds: float
    faster: float
    per_hour: int = PER_HOUR


@dataclass(frozen=True)
class Use:
    """The share of the limit that was used, and how many calls arrived beyond one."""

    share: float
    overruns: int


def measured(load: Load, window: float = HOUR) -> Use:
    """Let the processes call, and reckon from the arrivals how much of the window's limit they used."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.time() + 2.0
        mine = ["--begin", str(begin), "--seconds", str(load.seconds), "--faster", str(load.faster)]
        command = [sys.executable, __file__, folder, *mine, "--per-hour", str(load.per_hour)]
        callers = [subprocess.Popen(command) for _ in range(load.processes)]
        ended = [one.wait() for one in callers]
        if any(ended):
            raise RuntimeError("a process that calls ended with an error")
        told = (Path(folder) / "arrivals").read_text().split()
    return used(sorted(float(one) for one in told), load, window)


def used(arrivals: list[float], load: Load, window: float) -> Use:
    """Return the use of one limit; `arrivals` in seconds from the beginning, in order."""
    limit = load.per_hour if window == HOUR else PER_SECOND
    beyond = over(arrivals, PER_SECOND, SECOND) + over(arrivals, load.per_hour, HOUR)
    return Use(len(arrivals) / (limit * load.seconds / window), beyond)


def over(arrivals: list[float], limit: int, window: float) -> int:
    """Count the calls that were one too many in the window that ends with them."""
    return sum(
        number - bisect_right(arrivals, moment - window) >= limit for number, moment in enumerate(arrivals)
    )


class Clock:
    """Seconds since the beginning, passing faster than they do."""

    def __init__(self, begin: float, faster: float) -> None:
        self._begin = begin
        self._faster = faster

    def now(self) -> float:
        """Return the time."""
        return (time.time() - self._begin) * self._faster

    async def sleep(self, seconds: float) -> None:
        """Let so many seconds of this clock pass."""
        await anyio.sleep(seconds / self._faster)


async def call_until_the_end(folder: Path, clock: Clock, seconds: float, per_hour: int) -> None:
    """Call as often as the limiter allows until the clock has gone so far."""
    database = Database(folder / "store.sqlite3")
    limiter = Limiter(database.relaxed(), "bench", PER_SECOND, per_hour, now=clock.now, sleep=clock.sleep)
    arrivals = os.open(folder / "arrivals", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)

    async def caller() -> None:
        while clock.now() < seconds:
            try:
                async with limiter.slot(PATIENCE):
                    moment = clock.now()
                    if moment < seconds:
                        os.write(arrivals, f"{moment:.6f}\n".encode())
                    await clock.sleep(ANSWER)
            except Fault:
                await clock.sleep(GIVEN_UP)

    await clock.sleep(max(0.0, -clock.now()))
    async with anyio.create_task_group() as group:
        for _ in range(CALLERS):
            group.start_soon(caller)
    await database.close()
    os.close(arrivals)


def main() -> None:
    """Be one of the processes that call."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--begin", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--faster", type=float, required=True)
    parser.add_argument("--per-hour", type=int, required=True)
    given = parser.parse_args()
    clock = Clock(given.begin, given.faster)
    anyio.run(call_until_the_end, given.folder, clock, given.seconds, given.per_hour)


if __name__ == "__main__":
    main()
