"""Reading messages by a list of ids, each in the place of its id, whether or not Sprinklr gives it."""

from __future__ import annotations

from collections.abc import Sequence

from sprinklr_tools.action import Reader
from sprinklr_tools.actions.messages.reading import GetMessages, Message, in_places
from sprinklr_tools.arguments import is_message_id
from sprinklr_tools.problems import Missing


async def messages_in_places(read: Reader, message_ids: Sequence[str]) -> list[Message | None]:
    """Return for each id its message, whole; None for one that is not found or cannot be asked for."""
    asked = [one for one in message_ids if is_message_id(one)]
    try:
        found = (await read(GetMessages(message_ids=asked, detail=True))).messages if asked else ()
    except Missing:
        found = ()
    return in_places(message_ids, found)
