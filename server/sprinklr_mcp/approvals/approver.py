"""Getting a person's agreement to one frozen request, whatever way they answer.

The record in the store decides, never the caller: an answer moves a waiting record, and what may be sent
is what an approved one names.
"""

from __future__ import annotations

import time
from typing import Protocol

from sprinklr_mcp.approvals.asking import Asker, Choice, PersonsAnswer
from sprinklr_mcp.approvals.deciding import decide, was_wrong
from sprinklr_mcp.approvals.wording import ShownQuestion
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.pages.host import Offered
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.store.approvals import Approval, ApprovalStore, Status

DECLINE_REMEMBERED = 600.0
AGAIN = "Call again with the same arguments to have the person asked again."


class Pages(Protocol):
    """Whoever can put a question to the person on a page of ours."""

    @property
    def possible(self) -> bool:
        """Whether a page may and can be opened, as far as that is known without trying."""
        ...

    async def ask(self, record: Approval, question: ShownQuestion) -> Offered:
        """Show a waiting record's question, once; the answer moves the record."""
        ...


class Approver:
    """Asks for one principal."""

    def __init__(self, settings: Settings, store: ApprovalStore, pages: Pages) -> None:
        self._settings = settings
        self._store = store
        self._pages = pages

    async def check_answer(self, asker: Asker | None, tool: str, arguments_digest: str) -> None:
        """Refuse an answer that can no longer count, before anything is read or built.

        Raises `Fault` CONFIRMATION_USED, CONFIRMATION_DECLINED or CONFIRMATION_EXPIRED.
        """
        if asker is None or asker.handle is None:
            return
        record = await self._store.by_handle(asker.handle)
        if record is None or record.tool != tool or record.arguments_digest != arguments_digest:
            raise Fault(
                Code.CONFIRMATION_EXPIRED,
                "The answer does not belong to this call: it was given for another one, or is not known.",
                AGAIN,
            )
        if record.status not in (Status.WAITING, Status.APPROVED):
            raise _ended(record)

    async def agreed(
        self, asker: Asker | None, tool: str, digest: str, arguments_digest: str, question: ShownQuestion
    ) -> Approval:
        """Return an approved record for the request, asking the person where there is none yet.

        Raises `Fault` CONFIRMATION_* where they do not agree, or `AnotherRound`.
        """
        askable = asker if asker is not None and self._may_ask(asker, question) else None
        if askable is None and not self._terminal and not self._pages.possible:
            raise self._elsewhere(asker)
        record = await self._record(asker, tool, digest, arguments_digest, question)
        if record.status is Status.APPROVED and record.way not in self._settings.approval_ways:
            # Agreed to in a way that is not allowed here, by a command with other settings.
            await self._store.revoke(record.handle)
            record = await self._store.open(tool, digest, arguments_digest, question.to_bytes())
        if record.status is Status.APPROVED:
            return record
        if askable is None or asker is None:
            await self._refuse_if_just_declined(record)
            raise self._elsewhere(asker, await self._pages.ask(record, question))
        if asker.handle != record.handle:
            await self._ask_otherwise_if_just_declined(asker, record, question)
        return await self._judged(await asker.ask(question, record.handle), record, asker.way, question)

    async def _record(
        self, asker: Asker | None, tool: str, digest: str, arguments_digest: str, question: ShownQuestion
    ) -> Approval:
        """Return the record that this very call answers, or else the one that stands for the request.

        An answer to facts that have changed meanwhile answers nothing: the person sees the new ones first.
        """
        if asker is not None and asker.handle is not None:
            answered = await self._store.by_handle(asker.handle)
            if answered is not None and answered.status not in (Status.WAITING, Status.APPROVED):
                raise _ended(answered)
            if answered is not None and answered.digest == digest:
                return answered
        return await self._store.open(tool, digest, arguments_digest, question.to_bytes())

    def _may_ask(self, asker: Asker, question: ShownQuestion) -> bool:
        if asker.way not in self._settings.approval_ways:
            return False
        return question.fits_a_form or asker.way != "form"

    async def _ask_otherwise_if_just_declined(
        self, asker: Asker, record: Approval, question: ShownQuestion
    ) -> None:
        """A person who said no by a form is not asked by form again at once; some clients say no alone."""
        if asker.way != "form" or not await self._just_declined(asker.way, record):
            return
        if not await self._just_declined("page", record):
            offered = await self._pages.ask(record, question)
            if offered is not Offered.IMPOSSIBLE:
                raise self._fault(
                    "The form was declined a few minutes ago, by them or by the client.", offered
                )
        raise self._declined_before()

    async def _refuse_if_just_declined(self, record: Approval) -> None:
        """A client that cannot ask is told what the person said elsewhere, or it would call on and on."""
        for way in ("page", "terminal"):
            if await self._just_declined(way, record):
                raise self._declined_before()

    async def _just_declined(self, way: str, record: Approval) -> bool:
        declined = await self._store.declined_at(record.digest, way)
        return declined is not None and time.time() - declined < DECLINE_REMEMBERED

    def _declined_before(self) -> Fault:
        return Fault(
            Code.CONFIRMATION_DECLINED,
            "The person declined exactly this a few minutes ago, and is not asked again so soon.",
            self._by_hand("Do not repeat the call. If they want it after all, they can run"),
        )

    async def _judged(
        self, answer: PersonsAnswer, record: Approval, way: str, question: ShownQuestion
    ) -> Approval:
        if answer.choice is Choice.DISMISSED:
            raise Fault(
                Code.CONFIRMATION_REQUIRED,
                "The person closed the question without an answer.",
                self._by_hand("Ask them whether they want it; then call again, or they can run"),
            )
        if answer.choice is Choice.SILENT:
            raise Fault(Code.CONFIRMATION_EXPIRED, "The person gave no answer in time.", AGAIN)
        await decide(self._store, record, question, answer, way)
        if answer.choice is Choice.DECLINED:
            raise Fault(Code.CONFIRMATION_DECLINED, "The person said no.", "Do not repeat the call.")
        if not question.matches(answer.typed):
            reason = f"What the person typed is not the {question.retype_name}."
            raise Fault(Code.CONFIRMATION_DECLINED, reason, AGAIN)
        now = await self._store.by_handle(record.handle)
        if now is None or now.status is not Status.APPROVED:
            raise _ended(now or record)
        return now

    def _elsewhere(self, asker: Asker | None, offered: Offered = Offered.IMPOSSIBLE) -> Fault:
        reason = "this client cannot ask them"
        if asker is not None and asker.way not in self._settings.approval_ways:
            reason = f"SPRINKLR_APPROVAL_WAYS does not allow asking by {asker.way}"
        elif asker is not None:
            reason = "it is too long for a form to show whole"
        return self._fault(f"A person must agree to this, and {reason}.", offered)

    def _fault(self, reason: str, offered: Offered) -> Fault:
        """Say how the person can agree. A model gets nothing that it could hand back: no link and no id."""
        if offered is Offered.IMPOSSIBLE:
            how = self._by_hand("Ask the person to run", "; then call again with the same arguments.")
            return Fault(Code.CONFIRMATION_REQUIRED, reason, how)
        shows = "has been opened" if offered is Offered.OPENED else "is already open"
        instead = self._by_hand(" If they do not see it, they can run") if self._terminal else ""
        return Fault(
            Code.CONFIRMATION_REQUIRED,
            f"{reason} A page that asks them {shows} in their browser.",
            f"Ask the person to answer there; then call again with the same arguments.{instead}",
        )

    @property
    def _terminal(self) -> bool:
        return "terminal" in self._settings.approval_ways

    def _by_hand(self, begin: str, end: str = ".") -> str:
        if not self._terminal:
            page = ", and no page can be opened here" if "page" in self._settings.approval_ways else ""
            return f"The operator allows no other way to agree{page}."
        return f"{begin} `{self._settings.command('approve')}` in a terminal of their own{end}"


def _ended(record: Approval) -> Fault:
    """Say why a record no longer takes an answer."""
    if was_wrong(record):
        return Fault(Code.CONFIRMATION_DECLINED, "What the person typed was not what was asked for.", AGAIN)
    if record.status is Status.DECLINED:
        return Fault(Code.CONFIRMATION_DECLINED, "The person already said no to this.", "Do not repeat it.")
    if record.status in (Status.WAITING, Status.EXPIRED):
        return Fault(Code.CONFIRMATION_EXPIRED, "The time to answer has passed.", AGAIN)
    outcomes = {
        Status.SPENT: "it is being carried out, or was cut off",
        Status.DONE: "it was carried out",
        Status.FAILED: "it was refused, and nothing was done",
        Status.UNKNOWN: "whether it happened is not known",
    }
    return Fault(
        Code.CONFIRMATION_USED,
        f"This agreement was already used once: {outcomes.get(record.status, 'it is over')}.",
        "Nothing is sent a second time for it. For one more, call anew; the person is asked again.",
        operation=record.operation,
    )
