"""Work that is carried to its end whoever asked for it has gone: writes, and renewals of the login.

It runs in tasks that no request owns. Whoever waits for one may be cancelled; the task goes on. Knows
nothing of what the work is.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

import anyio
from anyio.abc import TaskGroup

Result = TypeVar("Result")
DRAIN = 8.0
"""Seconds that a process which is to end leaves to what it has begun."""
log = logging.getLogger(__name__)


class _Task(Generic[Result]):
    """One piece of work; what it returned or raised is there once it is `over`."""

    def __init__(self, work: Callable[[], Awaitable[Result]]) -> None:
        self._work = work
        self._results: list[Result] = []
        self._error: Exception | None = None
        self.over = anyio.Event()
        self.scope = anyio.CancelScope(shield=True)

    async def run(self) -> None:
        with self.scope:
            try:
                self._results.append(await self._work())
            # Kept for whoever waits, who raises it again: here it would end everybody else's work too.
            except Exception as error:  # noqa: BLE001
                self._error = error
        self.over.set()

    def result(self) -> Result:
        if self._error is not None:
            raise self._error
        if not self._results:
            raise RuntimeError("the process ended before the work did")
        return self._results[0]


class Finisher:
    """The tasks of one process that must come to their end."""

    def __init__(self, group: TaskGroup) -> None:
        self._group = group
        self._running: set[_Task[Any]] = set()

    async def finish(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Run the work to its end and return what it returns; a cancelled caller does not stop it."""
        task = _Task(work)
        self._group.start_soon(self._run, task)
        await task.over.wait()
        return task.result()

    def begin(self, work: Callable[[], Awaitable[Result]]) -> None:
        """Let work be done that nobody waits for, and whose failure nobody is told."""
        self._group.start_soon(self._run, _Task(work))

    async def _run(self, task: _Task[Any]) -> None:
        self._running.add(task)
        try:
            await task.run()
        finally:
            self._running.discard(task)

    async def drained(self, patience: float) -> None:
        """Wait for all of it, that many seconds at most; what is cut then leaves its records behind."""
        with anyio.CancelScope(shield=True), anyio.move_on_after(patience) as waiting:
            while self._running:
                await next(iter(self._running)).over.wait()
                # Lets the task take itself off the list.
                await anyio.sleep(0)
        if waiting.cancelled_caught:
            log.error("%d pieces of work were cut off; `audit` tells what is not known", len(self._running))
        for task in self._running:
            task.scope.cancel()


@asynccontextmanager
async def finishing(patience: float = DRAIN) -> AsyncGenerator[Finisher]:
    """Own the tasks during the body; after it, wait for those that are under way."""
    try:
        async with anyio.create_task_group() as group:
            finisher = Finisher(group)
            try:
                yield finisher
            finally:
                await finisher.drained(patience)
    except BaseExceptionGroup as errors:
        # The tasks keep their own errors, so the one in here is the body's.
        raise errors.exceptions[0]  # noqa: B904 - it keeps the cause it has
