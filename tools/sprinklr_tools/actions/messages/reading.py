"""Messages: what customers and the brand wrote to each other. Facts: Sprinklr's message articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sprinklr_tools.action import Action
from sprinklr_tools.answers import Page, beginning_of, only_in_detail, room_for, size_of
from sprinklr_tools.arguments import Detail, MessageIds
from sprinklr_tools.message_ids import native_part
from sprinklr_tools.problems import Missing, Unreadable
from sprinklr_tools.reading import CustomerText, Json, Record, records_in
from sprinklr_tools.request import Request, post


@dataclass(frozen=True)
class Person:
    """Who sent or received a message, on the channel it went by; without a name, by their user name."""

    name: CustomerText | None
    channel_id: str | None
    channel_type: str | None = only_in_detail()
    username: CustomerText | None = only_in_detail()

    @classmethod
    def of(cls, record: Record) -> Person:
        """Read a sender's or receiver's profile."""
        return cls(
            name=record.text("name", "username"),
            channel_id=record.identifier("channelId"),
            channel_type=record.label("channelType"),
            username=record.text("username"),
        )

    def is_same(self, other: Person) -> bool:
        """Tell whether both are one identity; names alone prove nothing."""
        return (self.channel_type, self.channel_id) == (other.channel_type, other.channel_id)


@dataclass(frozen=True)
class Message:
    """One message. `sender` says who wrote it: the customer, the brand, or the brand's automatism."""

    message_id: str | None
    sender: str
    sent: str | None
    channel_type: str | None
    person: Person
    text: CustomerText | None
    text_left_out: int | None = None
    attachment_type: str | None = None
    attachment: CustomerText | None = None
    case_number: str | None = None
    account_id: str | None = only_in_detail(id_of="account")
    language: str | None = only_in_detail()
    conversation_id: str | None = only_in_detail()
    in_reply_to_message_id: str | None = only_in_detail()
    permalink: CustomerText | None = only_in_detail()

    @classmethod
    def of(cls, record: Record) -> Message:
        """Read a message; `person` is the one outside the brand."""
        brand = record.flag("brandPost")
        content = record.record("content")
        attachment = content.record("attachment")
        return cls(
            message_id=record.identifier("messageId"),
            sender=_sender(brand, record.flag("autoResponse")),
            sent=record.time("channelCreatedTime", "createdTime"),
            channel_type=record.label("channelType"),
            person=Person.of(record.record("receiverProfile" if brand else "senderProfile")),
            text=content.text("text", "richText", "title"),
            attachment_type=attachment.label("type"),
            attachment=attachment.text("url"),
            case_number=record.identifier("associatedCaseNumber"),
            account_id=record.identifier("sourceId"),
            language=record.label("language"),
            conversation_id=record.identifier("conversationId"),
            in_reply_to_message_id=record.identifier("parentMessageId"),
            permalink=record.text("permalink"),
        )


def _sender(brand: bool, automatic: bool) -> str:
    if not brand:
        return "customer"
    return "brand, automatic" if automatic else "brand"


@dataclass(frozen=True)
class Messages:
    """Messages, oldest first, and which of the ids asked for were not found."""

    messages: tuple[Message, ...]
    not_found: tuple[str, ...]
    page: Page


class GetMessages(Action, label="Read multiple messages"):
    """Read up to 50 messages with their texts, sender, time and channel, oldest first.

    For a whole case, use sprinklr_get_case_conversation. Returns the messages and the ids that were not
    found; long texts are cut so that all fit, less so with detail.
    """

    message_ids: MessageIds
    detail: Detail = False

    def request(self, facts: Any) -> Request:
        """The body is the bare list of ids."""
        return post("/api/v2/message/bulk-fetch", list(self.message_ids))

    def answer(self, payload: Json, facts: Any) -> Messages:
        """Unknown ids are left out in silence, and the order is not published; what nobody asked for goes."""
        given = [Message.of(record) for record in records_in(payload)]
        if payload and not any(one.message_id for one in given):
            raise Unreadable
        places = dict(zip(self.message_ids, in_places(self.message_ids, given), strict=True))
        found = sorted((one for one in places.values() if one), key=lambda one: one.sent or "")
        if not found:
            raise Missing(
                "None of these messages was found.",
                "Take the ids from sprinklr_list_case_messages as they are.",
            )
        not_found = tuple(message_id for message_id, one in places.items() if one is None)
        return Messages(tuple(found), not_found, Page(len(found), len(found)))

    def shown(self, answer: Messages) -> Messages:
        """Cut texts rather than leave out messages: the call for the rest would be ids above all."""
        room = room_for(self.detail)
        longest = room // max(len(answer.messages), 1 if self.detail else 4)
        return replace(answer, messages=tuple(shortened(one, longest) for one in answer.messages))


def in_places(message_ids: Sequence[str], found: Iterable[Message]) -> list[Message | None]:
    """Return for each id its message, which may carry an id with another time; None for one not found."""
    by_id = {one.message_id: one for one in found if one.message_id}
    asked = set(message_ids)
    alike = {native_part(name): one for name, one in by_id.items() if name not in asked}
    return [by_id.get(name) or alike.pop(native_part(name), None) for name in message_ids]


def shortened(message: Message, room: int) -> Message:
    """Return the message with at most that many bytes of text, and how many were left out."""
    if message.text is None or size_of(message.text) <= room:
        return message
    text = beginning_of(message.text, room)
    return replace(message, text=CustomerText(text), text_left_out=len(message.text) - len(text))
