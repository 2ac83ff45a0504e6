"""Reading the comments on a case, and leaving a draft there. Facts: Sprinklr's comment-search article.

The search names a case UNIVERSAL_CASE where answers say CASE, and goes by the case's number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sprinklr_tools.action import Action, Risk
from sprinklr_tools.actions.cases.comments import Comment
from sprinklr_tools.answers import Page
from sprinklr_tools.arguments import CaseNumber, Detail, Text
from sprinklr_tools.reading import Json, Record
from sprinklr_tools.request import Request, post
from sprinklr_tools.searching import PAGE, SearchCursor, condition, found_in, search

DRAFT = "Draft reply"


@dataclass(frozen=True)
class Comments:
    """Comments with their texts, oldest first."""

    comments: tuple[Comment, ...]
    page: Page


class ListComments(Action, label="Fetch associated comments"):
    """List the internal comments on one case, oldest first, with their texts and authors.

    Not the conversation with the customer: that is sprinklr_list_case_messages. Returns comments and
    the call for the next page.
    """

    case_number: CaseNumber
    cursor: SearchCursor | None = None
    detail: Detail = False

    def request(self, facts: Any) -> Request:
        """Both filters are needed."""
        conditions = [
            condition("IN", "entityType", "UNIVERSAL_CASE"),
            condition("IN", "entityId", self.case_number),
        ]
        return search("COMMENT", self.cursor, conditions, sorts=[{"key": "createdTime", "order": "ASC"}])

    def answer(self, payload: Json, facts: Any) -> Comments:
        """A page that is not full is the last one, though a cursor may come with it."""
        found = found_in(payload)
        comments = tuple(_listed(record) for record in found.records)
        more = found.cursor if len(comments) >= PAGE else None
        onward = self.model_copy(update={"cursor": more}) if more else None
        return Comments(comments, Page(len(comments), None, onward))


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
