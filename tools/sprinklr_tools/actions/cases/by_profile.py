"""The cases of one person. No published call takes a profile's id; so its channel ids are searched for."""

from __future__ import annotations

from dataclasses import dataclass

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.actions.cases.reading import Case
from sprinklr_tools.actions.profiles.reading import GetProfileById, Profile
from sprinklr_tools.answers import Page
from sprinklr_tools.arguments import Detail, ProfileId
from sprinklr_tools.problems import Missing
from sprinklr_tools.reading import Json, Record, is_safe
from sprinklr_tools.request import Request
from sprinklr_tools.searching import SearchCursor, condition, found_in, newest_first, search


@dataclass(frozen=True)
class Cases:
    """Some cases, newest first."""

    cases: tuple[Case, ...]
    page: Page
    other_people: int | None = None
    """How many more came that belong to somebody else, or may; only said where there are some."""
    next: str = ""


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
        profile = await read(GetProfileById(profile_id=self.profile_id))
        if not _ids_of(profile):
            raise Missing(
                "The profile names no channel id to search cases by.", "Try sprinklr_search_cases by words."
            )
        return profile

    def request(self, facts: Profile) -> Request:
        """There is no filter for the channel's type: ids alone are searched for."""
        conditions = [
            condition("IN", "contact.channelId", *_ids_of(facts)),
            condition("EQUALS", "deleted", False),
        ]
        return search("CASE", self.cursor, conditions, sorts=newest_first("createdTime"))

    def answer(self, payload: Json, facts: Profile) -> Cases:
        """The same id on another channel is somebody else."""
        found = found_in(payload)
        theirs = [one for one in found.records if _is_theirs(one.record("contact"), facts)]
        cases = [Case.of(record) for record in theirs]
        shown = tuple(one if self.detail else one.in_brief() for one in cases)
        others = len(found.records) - len(theirs)
        return Cases(shown, Page(len(shown), None, self.page_at(found.cursor)), others or None)


def _ids_of(profile: Profile) -> list[str]:
    return [one.channel_id for one in profile.identities if is_safe(one.channel_id)]


def _is_theirs(contact: Record, profile: Profile) -> bool:
    """Tell whether a contact is one of the person's; without a channel, its own id begins with it."""
    channel, channel_id = contact.label("channelType"), contact.identifier("channelId", "fromSnUserId")
    own_id = contact.identifier("id") or ""
    return any(
        (channel == one.channel_type if channel else own_id.startswith(f"{one.channel_type}_"))
        # The search itself asked for the ids, so a contact that does not repeat its own still fits.
        and channel_id in (None, one.channel_id)
        for one in profile.identities
        if one.channel_type
    )
