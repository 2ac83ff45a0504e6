"""Profiles: read by id, by a person's id on a channel, by user name. Knows rows of profiles only."""

from collections.abc import Callable
from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, list_of, object_of, text_of


def read_by_id(call: Call) -> Answer:
    """The profile with this id."""
    return found(call.rows.find("profiles", call.parameters["profileId"]))


def read_by_user_id(call: Call) -> Answer:
    """The profile of the person with this id on a channel."""
    return found(find_on_channel(call, call.query["snType"], call.query["snUserId"]))


def read_by_user_name(call: Call) -> Answer:
    """The profile of the person with this name on a channel."""
    # Assumption A47: a user name is a channel's `username` or `name`, whatever the case of its letters; of
    # several people with one name the first is shown.
    wanted = call.query["userName"].casefold()

    def has_name(channel: JsonObject) -> bool:
        return wanted in (text_of(channel.get(field)).casefold() for field in ("username", "name"))

    return found(first_with(call, call.query["snType"], has_name))


def find_on_channel(call: Call, channel_type: str, channel_id: str) -> JsonObject | None:
    """The profile of the person with this id on a channel, if there is one."""
    return first_with(call, channel_type, lambda channel: text_of(channel.get("channelId")) == channel_id)


def first_with(call: Call, channel_type: str, fits: Callable[[JsonObject], bool]) -> JsonObject | None:
    """The first profile that has such a channel of this type."""
    for profile in call.rows.all("profiles"):
        for channel in map(object_of, list_of(profile.get("profiles"))):
            if channel.get("channelType") == channel_type and fits(channel):
                return profile
    return None


def found(profile: JsonObject | None) -> Answer:
    """The profile, or a refusal."""
    if profile is None:
        # Assumption A48: an unknown profile is a 404.
        raise refused(404, "Profile not found")
    return enveloped(profile)


HANDLERS: Final[Handlers] = {
    ("GET", "/api/v2/profile/{profileId}"): read_by_id,
    ("GET", "/api/v2/profile"): read_by_user_id,
    ("GET", "/api/v2/profile/search"): read_by_user_name,
}
