"""Which messages belong to a case: their ids, in the order in which they were sent.

Every tool that needs them takes them from here, so that none calls complete what another reads on.
Facts: Sprinklr's article on associated messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.actions.cases.reading import GetCaseByNumber
from sprinklr_tools.answers import Page, page_of
from sprinklr_tools.arguments import CASE_ID, CaseId, CaseNumber, Cursor
from sprinklr_tools.message_ids import sent_milliseconds, sent_time
from sprinklr_tools.problems import Missing, Unclear, Unreadable
from sprinklr_tools.reading import Json, as_identifier, is_safe
from sprinklr_tools.request import Request, get

PAGE = 50
ROUND = 100
"""An answer of so many ids, or twice as many, may have been cut."""


@dataclass(frozen=True)
class MessageReference:
    """A message of a case, without its text."""

    message_id: str
    sent: str | None


@dataclass(frozen=True)
class CaseMessages:
    """The ids of a case's messages, oldest first."""

    case_id: str
    messages: tuple[MessageReference, ...]
    page: Page


class ListCaseMessages(Action, label="Case associated messages"):
    """List the messages of one case, oldest first: ids and times, no texts.

    Give case_number or case_id. For all the texts, use sprinklr_get_case_conversation; for some,
    sprinklr_get_messages. Returns 50 a page, how many there are, and the call for the next page.
    """

    case_number: CaseNumber | None = None
    case_id: CaseId | None = None
    cursor: Cursor | None = None

    async def gather(self, read: Reader) -> CaseMessages:
        """Read all ids, since one answer may not hold them all, and cut one page out."""
        case_id = await self._case_id(read)
        ids = await every_message_id(read, case_id, self.case_number)
        # By the case's id, which spares a read.
        shown, page = page_of(
            ids, self.cursor, PAGE, lambda cursor: ListCaseMessages(case_id=case_id, cursor=cursor)
        )
        return CaseMessages(case_id, tuple(MessageReference(one, sent_time(one)) for one in shown), page)

    async def _case_id(self, read: Reader) -> str:
        if self.case_id is not None and self.case_number is not None:
            raise Unclear("The case is named twice.", "Give case_number or case_id, not both.")
        if self.case_id is not None:
            return self.case_id
        if self.case_number is None:
            raise Unclear("Name the case.", "Give case_number or case_id.")
        found = await read(GetCaseByNumber(case_number=self.case_number))
        if found.case_number != self.case_number:
            raise Unreadable(f"Sprinklr answered with something else than case {self.case_number}.")
        if not is_safe(found.case_id):
            raise Missing(f"Case {self.case_number} came without its id.", "Give case_id instead.")
        return found.case_id


class AssociatedMessages(
    Action, label="Case associated messages, one call", listed=False, part_of=ListCaseMessages
):
    """List the ids of the messages of one case, oldest first, as one call gives them."""

    case_id: CaseId
    case_number: CaseNumber | None = None
    """Not in Sprinklr's call; an operator's own path may name it."""
    after: int | None = None

    def request(self, facts: Any) -> Request:
        """Sprinklr's cursor is a time in milliseconds."""
        after = str(self.after) if self.after is not None else None
        return get("/api/v2/case/associated-messages", id=self.case_id, cursor=after)

    def answer(self, payload: Json, facts: Any) -> list[str]:
        """Ids alone, in the order of the times inside them."""
        if not payload:
            return []
        if not isinstance(payload, list):
            raise Unreadable
        found = {as_identifier(item) for item in payload if item is not None}
        ids = [one for one in found if one is not None]
        if len(ids) < len(found):
            raise Unreadable
        return sorted(ids, key=lambda one: (sent_time(one) or "", one))


async def every_message_id(read: Reader, case_id: str, case_number: str | None = None) -> list[str]:
    """Return the ids of all messages of a case, oldest first.

    No size of an answer is published; one that holds a round hundred is not taken for the whole.
    """
    if not CASE_ID.fullmatch(case_id):
        raise Unreadable
    first = AssociatedMessages(case_id=case_id, case_number=case_number)
    found = await read(first)
    known = set(found)
    while found and len(found) % ROUND == 0:
        newest = sent_milliseconds(found[-1])
        if newest is None:
            break
        # A millisecond earlier: whether the cursor's own time is shown is not published.
        more = await read(first.model_copy(update={"after": newest - 1}))
        fresh = [one for one in more if one not in known]
        if not fresh:
            break
        found += fresh
        known.update(fresh)
    return found
