"""Getting a person's agreement to one frozen request, whatever way they answer.

The record in the store decides, never the caller: an answer moves a waiting record, and what may be sent
is what an approved one names.
"""

from __future__ import annotations

import time
from typing import NoReturn

from sprinklr_mcp.approvals.asking import Asker, Choice, PersonsAnswer
from sprinklr_mcp.approvals.wording import ShownQuestion
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.store.approvals import Approval, ApprovalStore, Status

DECLINE_REMEMBERED = 600.0
WRONG = ", wrong"
"""Marks the way of an answer that was no refusal, but not the text to type either."""
AGAIN = "Call again with the same arguments to have the person asked again."


class Approver:
    """Asks for one principal."""

    def __init__(self, settings: Settings, store: ApprovalStore) -> None:
        self._settings = settings
        self._store = store

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
        if askable is None and not self._terminal:
            raise self._elsewhere(asker)
        record = await self._record(asker, tool, digest, arguments_digest, question)
        if record.status is Status.APPROVED and record.way not in self._settings.approval_ways:
            # Agreed to in a way that is not allowed here, by a command with other settings.
            await self._store.revoke(record.handle)
            record = await self._store.open(tool, digest, arguments_digest, question.to_bytes())
        if record.status is Status.APPROVED:
            return record
        if askable is None or asker is None:
            raise self._elsewhere(asker)
        if asker.handle != record.handle:
            await self._refuse_if_just_declined(asker, digest)
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

    async def _refuse_if_just_declined(self, asker: Asker, digest: str) -> None:
        """A person who said no by a form is not asked by form again at once; some clients say no alone."""
        if asker.way != "form":
            return
        declined = await self._store.declined_at(digest, "form")
        if declined is not None and time.time() - declined < DECLINE_REMEMBERED:
            raise Fault(
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
        if answer.choice is Choice.DECLINED:
            await self._decline(record, way, "The person said no.", "Do not repeat the call.")
        if not question.matches(answer.typed):
            reason = f"What the person typed is not the {question.retype_name}."
            await self._decline(record, way + WRONG, reason, AGAIN)
        await self._store.decide(record.handle, Status.APPROVED, way)
        now = await self._store.by_handle(record.handle)
        if now is None or now.status is not Status.APPROVED:
            raise _ended(now or record)
        return now

    async def _decline(self, record: Approval, way: str, reason: str, next: str) -> NoReturn:
        await self._store.decide(record.handle, Status.DECLINED, way)
        raise Fault(Code.CONFIRMATION_DECLINED, reason, next)

    def _elsewhere(self, asker: Asker | None) -> Fault:
        reason = "this client cannot ask them"
        if asker is not None and asker.way not in self._settings.approval_ways:
            reason = f"SPRINKLR_APPROVAL_WAYS does not allow asking by {asker.way}"
        elif asker is not None:
            reason = "it is too long for a form to show whole"
        return Fault(
            Code.CONFIRMATION_REQUIRED,
            f"A person must agree to this, and {reason}.",
            self._by_hand("Ask the person to run", "; then call again with the same arguments."),
        )

    @property
    def _terminal(self) -> bool:
        return "terminal" in self._settings.approval_ways

    def _by_hand(self, begin: str, end: str = ".") -> str:
        if not self._terminal:
            return "The operator allows no other way to agree here."
        return f"{begin} `{self._settings.command('approve')}` in a terminal of their own{end}"


def _ended(record: Approval) -> Fault:
    """Say why a record no longer takes an answer."""
    if record.status is Status.DECLINED and (record.way or "").endswith(WRONG):
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
