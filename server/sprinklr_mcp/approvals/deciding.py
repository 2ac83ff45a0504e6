"""Writing a person's yes or no to a record: the same by a form and on a page."""

from __future__ import annotations

from sprinklr_mcp.approvals.asking import Choice, PersonsAnswer
from sprinklr_mcp.approvals.wording import ShownQuestion
from sprinklr_mcp.store.approvals import Approval, ApprovalStore, Status

WRONG = ", wrong"
"""Marks the way of an answer that was no refusal, but not the text to type either."""


async def decide(
    store: ApprovalStore, record: Approval, question: ShownQuestion, answer: PersonsAnswer, way: str
) -> bool:
    """End a record's wait by an answer; a wrong text is a no. False where it waits no longer."""
    if answer.choice is Choice.ANSWERED and question.matches(answer.typed):
        return await store.decide(record.handle, Status.APPROVED, way)
    wrong = WRONG if answer.choice is Choice.ANSWERED else ""
    return await store.decide(record.handle, Status.DECLINED, way + wrong)


def was_wrong(record: Approval) -> bool:
    """Tell whether what ended a declined record was a wrong text."""
    return record.status is Status.DECLINED and (record.way or "").endswith(WRONG)
