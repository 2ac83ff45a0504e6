"""Showing a page to the person: served on loopback behind a secret, opened in their browser, then gone.

Knows neither what a page says nor what is done with an answer. What serving needs is imported at the first
page: most processes never show one.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

import anyio
from anyio.abc import TaskGroup, TaskStatus

from sprinklr_mcp.errors import StoreUnavailable
from sprinklr_mcp.pages.browser import can_be_here, open_in_browser
from sprinklr_mcp.store.pages import PageStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

MOST = 8
"""Pages that wait at a time: a model that asks for much must not fill a person's screen."""
SIGN_OF_LIFE = 20.0
"""Seconds between two notes in the store that a page is still there."""
LINGER = 30.0
"""Seconds that a page stays in the end, so that the person can read what became of it."""
log = logging.getLogger(__name__)


class Offered(Enum):
    """What came of showing a page."""

    OPENED = auto()
    ALREADY = auto()
    """It was opened before, by this process or another one."""
    IMPOSSIBLE = auto()


class Page(Protocol):
    """One thing that a person is shown, and answers once."""

    async def shown(self) -> Response:
        """Answer a GET; changes nothing."""
        ...

    async def answered(self, form: Mapping[str, str]) -> Response | None:
        """Take what the form holds; None leads the browser back to what is shown then."""
        ...

    async def wait(self, show: Callable[[], Awaitable[bool]]) -> None:
        """Call `show`, which opens the browser, and return when nobody can answer any more.

        Returns at once where `show` says that no browser was opened. Raises `StoreUnavailable`.
        """
        ...

    async def settle(self) -> None:
        """Return when there is nothing new to tell any more. Raises `StoreUnavailable`."""
        ...


class PageHost:
    """The pages of one process."""

    def __init__(self, group: TaskGroup, store: PageStore, *, may_show: bool) -> None:
        self._group = group
        self._store = store
        self._may_show = may_show
        self._waiting = 0

    @property
    def possible(self) -> bool:
        """Whether a page may and can be opened, as far as that is known without trying."""
        return self._may_show and can_be_here(os.environ)

    async def offer(self, name: str, page: Page) -> Offered:
        """Show a page unless one of that name is open, here or by another process.

        Raises `StoreUnavailable`.
        """
        if not self.possible:
            return Offered.IMPOSSIBLE
        if not await self._store.claim(name):
            return Offered.ALREADY
        try:
            opened = await self._group.start(self._run, name, page)
        except OSError as error:
            log.error("no page can be served: %s", error.strerror)
            await self._store.release(name)
            opened = False
        return Offered.OPENED if opened else Offered.IMPOSSIBLE

    async def _run(self, name: str, page: Page, *, task_status: TaskStatus[bool]) -> None:
        from sprinklr_mcp.pages.serving import served

        if self._waiting >= MOST:
            await self._store.release(name)
            task_status.started(False)
            return
        try:
            with ExitStack() as place:
                place.enter_context(self._counted())
                async with served(page, secrets.token_urlsafe(32)) as address:
                    if not await self._waited(name, page, address, task_status):
                        return
                    place.close()
                    await page.settle()
                    await anyio.sleep(LINGER)
        except* StoreUnavailable as faults:
            log.error("a page was closed: %s", faults.exceptions[0])

    @contextmanager
    def _counted(self) -> Generator[None]:
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def _waited(self, name: str, page: Page, address: str, task_status: TaskStatus[bool]) -> bool:
        """Open the page and wait for its end; False where it was not opened.

        Its name is kept meanwhile, and given back also where this process ends first: whoever starts the
        server again is shown a new page, and not told of one that is gone. One that is killed keeps it for as
        long as its last sign of life holds.
        """
        opened = False

        async def show() -> bool:
            nonlocal opened
            opened = await open_in_browser(address)
            if not opened:
                await self._store.release(name)
            task_status.started(opened)
            return opened

        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._show_life, name)
                await page.wait(show)
                group.cancel_scope.cancel()
        finally:
            if opened:
                with anyio.CancelScope(shield=True):
                    await self._store.release(name)
        return opened

    async def _show_life(self, name: str) -> None:
        while True:
            await anyio.sleep(SIGN_OF_LIFE)
            await self._store.renew(name)


@asynccontextmanager
async def hosting(store: PageStore, *, may_show: bool) -> AsyncGenerator[PageHost]:
    """Own the pages during the body; none outlives it."""
    try:
        async with anyio.create_task_group() as group:
            yield PageHost(group, store, may_show=may_show)
            group.cancel_scope.cancel()
    except BaseExceptionGroup as errors:
        # Pages keep their own errors, so the one in here is the body's.
        raise errors.exceptions[0]  # noqa: B904 - it keeps the cause it has
