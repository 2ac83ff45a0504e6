"""Creating and changing a person's profile. Facts: Sprinklr's profile articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.actions.profiles.reading import GetProfileById, GetProfileByUserId, Profile, only_profile
from sprinklr_tools.arguments import ChannelId, ChannelType, Email, Name, Phone, ProfileId
from sprinklr_tools.problems import Unclear, Unreadable
from sprinklr_tools.properties import CustomFields, as_json
from sprinklr_tools.reading import Json, as_identifier
from sprinklr_tools.request import Request, post, present


class CreateProfile(Action, label="Create a profile", risk=Risk.WRITE):
    """Create a customer profile, or add to the one that has this channel identity already.

    To change fields of a known profile, use sprinklr_update_profile, which leaves the rest alone.
    Returns the profile; a created time in the past means that it was there before.
    """

    name: Name
    channel_type: ChannelType
    channel_id: ChannelId
    first_name: Name | None = None
    last_name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    custom_fields: CustomFields | None = None

    def request(self, facts: Any) -> Request:
        """The flag keeps the profile lists that the body does not name; without it they are cleared."""
        contact: dict[str, Json] = {
            "fullName": self.name,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "email": self.email,
            "phoneNo": self.phone,
        }
        identity: dict[str, Json] = {
            "name": self.name,
            "channelType": self.channel_type,
            "channelId": self.channel_id,
        }
        body: dict[str, Json] = {"contact": present(contact), "profiles": [identity]}
        if self.custom_fields:
            body["profileWorkflow"] = {"customProperties": as_json(self.custom_fields)}
        return post("/api/v2/profile", body, syncPartnerProfileListIfNotSet="false")

    def settle(self) -> GetProfileByUserId:
        """The profile is there, or holds what was added."""
        return GetProfileByUserId(channel_type=self.channel_type, channel_id=self.channel_id, detail=True)

    def answer(self, payload: Json, facts: Any) -> Profile:
        """The answer does not say whether it was created or changed."""
        return only_profile(payload, "Read it by its channel identity.")


@dataclass(frozen=True)
class ProfileUpdated:
    """Which profile was changed; read it to see it whole."""

    profile_id: str
    updated: bool = True


class UpdateProfile(Action, label="Update a profile", risk=Risk.WRITE, repeatable=True):
    """Change named fields of one customer profile; fields that are not named stay as they are.

    Name the profile by profile_id, or by channel_type and channel_id. Not for e-mail addresses and
    profile lists, which this call cannot change. Returns the profile's id.
    """

    profile_id: ProfileId | None = None
    channel_type: ChannelType | None = None
    channel_id: ChannelId | None = None
    full_name: Name | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    phone: Phone | None = None
    custom_fields: Annotated[CustomFields | None, Field(description="Replaces these fields alone.")] = None

    async def gather(self, read: Reader) -> dict[str, Json]:
        """Tell which profile is meant, without a call."""
        if self.profile_id is not None and self.channel_type is None and self.channel_id is None:
            named: dict[str, Json] = {"id": self.profile_id}
        elif self.profile_id is None and self.channel_type and self.channel_id:
            named = {"profileKey": {"channelType": self.channel_type, "channelId": self.channel_id}}
        else:
            raise Unclear(
                "Which profile is meant is not clear.", "Give profile_id, or channel_type and channel_id."
            )
        if not (self._contact() or self.custom_fields):
            raise Unclear("Nothing to change is given.", "Give a name, a phone number or custom_fields.")
        return named

    def request(self, facts: dict[str, Json]) -> Request:
        """The selective variant of custom fields is the one that keeps those not named."""
        body = dict(facts)
        if self._contact():
            body["profileUpdateRequestDTO"] = {"contactInfo": self._contact()}
        if self.custom_fields:
            selected: dict[str, Json] = {"selectivePartnerCustomProperties": as_json(self.custom_fields)}
            body["profileWorkflowUpdateRequestDTO"] = selected
        return post("/api/v2/profile/partial-update", body)

    def _contact(self) -> dict[str, Json]:
        return present(
            {
                "fullName": self.full_name,
                "firstName": self.first_name,
                "lastName": self.last_name,
                "phoneNo": self.phone,
            }
        )

    def settle(self) -> GetProfileById | GetProfileByUserId | None:
        """The profile shows what it is, in detail also how to reach the person."""
        if self.profile_id is not None:
            return GetProfileById(profile_id=self.profile_id, detail=True)
        if self.channel_type is None or self.channel_id is None:
            return None
        return GetProfileByUserId(channel_type=self.channel_type, channel_id=self.channel_id, detail=True)

    def answer(self, payload: Json, facts: Any) -> ProfileUpdated:
        """The answer is the id alone."""
        found = as_identifier(payload)
        if found is None:
            raise Unreadable
        return ProfileUpdated(found)
