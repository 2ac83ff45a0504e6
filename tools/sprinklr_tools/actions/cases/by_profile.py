"""The cases of one person. No published call takes a profile's id; so its channel ids are searched for."""

from __future__ import annotations

from dataclasses import dataclass

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.actions.cases.reading import Case
from sprinklr_tools.actions.profiles.reading import GetProfileById, Profile
from sprinklr_tools.answers import Page
from sprinklr_tools.arguments import Detail, ProfileId
from sprinklr_tools.problems import Missing
from sprinklr_tools.reading import Json, is_safe
from sprinklr_tools.request import Request
from sprinklr_tools.searching import SearchCursor, condition, found_in, newest_first, search


@dataclass(frozen=True)
class Cases:
    """Some cases, newest first."""

    cases: tuple[Case, ...]
    page: Page


class ListCasesByProfile(Action, label="List cases by profile ID"):
    """List the cases of one customer, on all of their channels, newest first, by their profile id.

    Get the profile_id from sprinklr_get_profile_by_user_id. For other filters, use
    sprinklr_search_cases. Returns cases and the call for the next page.
    """

    profile_id: ProfileId
    cursor: SearchCursor | None = None
    detail: Detail = False

    async def gather(self, read: Reader) -> Profile:
        """Read who the person is on each channel."""
        return await read(GetProfileById(profile_id=self.profile_id))

    def request(self, facts: Profile) -> Request:
        """There is no filter for the channel's type: ids alone are searched for."""
        ids = [one.channel_id for one in facts.identities if is_safe(one.channel_id)]
        if not ids:
            raise Missing("The profile names no channel id to search cases by.")
        conditions = [
            condition("IN", "contact.channelId", *ids),
            condition("EQUALS", "deleted", False),
        ]
        return search("CASE", self.cursor, conditions, sorts=newest_first("createdTime"))

    def answer(self, payload: Json, facts: Profile) -> Cases:
        """The same id on another channel is somebody else."""
        found = found_in(payload)
        theirs = {(one.channel_type, one.channel_id) for one in facts.identities}
        cases = [Case.of(record) for record in found.records]
        kept = [one for one in cases if (one.customer_channel, one.customer_id) in theirs]
        shown = tuple(one if self.detail else one.in_brief() for one in kept)
        onward = self.model_copy(update={"cursor": found.cursor}) if found.cursor else None
        return Cases(shown, Page(len(shown), None, onward))
