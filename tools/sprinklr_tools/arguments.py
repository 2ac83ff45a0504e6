"""The types of arguments: each kind of id has a grammar, each text a length.

A value that fits its grammar is safe in a path segment, a query and a header. Knows no action.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

ADDRESS = re.compile(
    r"https://(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z][A-Za-z0-9-]*(?::[0-9]{1,5})?(?:[/?#][!-\[\]-~]*)?"
)
"""In plain ASCII; the last part of a host name begins with a letter, which no numeric address does."""
FORBIDDEN_IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _as_text(value: Any) -> Any:
    """Take a whole number for its digits: models and people write ids either way."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _without_hash(value: Any) -> Any:
    """Take a case's number as people write it: with a hash, with zeros before it."""
    text = value.strip().removeprefix("#") if isinstance(value, str) else _as_text(value)
    return text.lstrip("0") or text if isinstance(text, str) else text


def _in_capitals(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


def _no_parent(value: str) -> str:
    if ".." in value or "//" in value:
        raise ValueError("an id holds neither '..' nor '//'")
    return value


def _readable(value: str) -> str:
    if FORBIDDEN_IN_TEXT.search(value):
        raise ValueError("the text holds control characters or half a character; send plain text")
    if not value.strip():
        raise ValueError("the text is empty")
    return value


def on_one_line(value: str) -> str:
    """Raises `ValueError` for a text of several lines, or one that nobody could read."""
    if "\n" in value or "\t" in value:
        raise ValueError("the text is more than one line")
    return _readable(value)


def _public_address(value: str) -> str:
    # Programs disagree on where the host ends as soon as a backslash or a line end stands in an address.
    if not ADDRESS.fullmatch(value):
        raise ValueError("give a public address: https://, a host name with a dot, no user name, no spaces")
    return value


def is_message_id(value: str | None) -> bool:
    """Tell whether a message id that came from Sprinklr may be asked for."""
    return value is not None and bool(MESSAGE_ID.fullmatch(value)) and ".." not in value and "//" not in value


def _in_order(value: list[str]) -> list[str]:
    return list(dict.fromkeys(value))


CaseNumber = Annotated[
    str,
    BeforeValidator(_without_hash),
    Field(pattern=r"^[0-9]{1,18}$", description="Such as 20418877."),
]
CASE_ID = re.compile(r"[0-9a-fA-F]{24}")
CaseId = Annotated[
    str,
    Field(pattern=f"^{CASE_ID.pattern}$", description="24 hex digits."),
]
MESSAGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+=/-]{0,299}")
MessageId = Annotated[str, Field(pattern=f"^{MESSAGE_ID.pattern}$"), AfterValidator(_no_parent)]
MOST_MESSAGES = 50
MessageIds = Annotated[
    list[MessageId],
    Field(
        min_length=1,
        max_length=MOST_MESSAGES,
        description="From sprinklr_list_case_messages.",
    ),
    AfterValidator(_in_order),
]
EntityId = Annotated[
    str,
    BeforeValidator(_as_text),
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@+=-]{0,299}$"),
    AfterValidator(_no_parent),
]
AccountId = Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^[0-9]{1,18}$")]
CampaignId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$"), BeforeValidator(_as_text)]
ChannelType = Annotated[str, BeforeValidator(_in_capitals), Field(pattern=r"^[A-Z][A-Z0-9_]{1,63}$")]
ChannelId = Annotated[
    str,
    BeforeValidator(_as_text),
    Field(pattern=r"^[A-Za-z0-9+][A-Za-z0-9._:@+='-]{0,199}$"),
    AfterValidator(_no_parent),
]
Text = Annotated[str, Field(min_length=1, max_length=20_000), AfterValidator(_readable)]
Address = Annotated[str, Field(max_length=2_000), AfterValidator(_public_address)]
Moment = Annotated[AwareDatetime, Field()]
Cursor = Annotated[
    str, BeforeValidator(_as_text), Field(pattern=r"^[0-9]{1,9}$", description="From the last page.")
]
Detail = Annotated[bool, Field(description="More facts, longer texts.")]


Line = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(on_one_line)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(on_one_line)]
Email = Annotated[str, Field(pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}$")]
Phone = Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^\+?[0-9][0-9 ().-]{2,30}$")]
ProfileId = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{24}$", description="24 hex digits.")]
AssetId = Annotated[str, Field(pattern=r"^[0-9a-zA-Z_-]{1,64}$")]
MacroId = Annotated[str, Field(pattern=r"^[0-9a-zA-Z]{1,64}$")]
UserId = Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^[0-9]{1,18}$")]
QueueId = Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^[0-9]{1,18}$")]
FieldName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,64}$", description="Such as spr_uc_status.")]


def milliseconds(moment: datetime) -> int:
    """Return a time as Sprinklr writes it: milliseconds since 1970, UTC."""
    return int(moment.timestamp() * 1000)
