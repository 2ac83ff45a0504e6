"""How many calls one process takes at a time: so many under way, so many waiting, and no more.

Whoever comes beyond that is told at once instead of waiting without end. Knows no protocol and no tool.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio

from sprinklr_mcp.errors import Code, Fault, Sent

LANES = 32
QUEUE = 64
FORMS = 16
AGAIN = "Wait until some of them are answered, then call again with the same arguments."


class Admission:
    """The lanes of one process, and the queue before them.

    `full` and `occupied` tell whether one more call would be refused, or would have to wait.
    """

    def __init__(self, lanes: int = LANES, queue: int = QUEUE, forms: int = FORMS) -> None:
        self._lanes, self._queue, self._forms = lanes, queue, forms
        self._free = anyio.Semaphore(lanes)
        self._waiting = 0
        self._asked = 0
        self._present: set[Lane] = set()
        self._closing = False

    @property
    def full(self) -> bool:
        """A lane that becomes free goes to who waits, so a full queue means that none is free."""
        return self._waiting >= self._queue

    @property
    def occupied(self) -> bool:
        """No lane is free."""
        return self._free.value == 0

    def busy(self) -> Fault:
        """Return what is said to a call that is not taken."""
        return Fault(
            Code.BUSY,
            f"This server has as many calls as it takes: {self._lanes} under way and {self._queue} waiting.",
            AGAIN,
        )

    @asynccontextmanager
    async def lane(self) -> AsyncGenerator[Lane]:
        """Wait for a lane and have it as long as the block runs.

        Raises `Fault` BUSY if too many wait or the end has begun, and OUTCOME_UNKNOWN in the place of a
        block that the end has cut off.
        """
        if self._closing:
            raise _ending()
        lane = Lane(self)
        self._present.add(lane)
        try:
            with lane.scope:
                if not lane.taken_at_once():
                    await self._queued(lane)
                yield lane
        finally:
            was_under_way = lane.held
            self._present.discard(lane)
            lane.give_back()
        if lane.scope.cancelled_caught:
            raise _cut_off() if was_under_way else _ending()

    def close(self) -> None:
        """Take no more calls, and end those that only wait: for a lane, or for a person."""
        self._closing = True
        for lane in self._present:
            if not lane.held:
                lane.scope.cancel()

    def cut(self) -> int:
        """End those that are under way, so that they are still answered, and return how many there were."""
        for lane in self._present:
            lane.scope.cancel()
        return len(self._present)

    async def _queued(self, lane: Lane) -> None:
        if self.full:
            raise self.busy()
        self._waiting += 1
        try:
            await lane.take()
        finally:
            self._waiting -= 1

    async def take(self) -> None:
        """Wait for a lane, behind all who came before."""
        await self._free.acquire()

    def take_at_once(self) -> None:
        """Take a lane. Raises `anyio.WouldBlock` where none is free."""
        self._free.acquire_nowait()

    def give_back(self) -> None:
        """Let the next call have a lane."""
        self._free.release()

    def asked(self, more: int) -> None:
        """Count a question that is put to a person, or one less. Raises `Fault` BUSY beyond the limit."""
        if more > 0 and self._asked >= self._forms:
            told = f"As many questions as anybody could answer are before the person: {self._forms}."
            raise Fault(Code.BUSY, told, AGAIN)
        self._asked += more


class Lane:
    """One call's place among those under way."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._held = False
        self.scope = anyio.CancelScope()

    @property
    def held(self) -> bool:
        """The call is under way: it waits neither for its place nor for a person."""
        return self._held

    def taken_at_once(self) -> bool:
        """Take the place if one is free, and tell whether it was."""
        try:
            self._admission.take_at_once()
        except anyio.WouldBlock:
            return False
        self._held = True
        return True

    async def take(self) -> None:
        """Wait for the place."""
        await self._admission.take()
        self._held = True

    def give_back(self) -> None:
        """Let the next call have the place, if this one has it."""
        if self._held:
            self._held = False
            self._admission.give_back()

    @asynccontextmanager
    async def lent(self) -> AsyncGenerator[None]:
        """Do without the place while a person is asked: minutes may pass, and others need it.

        Whoever was asked is never told BUSY afterwards: the call waits for a place, however many do.
        """
        self._admission.asked(1)
        try:
            self.give_back()
            yield
        finally:
            self._admission.asked(-1)
        # Not for a call that stops here: it needs no place any more.
        await self.take()


def _ending() -> Fault:
    return Fault(
        Code.BUSY,
        "This server is about to end, so the call waits no longer.",
        "Call again with the same arguments when the server runs again.",
    )


def _cut_off() -> Fault:
    return Fault(
        Code.OUTCOME_UNKNOWN,
        "This server had to end before the call did.",
        "Repeat it if it only reads. Before you repeat a write, read what it would have changed.",
        sent=Sent.UNKNOWN,
    )
