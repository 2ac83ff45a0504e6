"""What a message id tells by itself.

An id is `sourceType_sourceId_channelCreatedTime_channelType_messageTypeCode_channelMessageId`, where the
channel type and the last part may hold underscores of their own (article "message").
"""

from __future__ import annotations

import re

from sprinklr_tools.reading import as_time

PARTS = re.compile(r"[A-Z_]+_(?P<source>-?[0-9]+)_(?P<time>[0-9]{10,14})_(?P<rest>[A-Z].*)")


def sent_time(message_id: str) -> str | None:
    """Return when the message was sent on its channel, ISO 8601 in UTC; None where the id does not say."""
    found = PARTS.fullmatch(message_id)
    return as_time(int(found["time"])) if found else None


def sent_milliseconds(message_id: str) -> int | None:
    """Return the same time as Sprinklr writes it."""
    found = PARTS.fullmatch(message_id)
    return int(found["time"]) if found else None


def native_part(message_id: str) -> str:
    """Return what two ids of one message share: answers may carry another time than was asked for."""
    found = PARTS.fullmatch(message_id)
    return found["rest"] if found else message_id
