"""Comments: notes for colleagues, which customers do not see. Facts: Sprinklr's comment articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.answers import id_of
from sprinklr_tools.arguments import CaseNumber, EntityId, Text
from sprinklr_tools.problems import Unclear
from sprinklr_tools.reading import CustomerText, Json, Record
from sprinklr_tools.request import Request, post

EntityType = Literal["CASE", "MESSAGE", "OUTBOUND_MESSAGE", "CAMPAIGN", "PROFILE"]


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment; its text is shown where it was read, not where it was just written."""

    comment_id: str | None
    entity_type: str | None
    entity_id: str | None
    author_id: str | None = id_of("user")
    created: str | None
    text: CustomerText | None = None

    @classmethod
    def of(cls, record: Record) -> Comment:
        """Read a comment."""
        return cls(
            comment_id=record.identifier("id"),
            entity_type=record.label("entityType"),
            entity_id=record.identifier("entityId"),
            author_id=record.identifier("commentingUser"),
            created=record.time("createdTime"),
        )


class AddComment(Action, label="Add comment", risk=Risk.WRITE):
    """Add an internal note to a case; colleagues see it, the customer does not.

    To answer a customer, use sprinklr_publish_message. Calling twice makes two notes. Returns the note's
    id and time.
    """

    text: Text
    case_number: CaseNumber | None = None
    entity_type: Annotated[EntityType | None, Field(description="For a note elsewhere than on a case.")] = (
        None
    )
    entity_id: Annotated[EntityId | None, Field(description="Goes with entity_type.")] = None

    async def gather(self, read: Reader) -> tuple[str, str]:
        """Tell what the note is on, without a call: a case goes by its number here, not its id."""
        others = (self.entity_type, self.entity_id)
        if self.case_number is not None and others == (None, None):
            return "CASE", self.case_number
        if self.case_number is None and self.entity_type and self.entity_id:
            return self.entity_type, self.entity_id
        raise Unclear("What the note is on is not clear.", "Give case_number, or entity_type and entity_id.")

    def request(self, facts: tuple[str, str]) -> Request:
        """One note, without attachment."""
        entity_type, entity_id = facts
        return post(
            "/api/v2/comment/{entity_type}/{entity_id}",
            {"text": self.text},
            path={"entity_type": entity_type, "entity_id": entity_id},
        )

    def answer(self, payload: Json, facts: Any) -> Comment:
        """Our own text is not repeated."""
        return Comment.of(Record.of(payload))
