"""Searching for messages. Facts: the article on entity search; a time window is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.actions.messages.reading import Message, shortened
from sprinklr_tools.answers import Page, room_for
from sprinklr_tools.arguments import AccountId, CaseNumber, ChannelType, Detail, Line, Moment, milliseconds
from sprinklr_tools.problems import Unclear
from sprinklr_tools.reading import Json, as_time
from sprinklr_tools.request import Request
from sprinklr_tools.searching import SearchCursor, condition, found_in, newest_first, search

DAYS = 30
DAY = 24 * 60 * 60 * 1000


@dataclass(frozen=True)
class MessagesFound:
    """Some messages, newest first, with their texts; the time searched where the call does not say it."""

    messages: tuple[Message, ...]
    page: Page
    searched_from: str | None = None
    searched_to: str | None = None


class SearchMessages(Action, label="Search messages"):
    """Find messages by words, channel, account, case or sender, within a time; newest first.

    Without a time, the last 30 days are searched. For one case's whole conversation, use
    sprinklr_get_case_conversation. Returns messages with texts and the next page's call.
    """

    text: Annotated[Line | None, Field(description="Words to find.")] = None
    channel_type: ChannelType | None = None
    account_id: AccountId | None = None
    case_number: CaseNumber | None = None
    sender: Literal["customer", "brand"] | None = None
    sent_after: Moment | None = None
    sent_before: Moment | None = None
    cursor: SearchCursor | None = None
    detail: Detail = False

    async def gather(self, read: Reader) -> datetime:
        """Check that there is something to look for, without a call; the time of asking is a fact."""
        if self.cursor is None and not self._conditions():
            raise Unclear(
                "Nothing to look for is given.", "Give text, channel_type, account_id, case_number or sender."
            )
        return read.now

    def request(self, facts: datetime) -> Request:
        """Times are milliseconds."""
        since, until = self._searched(facts)
        window: dict[str, Json] = {"key": "channelCreatedTime", "since": since, "until": until}
        more: dict[str, Json] = {"timeFilter": window, "sorts": newest_first("channelCreatedTime")}
        return search("MESSAGE", self.cursor, self._conditions(), **more)

    def _searched(self, now: datetime) -> tuple[int, int]:
        until = milliseconds(self.sent_before or now)
        return milliseconds(self.sent_after) if self.sent_after else until - DAYS * DAY, until

    def _conditions(self) -> list[dict[str, Json]]:
        found: list[dict[str, Json]] = []
        if self.text is not None:
            found.append(condition("SEARCH", "content.text", self.text))
        if self.channel_type is not None:
            found.append(condition("IN", "channelType", self.channel_type))
        if self.account_id is not None:
            found.append(condition("IN", "sourceId", self.account_id))
        if self.case_number is not None:
            found.append(condition("IN", "caseNumber", self.case_number))
        if self.sender is not None:
            found.append(condition("EQUALS", "brandPost", str(self.sender == "brand").lower()))
        return found

    def answer(self, payload: Json, facts: datetime) -> MessagesFound:
        """Texts are cut so that a page fits."""
        found = found_in(payload)
        room = room_for(self.detail) // max(1, len(found.records))
        messages = tuple(shortened(Message.of(record), room) for record in found.records)
        page = Page(len(messages), found.total, self.page_at(found.cursor))
        if self.cursor is not None or (messages and self.sent_after):
            return MessagesFound(messages, page)
        return MessagesFound(messages, page, *map(as_time, self._searched(facts)))
