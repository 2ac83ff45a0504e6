"""Opening cases: from a message that came in, or for a person. Facts: Sprinklr's case articles."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.actions.cases.reading import Case
from sprinklr_tools.actions.messages.by_id import GetMessage
from sprinklr_tools.actions.search.cases import SearchCases
from sprinklr_tools.arguments import (
    ChannelId,
    ChannelType,
    Email,
    Line,
    MessageId,
    Name,
    Phone,
    QueueId,
    Text,
)
from sprinklr_tools.problems import Unclear, Unreadable
from sprinklr_tools.properties import PRIORITY, TYPE, CustomFields, as_json, check_once
from sprinklr_tools.reading import Json, Record
from sprinklr_tools.request import Request, post, present


class CreateCase(Action, label="Create case", risk=Risk.WRITE):
    """Open a case from one customer message that has none yet, named by its message id.

    Without such a message, use sprinklr_create_case_via_profile. Calling twice may open two cases.
    Returns the new case with its number.
    """

    message_id: Annotated[MessageId, Field(description="The first message, from sprinklr_search_messages.")]
    subject: Line
    description: Text | None = None
    status: Line | None = None
    priority: Line | None = None
    case_type: Line | None = None
    queue_ids: list[QueueId] | None = None
    custom_fields: CustomFields | None = None

    async def gather(self, read: Reader) -> None:
        """Check that no property is given twice, without a call."""
        check_once(self.custom_fields, status=self.status, priority=self.priority, case_type=self.case_type)

    def request(self, facts: Any) -> Request:
        """Top-level type and priority win over the properties of the same meaning; never both are sent."""
        workflow: dict[str, Json] = {"customProperties": as_json(self.custom_fields)}
        if self.queue_ids:
            workflow["queues"] = [{"queueId": queue} for queue in self.queue_ids]
        body = present(
            {
                "firstMessageId": self.message_id,
                "subject": self.subject,
                "description": self.description,
                "status": self.status,
                "priority": self.priority,
                "caseType": self.case_type,
                "workflow": workflow,
            }
        )
        return post("/api/v2/case", body)

    def settle(self) -> GetMessage:
        """A message names its case."""
        return GetMessage(message_id=self.message_id)

    def answer(self, payload: Json, facts: Any) -> Case:
        """The case as it was stored."""
        return opened_case(payload)


class CreateCaseViaProfile(Action, label="Create a case via profile", risk=Risk.WRITE):
    """Open a case for a person, with no message to begin with; their profile is made if there is none.

    For a message that came in, use sprinklr_create_case. Every call opens another case. EMAIL needs
    email, SMS needs phone, other channels need channel_id. Returns the new case.
    """

    channel_type: ChannelType
    subject: Line
    channel_id: ChannelId | None = None
    full_name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    description: Text | None = None
    status: Line | None = None
    priority: Line | None = None
    case_type: Line | None = None
    queue_ids: list[QueueId] | None = None
    comment: Annotated[Text | None, Field(description="An internal note on the new case.")] = None

    async def gather(self, read: Reader) -> None:
        """Check what the channel needs, without a call."""
        needed = {"EMAIL": ("email", self.email), "SMS": ("phone", self.phone)}
        name, value = needed.get(self.channel_type, ("channel_id", self.channel_id))
        if value is None:
            raise Unclear(f"A case on {self.channel_type} needs {name}.", f"Give {name}.")

    def request(self, facts: Any) -> Request:
        """Priority and type go by their properties here: of the three, the call documents status alone."""
        given = {PRIORITY: self.priority, TYPE: self.case_type}
        workflow: dict[str, Json] = {
            "customProperties": {name: [value] for name, value in given.items() if value is not None}
        }
        if self.queue_ids:
            workflow["queues"] = [{"queueId": queue} for queue in self.queue_ids]
        contact = present({"fullName": self.full_name, "email": self.email, "phoneNo": self.phone})
        body = present(
            {
                "channelType": self.channel_type,
                "channelId": self.channel_id,
                "subject": self.subject,
                "description": self.description,
                "status": self.status,
                "contactInfo": contact,
                "workflow": workflow,
                "commentDTO": {"comment": self.comment} if self.comment else None,
            }
        )
        return post("/api/v2/case/profile", body)

    def settle(self) -> SearchCases | None:
        """The person's newest case may be this one; without their id on the channel, nothing finds it."""
        return SearchCases(channel_id=self.channel_id) if self.channel_id is not None else None

    def answer(self, payload: Json, facts: Any) -> Case:
        """The case as it was stored."""
        return opened_case(payload)


def opened_case(payload: Json) -> Case:
    """Return the case that was opened; without a number, it is not known which."""
    case = Case.of(Record.of(payload))
    if case.case_number is None and case.case_id is None:
        raise Unreadable
    return case
