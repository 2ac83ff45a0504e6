"""How much of Sprinklr's limits is used when everybody always wants to call, and whether one is ever passed.

The real limiter on a real store, in one process or in several. Sprinklr is a file that every call adds the
time of its arrival to; what counts as passing a limit is reckoned from those times alone, with true sliding
windows. A clock that runs faster lets two hours pass in half a minute; all of them take it from the system.
On request a process is killed in the middle of a call, and that clock is set back. One process also asks for
a token from time to time, which must not have to wait for the others.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from dataclasses import asdict, dataclass
from pathlib import Path

import anyio

from sprinklr_mcp.errors import Fault
from sprinklr_mcp.sending.limiter import HOUR, SECOND, Limiter
from sprinklr_mcp.store.database import Database

PER_SECOND, PER_HOUR = 10, 1000
CALLERS = 3
"""In each process, calling again as soon as they may."""
ANSWER, GIVEN_UP = 0.2, 10.0
"""Seconds, on the clock in use: of a call, and before the next attempt after a refusal."""
PATIENCE = 60.0
TOKEN_EVERY = 600.0
REFUSED = "refused"


@dataclass(frozen=True)
class Load:
    """How many processes call, for how many seconds of a clock that runs so much faster than the real one.

    In the middle the last process may be killed while it holds a slot, and the clock may be set back by so
    many seconds.
    """

    processes: int
    seconds: float
    faster: float
    per_hour: int = PER_HOUR
    kill: bool = False
    set_back: float = 0.0

    @property
    def middle(self) -> float:
        """The moment when it happens."""
        return self.seconds / 2


@dataclass(frozen=True)
class Use:
    """The share of the limit that was used, the calls beyond one, and the tokens that were refused."""

    share: float
    overruns: int
    tokens_refused: int


def measured(load: Load, window: float = HOUR) -> Use:
    """Let the processes call, and reckon from the arrivals how much of the window's limit they used."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, folder, json.dumps(asdict(load))]
        callers = [
            subprocess.Popen([*command, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            for number in range(load.processes)
        ]
        _begin_at_once(callers)
        ended = [one.returncode for one in callers]
        if ended != [0] * (load.processes - load.kill) + [-signal.SIGKILL] * load.kill:
            raise RuntimeError(f"the processes that call ended with {ended}")
        told = (Path(folder) / "arrivals").read_text().split()
    return used(sorted(float(one) for one in told if one != REFUSED), load, window, told.count(REFUSED))


def _begin_at_once(callers: list[subprocess.Popen[bytes]]) -> None:
    """Tell all of them the time of the beginning once all are ready, and wait for their end."""
    for one in callers:
        if one.stdout is not None:
            one.stdout.readline()
    begin = f"{time.time()}\n".encode()
    for one in callers:
        if one.stdin is not None:
            one.stdin.write(begin)
            one.stdin.flush()
    for one in callers:
        one.communicate()


def used(arrivals: list[float], load: Load, window: float, tokens_refused: int = 0) -> Use:
    """Return the use of one limit; `arrivals` in seconds from the beginning, in order."""
    limit = load.per_hour if window == HOUR else PER_SECOND
    beyond = over(arrivals, PER_SECOND, SECOND) + over(arrivals, load.per_hour, HOUR)
    return Use(len(arrivals) / (limit * load.seconds / window), beyond, tokens_refused)


def over(arrivals: list[float], limit: int, window: float) -> int:
    """Count the calls that were one too many in the window that ends with them."""
    return sum(
        number - bisect_right(arrivals, moment - window) >= limit for number, moment in enumerate(arrivals)
    )


class Clock:
    """Seconds since the beginning, passing faster than they do."""

    def __init__(self, begin: float, load: Load) -> None:
        self._begin = begin
        self._load = load

    def true(self) -> float:
        """Return the time, which nobody sets back."""
        return (time.time() - self._begin) * self._load.faster

    def now(self) -> float:
        """Return the time as the system tells it."""
        true = self.true()
        return true - self._load.set_back if true >= self._load.middle else true

    async def sleep(self, seconds: float) -> None:
        """Let so many seconds of this clock pass."""
        await anyio.sleep(seconds / self._load.faster)


class Caller:
    """One process that calls as often as the limiter allows until the clock has gone so far."""

    def __init__(self, folder: Path, load: Load, number: int, begin: float) -> None:
        self._load = load
        self._asks_for_tokens = number == 0
        self._dies = load.kill and number == load.processes - 1
        self._clock = clock = Clock(begin, load)
        self._database = Database(folder / "store.sqlite3")
        self._limiter = Limiter(
            self._database.relaxed(), "bench", PER_SECOND, load.per_hour, now=clock.now, sleep=clock.sleep
        )
        self._arrivals = os.open(folder / "arrivals", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)

    async def run(self) -> None:
        """Call until the end."""
        async with anyio.create_task_group() as group:
            for _ in range(CALLERS):
                group.start_soon(self._call_again_and_again)
            if self._asks_for_tokens:
                group.start_soon(self._ask_for_tokens)
        await self._database.close()
        os.close(self._arrivals)

    async def _call_again_and_again(self) -> None:
        while self._clock.true() < self._load.seconds:
            try:
                await self._call()
            except Fault:
                await self._clock.sleep(GIVEN_UP)

    async def _ask_for_tokens(self) -> None:
        while self._clock.true() + TOKEN_EVERY < self._load.seconds:
            await self._clock.sleep(TOKEN_EVERY)
            try:
                await self._call(urgent=True)
            except Fault:
                os.write(self._arrivals, f"{REFUSED}\n".encode())

    async def _call(self, *, urgent: bool = False) -> None:
        async with self._limiter.slot(PATIENCE, urgent=urgent):
            moment = self._clock.true()
            if moment < self._load.seconds:
                os.write(self._arrivals, f"{moment:.6f}\n".encode())
            if self._dies and moment >= self._load.middle:
                os.kill(os.getpid(), signal.SIGKILL)
            await self._clock.sleep(ANSWER)


def main() -> None:
    """Be one of the processes that call: say that it is ready, and begin when told the time."""
    folder, load, number = sys.argv[1:]
    print("ready", flush=True)  # noqa: T201
    begin = float(sys.stdin.readline())
    anyio.run(Caller(Path(folder), Load(**json.loads(load)), int(number), begin).run)


if __name__ == "__main__":
    main()
