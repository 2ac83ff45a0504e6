"""Searching for people. Facts: the article on entity search; there is no filter for names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.actions.profiles.reading import Profile
from sprinklr_tools.answers import Page
from sprinklr_tools.arguments import ChannelId, ChannelType, Detail, Email, Moment, Phone, milliseconds
from sprinklr_tools.problems import Unclear
from sprinklr_tools.reading import Json
from sprinklr_tools.request import Request
from sprinklr_tools.searching import SearchCursor, condition, found_in, newest_first, search


@dataclass(frozen=True)
class Profiles:
    """Some profiles, those changed last first."""

    profiles: tuple[Profile, ...]
    page: Page


class SearchProfiles(Action, label="Search profiles"):
    """Find customer profiles by e-mail, phone, channel or time of change; those changed last first.

    There is no search by name: with a user name on a channel, use sprinklr_get_profile_by_username.
    Returns profiles with their ids and the next page's call.
    """

    email: Email | None = None
    phone: Phone | None = None
    channel_type: ChannelType | None = None
    channel_id: ChannelId | None = None
    modified_after: Moment | None = None
    cursor: SearchCursor | None = None
    detail: Detail = False

    async def gather(self, read: Reader) -> None:
        """Check that there is something to look for, without a call."""
        if self.cursor is None and not self._conditions():
            raise Unclear(
                "Nothing to look for is given.",
                "Give email, phone, channel_type, channel_id or modified_after.",
            )

    def request(self, facts: Any) -> Request:
        """All conditions must hold."""
        return search("PROFILE", self.cursor, self._conditions(), sorts=newest_first("modifiedTime"))

    def _conditions(self) -> list[dict[str, Json]]:
        given = {
            "contact.email": self.email,
            "contact.phoneNo": self.phone,
            "channelType": self.channel_type,
            "channelId": self.channel_id,
        }
        found = [condition("IN", key, value) for key, value in given.items() if value is not None]
        if self.modified_after is not None:
            found.append(condition("GTE", "modifiedTime", milliseconds(self.modified_after)))
        return found

    def answer(self, payload: Json, facts: Any) -> Profiles:
        """One page."""
        found = found_in(payload)
        read = [Profile.of(record) for record in found.records]
        profiles = tuple(one if self.detail else one.in_brief() for one in read)
        return Profiles(profiles, Page(len(profiles), found.total, self.page_at(found.cursor)))
