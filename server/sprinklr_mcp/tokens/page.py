"""Logging in by a page of ours in the person's own browser, where a call finds that there is no login.

The address that Sprinklr sends the browser to is heard where it leads to this machine, and pasted into the
page else. The page knows an address only to hand it on: whether it counts is decided where the code is
exchanged.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Any

import anyio

from sprinklr_mcp.errors import Fault, for_a_person
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.pages.host import Offered
from sprinklr_mcp.tokens.service import identity_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from sprinklr_mcp.tokens.grants import Authorization

PATIENCE = 300.0
"""Seconds that a login may take; its state is worth nothing afterwards."""
LOOK_AGAIN = 3
NOT_THIS = "Paste the address that the browser shows after you have logged in by the link above, whole."


log = logging.getLogger(__name__)


class LoginPages:
    """Lets the person of a machine log in."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    async def offered(self, fault: Fault) -> Fault:
        """Return the fault of a call that found no login, with the way that is open to the person now.

        Raises `StoreUnavailable`.
        """
        offered = await self._offer()
        if offered is Offered.IMPOSSIBLE:
            return fault
        shows = "has been opened" if offered is Offered.OPENED else "is already open"
        told = Fault(
            fault.code,
            f"{fault.message} A page to log in on {shows} in the person's browser.",
            f"Ask the person to log in there; then call again with the same arguments. {self._otherwise}",
            sent=fault.sent,
            operation=fault.operation,
            note=fault.note,
        )
        told.only_read = fault.only_read
        return told

    @property
    def _otherwise(self) -> str:
        settings = self._machine.settings
        if settings.bundle is None:
            run = settings.command("login")
            return f"If they do not see it, they can run `{run}` in a terminal of their own."
        return "If they do not see it: it closes within five minutes, and the next call then opens another."

    async def _offer(self) -> Offered:
        settings = self._machine.settings
        if settings.simulated or settings.redirect_uri is None or not self._machine.pages.possible:
            return Offered.IMPOSSIBLE
        from sprinklr_mcp.tokens.login import begin

        page = _LoginPage(self._machine, begin(settings))
        return await self._machine.pages.offer(f"login:{identity_of(settings)}", page)


class _LoginPage:
    """One attempt to log in as a page."""

    def __init__(self, machine: Machine, attempt: Authorization) -> None:
        self._machine = machine
        self._attempt = attempt
        self._until = time.time() + PATIENCE
        self._pasting = True
        self._redirected: str | None = None
        self._arrived = anyio.Event()
        self._ended: tuple[str, str, str] | None = None
        self._over = anyio.Event()

    async def shown(self) -> Response:
        """Show the way to log in, and then how it ended."""
        if self._ended is None:
            return self._asking()
        from sprinklr_mcp.pages.looks import page

        mark, title, text = self._ended
        return page("outcome.html", mark=mark, title=title, text=text, headline="", refresh=None)

    async def answered(self, form: Mapping[str, str]) -> Response | None:
        """Take the pasted address, if it is one of this attempt."""
        from sprinklr_mcp.tokens.failures import FAILURES
        from sprinklr_mcp.tokens.grants import Denied, WrongState, code_in

        pasted = form.get("address", "").strip()
        if self._arrived.is_set():
            return None
        try:
            code_in(pasted, self._attempt)
        except WrongState as wrong:
            return self._asking(status=422, problem=f"{FAILURES[wrong.sign].meaning} {NOT_THIS}")
        except Denied:
            pass  # It is this attempt's own; that access was not granted is told as its outcome.
        self._arrive(pasted)
        await self._over.wait()
        return None

    async def wait(self, show: Callable[[], Awaitable[bool]]) -> None:
        """Stay until the person has logged in, or the time for it is over."""
        async with AsyncExitStack() as stack:
            hear = await self._listening(stack)
            if not await show():
                return
            async with anyio.create_task_group() as group:
                group.start_soon(hear)
                with anyio.move_on_after(PATIENCE):
                    await self._arrived.wait()
                group.cancel_scope.cancel()
        self._ended = await self._outcome()
        self._over.set()

    async def settle(self) -> None:
        """Nothing is to come: the outcome is known when the wait is over."""

    async def _listening(self, stack: AsyncExitStack) -> Callable[[], Coroutine[Any, Any, None]]:
        """Listen where the registered address leads, if that is here; return what waits for the browser."""
        from sprinklr_mcp.tokens.callback import callback_page, listens_here

        if not listens_here(self._attempt.redirect_uri):
            return anyio.sleep_forever
        try:
            redirected_address = await stack.enter_async_context(callback_page(self._attempt))
        except Fault as fault:
            # The port is taken. The browser still shows the address, so it can be pasted.
            log.warning("%s", fault.message)
            return anyio.sleep_forever
        self._pasting = False

        async def hear() -> None:
            # Without an answer in time, the time is over here too.
            with suppress(Fault):
                self._arrive(await redirected_address())

        return hear

    def _arrive(self, redirected: str) -> None:
        """Take the first address of this attempt, and no other."""
        if not self._arrived.is_set():
            self._redirected = redirected
            self._arrived.set()

    async def _outcome(self) -> tuple[str, str, str]:
        """Exchange the code, and say in words for a person how the login ended."""
        from sprinklr_mcp.tokens.login import finish

        again = "If you want to log in, ask your assistant to try again; a new page opens then."
        if self._redirected is None:
            return "stop", "The time to log in has passed", again
        try:
            await finish(self._machine, self._redirected, self._attempt)
        except Fault as fault:
            mend = for_a_person(fault.next)
            return "stop", "You are not logged in", f"{fault.message} {mend} {again}"
        place = f"Sprinklr {self._machine.settings.environment}"
        return "done", "You are logged in", f"Go back to your assistant: it can work in {place} now."

    def _asking(self, *, status: int = 200, problem: str = "") -> Response:
        from sprinklr_mcp.pages.looks import page

        settings = self._machine.settings
        return page(
            "login.html",
            status,
            environment=settings.environment,
            address=self._attempt.address,
            redirect_uri=self._attempt.redirect_uri,
            pasting=self._pasting,
            problem=problem,
            until=time.strftime("%H:%M", time.localtime(self._until)),
            # A page with nothing to type into looks again by itself for what has become of the login.
            refresh=math.ceil(self._until - time.time()) + 2 if self._pasting else LOOK_AGAIN,
        )
