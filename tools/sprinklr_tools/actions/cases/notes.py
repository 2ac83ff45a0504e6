"""Reading the comments on a case, and leaving a draft there. Facts: Sprinklr's comment-search article.

The search names a case UNIVERSAL_CASE where answers say CASE, and goes by the case's number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.actions.cases.comments import Comment
from sprinklr_tools.actions.cases.reading import GetCaseByNumber
from sprinklr_tools.answers import Page
from sprinklr_tools.arguments import CaseNumber, Detail, Text
from sprinklr_tools.reading import Json, Record
from sprinklr_tools.request import Request, post
from sprinklr_tools.searching import PAGE, SearchCursor, condition, found_in, newest_first, search

DRAFT = "Draft reply"


@dataclass(frozen=True)
class Comments:
    """Comments with their texts, oldest of the page first."""

    comments: tuple[Comment, ...]
    page: Page


class ListComments(Action, label="Fetch associated comments"):
    """List the newest internal comments on one case, newest last, with their texts and authors.

    Not the conversation with the customer: that is sprinklr_list_case_messages. Returns comments and
    the call for older ones.
    """

    case_number: CaseNumber
    cursor: SearchCursor | None = None
    detail: Detail = False

    async def gather(self, read: Reader) -> Comments:
        """Search; where nothing is found, see whether the case is there, which the search does not tell."""
        found = await read(SearchComments(**self.model_dump()))
        if not found.comments and self.cursor is None:
            await read(GetCaseByNumber(case_number=self.case_number))
        return found


class SearchComments(Action, label="Fetch associated comments, one call", listed=False, part_of=ListComments):
    """Find the newest comments on one case, as one call gives them."""

    case_number: CaseNumber
    cursor: SearchCursor | None = None
    detail: Detail = False

    def request(self, facts: Any) -> Request:
        """Both filters are needed."""
        conditions = [
            condition("IN", "entityType", "UNIVERSAL_CASE"),
            condition("IN", "entityId", self.case_number),
        ]
        return search("COMMENT", self.cursor, conditions, sorts=newest_first("createdTime"))

    def answer(self, payload: Json, facts: Any) -> Comments:
        """A page that is not full is the last one, though a cursor may come with it."""
        found = found_in(payload)
        listed = [_listed(record) for record in reversed(found.records)]
        comments = tuple(sorted(listed, key=lambda one: one.created or ""))
        onward = self._older(found.cursor) if found.cursor and len(comments) >= PAGE else None
        return Comments(comments, Page(len(comments), None, onward))

    def _older(self, cursor: str) -> ListComments:
        return ListComments(case_number=self.case_number, cursor=cursor, detail=self.detail)


def _listed(record: Record) -> Comment:
    """Read a comment with its text; what it is on is what was asked for."""
    return replace(Comment.of(record), entity_type=None, entity_id=None, text=record.text("text"))


class DraftReply(Action, label="Draft reply", risk=Risk.WRITE, optional=True):
    """Store a proposed answer on a case as an internal note headed "Draft reply"; a person sends it.

    Nothing reaches the customer. To send at once, with a person's agreement, use
    sprinklr_publish_message. Returns the note's id.
    """

    case_number: CaseNumber
    text: Text

    def request(self, facts: Any) -> Request:
        """Sprinklr's own drafts are public posts; so a draft for a customer is a comment."""
        return post(
            "/api/v2/comment/CASE/{case_number}",
            {"text": f"{DRAFT}\n\n{self.text}"},
            path={"case_number": self.case_number},
        )

    def answer(self, payload: Json, facts: Any) -> Comment:
        """The note as it was stored."""
        return Comment.of(Record.of(payload))
