"""Reading a person's profile: by its id, by a channel's id of them, by their name on a channel.

Facts: Sprinklr's profile articles. Answers come with or without the envelope.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sprinklr_tools.action import Action
from sprinklr_tools.answers import only_in_detail
from sprinklr_tools.arguments import ChannelId, ChannelType, Detail, Name, ProfileId
from sprinklr_tools.problems import Missing
from sprinklr_tools.properties import Properties, properties_in
from sprinklr_tools.reading import CustomerText, Json, Record
from sprinklr_tools.request import Request, get


@dataclass(frozen=True)
class Identity:
    """Who a person is on one channel."""

    channel_type: str | None
    channel_id: str | None
    username: CustomerText | None
    name: CustomerText | None = only_in_detail()
    followers: int | None = only_in_detail()
    verified: bool | None = only_in_detail()
    unsubscribed: bool | None = only_in_detail()
    permalink: CustomerText | None = only_in_detail()

    @classmethod
    def of(cls, record: Record) -> Identity:
        """Read one of a profile's channel identities."""
        return cls(
            channel_type=record.label("channelType"),
            channel_id=record.identifier("channelId"),
            username=record.text("username"),
            name=record.text("name"),
            followers=record.number("followers"),
            verified=True if record.flag("verified") else None,
            unsubscribed=True if record.flag("unSubscribed") else None,
            permalink=record.text("permalink"),
        )


@dataclass(frozen=True)
class Profile:
    """One person. How to reach them is shown only in detail."""

    profile_id: str | None
    name: CustomerText | None
    identities: tuple[Identity, ...]
    created: str | None
    modified: str | None
    restricted: bool | None
    email: CustomerText | None = only_in_detail()
    phone: CustomerText | None = only_in_detail()
    website: tuple[CustomerText, ...] | None = only_in_detail()
    location: CustomerText | None = only_in_detail()
    properties: Properties | None = only_in_detail()

    def in_brief(self) -> Profile:
        """Return what tells a profile from others, for answers that hold more than one."""
        identities = tuple(replace(one, username=None) if self.name else one for one in self.identities)
        return replace(self, identities=identities, created=None)

    @classmethod
    def of(cls, record: Record) -> Profile:
        """Read a profile of any of the published spellings."""
        contact, workflow = record.record("contact"), record.record("profileWorkflow")
        identities = tuple(Identity.of(one) for one in record.records("profiles"))
        given = " ".join(part for part in (contact.text("firstName"), contact.text("lastName")) if part)
        named = contact.text("fullName") or (CustomerText(given) if given else None)
        return cls(
            profile_id=record.identifier("id"),
            name=named or next((one.name for one in identities if one.name), None),
            identities=identities,
            created=record.time("createdTime"),
            modified=record.time("modifiedTime"),
            restricted=True if record.flag("restricted") else None,
            email=contact.text("email"),
            phone=contact.text("phoneNo"),
            website=tuple(CustomerText(one) for one in contact.texts("website")),
            location=record.record("demographics").text("location"),
            properties=properties_in(workflow.raw("customProperties", "customFields")),
        )


def only_profile(payload: Json, hint: str) -> Profile:
    """Return the profile of an answer, or say that there is none."""
    profile = Profile.of(Record.of(payload))
    if profile.profile_id is None:
        raise Missing("There is no such profile, or this login may not see it.", hint)
    return profile


class GetProfileById(Action, label="Fetch profile by profile ID"):
    """Read one customer profile by Sprinklr's own profile id: name and identities on all channels.

    With the person's id on a channel, use sprinklr_get_profile_by_user_id. With detail, also e-mail,
    phone and custom fields.
    """

    profile_id: ProfileId
    detail: Detail = False

    def request(self, facts: Any) -> Request:
        """Ask by id."""
        return get("/api/v2/profile/{profile_id}", path={"profile_id": self.profile_id})

    def answer(self, payload: Json, facts: Any) -> Profile:
        """An empty answer means that there is none."""
        return only_profile(payload, "Check the id; case and message answers name channel ids, not this one.")


class GetProfileByUserId(Action, label="Fetch profile by sntype and snuserID"):
    """Read one customer profile by the person's id on a channel, as cases and messages give it.

    With a user name, use sprinklr_get_profile_by_username. Returns profile_id, name and identities on all
    channels; with detail, also e-mail and phone.
    """

    channel_type: ChannelType
    channel_id: ChannelId
    detail: Detail = False

    def request(self, facts: Any) -> Request:
        """The same path creates a profile by another method."""
        return get("/api/v2/profile", snType=self.channel_type, snUserId=self.channel_id)

    def answer(self, payload: Json, facts: Any) -> Profile:
        """An empty answer means that there is none."""
        return only_profile(payload, "Take channel_type and channel_id as a case or a message gives them.")


class GetProfileByUsername(Action, label="Fetch profile by sntype and username"):
    """Read one customer profile by the person's user name on a channel, such as @maya on TWITTER.

    With their id there, use sprinklr_get_profile_by_user_id: ids are unique, names are not. Returns
    profile_id, name and identities on all channels.
    """

    channel_type: ChannelType
    username: Name
    detail: Detail = False

    def request(self, facts: Any) -> Request:
        """Despite its path, this answers one profile."""
        return get(
            "/api/v2/profile/search", snType=self.channel_type, userName=self.username.removeprefix("@")
        )

    def answer(self, payload: Json, facts: Any) -> Profile:
        """An empty answer means that there is none."""
        return only_profile(payload, "Names are compared to the letter; try sprinklr_search_profiles.")
