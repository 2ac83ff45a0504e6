"""Adding a comment: a note for colleagues, which customers do not see. Facts: Sprinklr's comment articles."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.actions.cases.comments import Comment
from sprinklr_tools.actions.cases.notes import ListComments
from sprinklr_tools.arguments import CaseNumber, EntityId, Text
from sprinklr_tools.problems import Unclear
from sprinklr_tools.reading import Json, Record
from sprinklr_tools.request import Request, post

EntityType = Literal["CASE", "MESSAGE", "OUTBOUND_MESSAGE", "CAMPAIGN", "PROFILE"]


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
            if self.entity_type == "CASE" and not self.entity_id.isdecimal():
                raise Unclear("A note on a case goes by the case's number, not its id.", "Give case_number.")
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

    def settle(self) -> ListComments | None:
        """The notes on a case can be listed; those elsewhere cannot."""
        number = self.case_number or (self.entity_id if self.entity_type == "CASE" else None)
        return ListComments(case_number=number) if number is not None and number.isdecimal() else None

    def answer(self, payload: Json, facts: Any) -> Comment:
        """Our own text is not repeated."""
        return Comment.of(Record.of(payload))
