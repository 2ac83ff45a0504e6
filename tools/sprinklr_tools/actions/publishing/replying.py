"""What a message answers, and whom it goes to. Facts: Sprinklr's message and profile articles."""

from __future__ import annotations

from dataclasses import dataclass

from sprinklr_tools.action import Reader
from sprinklr_tools.actions.cases.reading import PAGE, GetCaseByNumber, every_message_id
from sprinklr_tools.actions.messages.reading import GetMessages, Message
from sprinklr_tools.actions.profiles.reading import GetProfileByUserId
from sprinklr_tools.arguments import is_message_id
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
    """Return the newest message of a case that the customer wrote, looking from its end."""
    case = await read(GetCaseByNumber(case_number=case_number))
    listed = await every_message_id(read, case.case_id or "")
    ids = [one for one in listed if is_message_id(one)]
    for start in range((len(ids) - 1) // PAGE * PAGE, -1, -PAGE):
        found = await every_message(read, ids[start : start + PAGE])
        written = [one for one in found if one.sender == "customer"]
        if written:
            return written[-1]
    raise Missing(
        f"Case {case_number} holds no message from the customer to reply to.",
        "Give account_id, channel_type and channel_id for a new message.",
    )


async def every_message(read: Reader, message_ids: list[str]) -> list[Message]:
    """Read messages, also those that do not fit into one answer."""
    found: list[Message] = []
    left = GetMessages(message_ids=message_ids, detail=True) if message_ids else None
    while left is not None:
        answer = await read(left)
        found += answer.messages
        left = answer.page.next if isinstance(answer.page.next, GetMessages) else None
    return found
