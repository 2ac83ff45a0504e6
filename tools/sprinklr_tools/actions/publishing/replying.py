"""What a message answers, and whom it goes to. Facts: Sprinklr's message and profile articles."""

from __future__ import annotations

from dataclasses import dataclass

from sprinklr_tools.action import Reader
from sprinklr_tools.actions.cases.listing import PAGE, every_message_id
from sprinklr_tools.actions.cases.reading import GetCaseByNumber
from sprinklr_tools.actions.messages.placing import messages_in_places
from sprinklr_tools.actions.messages.reading import Message
from sprinklr_tools.actions.profiles.reading import GetProfileByUserId
from sprinklr_tools.problems import Missing


@dataclass(frozen=True)
class Recipient:
    """Who gets the message: an identity on a channel."""

    channel_type: str
    channel_id: str
    username: str | None = None
    name: str | None = None


async def somebody(read: Reader, channel_type: str, channel_id: str) -> Recipient:
    """Return who has that identity; the name of one that no profile has is not known."""
    try:
        profile = await read(GetProfileByUserId(channel_type=channel_type, channel_id=channel_id))
    except Missing:
        return Recipient(channel_type, channel_id)
    return Recipient(channel_type, channel_id, name=profile.name)


async def latest_from_customer(read: Reader, case_number: str) -> Message:
    """Return the newest message of a case that the customer wrote, looking from its end.

    Raises `Missing` also where a newer one cannot be read: it may be the one that waits for an answer.
    """
    case = await read(GetCaseByNumber(case_number=case_number))
    listed = await every_message_id(read, case.case_id or "", case_number)
    for end in range(len(listed), 0, -PAGE):
        for message in reversed(await messages_in_places(read, listed[max(0, end - PAGE) : end])):
            if message is None:
                raise Missing(
                    f"A message at the end of case {case_number} is listed and cannot be read; it may be the "
                    "customer's latest.",
                    "Give in_reply_to_message_id, or account_id, channel_type and channel_id.",
                )
            if message.sender == "customer":
                return message
    raise Missing(
        f"Case {case_number} holds no message from the customer to reply to.",
        "Give account_id, channel_type and channel_id for a new message.",
    )
