"""Asking a person on a page of ours in their own browser: the second way, for clients that cannot ask.

The page shows a record and writes the answer to it; the record decides, as in every other way.
"""

from __future__ import annotations

import math
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import anyio

from sprinklr_mcp.approvals.asking import Choice, PersonsAnswer
from sprinklr_mcp.approvals.deciding import decide, was_wrong
from sprinklr_mcp.approvals.wording import ShownQuestion
from sprinklr_mcp.pages.host import Offered, PageHost
from sprinklr_mcp.store.approvals import Approval, ApprovalStore, Status

if TYPE_CHECKING:
    from starlette.responses import Response

WAY = "page"
LOOK = 2.0
"""Seconds between two looks at a record that somebody else moves on."""
UNDER_WAY = (Status.WAITING, Status.APPROVED, Status.SPENT)
EMPTY = "Nothing was typed, so nothing is decided yet."


class ApprovalPages:
    """Asks about records of one principal."""

    def __init__(self, host: PageHost, store: ApprovalStore) -> None:
        self._host = host
        self._store = store

    @property
    def possible(self) -> bool:
        """Whether a page may and can be opened, as far as that is known without trying."""
        return self._host.possible

    async def ask(self, record: Approval, question: ShownQuestion) -> Offered:
        """Show a waiting record's question, once; the answer moves the record."""
        page = _ApprovalPage(self._store, record, question)
        return await self._host.offer(f"approval:{record.handle}", page)


class _ApprovalPage:
    """One record as a page. The question is kept here: the record forgets it at its end."""

    def __init__(self, store: ApprovalStore, record: Approval, question: ShownQuestion) -> None:
        self._store = store
        self._handle = record.handle
        self._question = question
        self._moved = anyio.Semaphore(0)

    async def shown(self) -> Response:
        """Show the question while it waits, and then what became of it."""
        record = await self._store.by_handle(self._handle)
        if record is not None and record.status is Status.WAITING:
            return self._asking(record)
        return _became(record, self._question)

    async def answered(self, form: Mapping[str, str]) -> Response | None:
        """Write the answer to the record; an answer that comes too late changes nothing."""
        record = await self._store.by_handle(self._handle)
        answer = _understood(form)
        if record is None or record.status is not Status.WAITING:
            return None
        if answer.choice is Choice.DISMISSED:
            return self._asking(record, status=422, problem=EMPTY)
        await decide(self._store, record, self._question, answer, WAY)
        self._moved.release()
        return None

    async def wait(self, show: Callable[[], Awaitable[bool]]) -> None:
        """Stay until the record is answered, here or elsewhere, or its time is over."""
        if await show():
            await self._stay(Status.WAITING)

    async def settle(self) -> None:
        """Stay until it is known what became of an agreement."""
        await self._stay(Status.APPROVED, Status.SPENT)

    async def _stay(self, *statuses: Status) -> None:
        """Stay while the record stands so; looks at it now and then, and at once after an answer here."""
        while (record := await self._store.by_handle(self._handle)) and record.status in statuses:
            with anyio.move_on_after(LOOK):
                await self._moved.acquire()

    def _asking(self, record: Approval, *, status: int = 200, problem: str = "") -> Response:
        from sprinklr_mcp.pages.looks import page

        left = max(0.0, record.expires_at - time.time())
        return page(
            "approval.html",
            status,
            question=self._question,
            problem=problem,
            until=_clock(record.expires_at),
            minutes=math.ceil(left / 60),
            seconds=math.ceil(left),
            # When the time is over, the page says so by itself.
            refresh=math.ceil(left) + 1,
        )


def _understood(form: Mapping[str, str]) -> PersonsAnswer:
    """Read what the page's form sent; only its own two buttons answer."""
    if form.get("answer") == "decline":
        return PersonsAnswer(Choice.DECLINED)
    typed = form.get("typed", "")
    if form.get("answer") != "agree" or not typed.strip():
        return PersonsAnswer(Choice.DISMISSED)
    return PersonsAnswer(Choice.ANSWERED, typed)


def _became(record: Approval | None, question: ShownQuestion) -> Response:
    """Say what became of a record; while that is open, the page looks again by itself."""
    from sprinklr_mcp.pages.looks import page

    status = record.status if record is not None else Status.EXPIRED
    mark, title, text = OUTCOMES[status]
    if record is not None and was_wrong(record):
        title = f"That was not the {question.retype_name}"
        text = "Nothing is sent. Ask your assistant to try again if you want it; you are then asked anew."
    values: dict[str, Any] = {"until": _clock(record.expires_at) if record is not None else ""}
    return page(
        "outcome.html",
        title=title,
        text=text.format(**values),
        mark=mark,
        headline=question.headline,
        refresh=LOOK_AGAIN if status in UNDER_WAY else None,
    )


def _clock(moment: float) -> str:
    """Return a time of day as the clock of this machine, which is the person's, shows it."""
    return time.strftime("%H:%M", time.localtime(moment))


LOOK_AGAIN = 3
OUTCOMES = {
    Status.WAITING: ("wait", "One moment", "The page shows the question again."),
    Status.APPROVED: (
        "wait",
        "You agreed",
        "Nothing is sent yet: it goes out, once, when your assistant calls again before {until}. "
        "Tell your assistant to go on.",
    ),
    Status.SPENT: ("wait", "It is being sent", "Sprinklr has not answered yet."),
    Status.DONE: ("done", "Done", "You agreed, and Sprinklr has carried it out. It is not sent again."),
    Status.FAILED: ("stop", "It was refused", "Sprinklr did not carry it out. Nothing was done."),
    Status.UNKNOWN: (
        "stop",
        "It is not known whether it happened",
        "Sprinklr gave no clear answer. Look in Sprinklr before it is tried again.",
    ),
    Status.DECLINED: ("stop", "You declined", "Nothing is sent."),
    Status.EXPIRED: (
        "stop",
        "The time to answer has passed",
        "Nothing is sent. If you want it after all, ask your assistant to try again.",
    ),
}
"""For each status: the sign beside it, what happened, and what that means for the person."""
