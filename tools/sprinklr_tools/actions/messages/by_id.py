"""One message. Facts: Sprinklr's message article."""

from __future__ import annotations

from typing import Any

from sprinklr_tools.action import Action
from sprinklr_tools.actions.messages.reading import Message, shortened
from sprinklr_tools.answers import room_for
from sprinklr_tools.arguments import Detail, MessageId
from sprinklr_tools.problems import Missing, Unreadable
from sprinklr_tools.reading import Json, Record
from sprinklr_tools.request import Request, get


class GetMessage(Action, label="Get message by ID"):
    """Read one message with its text, sender, time and channel, by the long id that other tools give.

    For several at once, use sprinklr_get_messages. Returns the message; the time inside its id may differ
    from the one you gave.
    """

    message_id: MessageId
    detail: Detail = False

    def request(self, facts: Any) -> Request:
        """The long composite id; another call takes the short one."""
        return get("/api/v2/message/byMessageId", messageId=self.message_id)

    def answer(self, payload: Json, facts: Any) -> Message:
        """An empty answer means that there is none."""
        record = Record.of(payload)
        if not record:
            raise Missing("There is no such message, or this login may not see it.", "Check the id.")
        message = Message.of(record)
        if message.message_id is None:
            raise Unreadable
        return shortened(message, room_for(self.detail))
