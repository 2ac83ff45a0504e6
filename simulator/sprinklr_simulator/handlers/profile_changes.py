"""New and changed profiles: the whole call, and the partial one. Knows rows of profiles only."""

import secrets
from collections.abc import Callable, Mapping
from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue, list_of, object_of, text_of
from .case_changes import Merge, added, replaced, without
from .profiles import find_on_channel

CONTACT_FIELDS: Final = (
    "firstName",
    "maidenName",
    "lastName",
    "fullName",
    "website",
    "phoneNo",
    "emailDetails",
)


def create_profile(call: Call) -> Answer:
    """Make a profile, or change the one that has one of the channel identities already."""
    keeps_lists = call.query.get("syncPartnerProfileListIfNotSet") == "false"
    return enveloped(put_profile(call, call.fields, keeps_lists))


def put_profile(call: Call, wanted: JsonObject, keeps_lists: bool) -> JsonObject:
    """The profile as it is stored from now on."""
    before = matching_profile(call, wanted)
    # Assumption A63: what a call on an existing profile leaves out stays, but for the profile lists.
    profile: JsonObject = before or new_profile(call)
    profile |= {
        "contact": object_of(profile["contact"]) | object_of(wanted.get("contact")),
        "demographics": object_of(profile.get("demographics")) | object_of(wanted.get("demographics")),
        "profiles": with_channels(list_of(profile.get("profiles")), list_of(wanted.get("profiles"))),
        "profileWorkflow": with_workflow(
            object_of(profile.get("profileWorkflow")), object_of(wanted.get("profileWorkflow")), keeps_lists
        ),
        "modifiedTime": call.now,
    }
    call.rows.put("profiles", profile)
    return profile


def matching_profile(call: Call, wanted: JsonObject) -> JsonObject | None:
    """The profile that is meant: by its id, or by the first channel identity that somebody has."""
    identifier = text_of(wanted.get("id"))
    if identifier:
        return existing_profile(call.rows.find("profiles", identifier))
    # Assumption A64: of several channel identities the first that is known decides.
    for channel in map(object_of, list_of(wanted.get("profiles"))):
        found = find_on_channel(call, text_of(channel.get("channelType")), text_of(channel.get("channelId")))
        if found:
            return found
    return None


def new_profile(call: Call) -> JsonObject:
    """A profile with nothing in it."""
    return {
        "id": secrets.token_hex(12),
        "contact": {"phoneDetails": [], "emailDetails": []},
        "createdTime": call.now,
        "restricted": False,
    }


def with_channels(before: list[JsonValue], wanted: list[JsonValue]) -> list[JsonValue]:
    """The channel identities, those that are sent changed or added."""
    channels = {key_of(channel): object_of(channel) for channel in before}
    for channel in wanted:
        earlier = channels.get(key_of(channel), {"unSubscribed": False, "deleted": False})
        channels[key_of(channel)] = earlier | object_of(channel)
    return [*channels.values()]


def key_of(channel: JsonValue) -> tuple[str, str]:
    """What tells one channel identity from another."""
    fields = object_of(channel)
    return text_of(fields.get("channelType")), text_of(fields.get("channelId"))


def with_workflow(before: JsonObject, wanted: JsonObject, keeps_lists: bool) -> JsonObject:
    """The workflow of a profile; lists that are not sent are cleared unless they are to be kept."""
    after: JsonObject = {**before, **wanted}
    custom = object_of(before.get("customProperties")) | object_of(wanted.get("customProperties"))
    after["customProperties"] = kept_values(custom)
    if "profileLists" not in wanted:
        after["profileLists"] = list_of(before.get("profileLists")) if keeps_lists else []
    spaces = {text_of(object_of(space).get("spaceId")): object_of(space) for space in spaces_of(before)}
    for space in map(object_of, spaces_of(wanted)):
        identifier = text_of(space.get("spaceId"))
        spaces[identifier] = spaces.get(identifier, {}) | space
    after["profileSpaceWorkflows"] = [*spaces.values()]
    return after


def spaces_of(workflow: JsonObject) -> list[JsonValue]:
    """What each workspace has noted on a profile."""
    return list_of(workflow.get("profileSpaceWorkflows"))


def kept_values(custom: JsonObject) -> JsonObject:
    """Custom properties without those that have no value: an empty text unsets one."""
    values = {name: [value for value in list_of(found) if value != ""] for name, found in custom.items()}
    return {name: found for name, found in values.items() if found}


def update_profile(call: Call) -> Answer:
    """Change what is named and nothing else; answers the id."""
    profile = existing_profile(named_profile(call))
    contact = object_of(object_of(call.fields.get("profileUpdateRequestDTO")).get("contactInfo"))
    changes: JsonObject = {name: value for name, value in contact.items() if name in CONTACT_FIELDS}
    workflow = object_of(profile.get("profileWorkflow"))
    asked = object_of(call.fields.get("profileWorkflowUpdateRequestDTO"))
    custom = object_of(workflow.get("customProperties"))
    for name, change in PROPERTY_CHANGES.items():
        if name in asked:
            custom = change(custom, object_of(asked[name]))
    profile |= {
        "contact": object_of(profile.get("contact")) | changes,
        "profileWorkflow": {**workflow, "customProperties": kept_values(custom)},
        "modifiedTime": call.now,
    }
    call.rows.put("profiles", profile)
    return enveloped(profile["id"])


def named_profile(call: Call) -> JsonObject | None:
    """The profile that a partial update names."""
    if "id" in call.fields:
        return call.rows.find("profiles", text_of(call.fields["id"]))
    key = object_of(call.fields["profileKey"])
    return find_on_channel(call, text_of(key.get("channelType")), text_of(key.get("channelId")))


def existing_profile(profile: JsonObject | None) -> JsonObject:
    """The profile, or a refusal."""
    if profile is None:
        # Assumption A65: changing an unknown profile is a 404.
        raise refused(404, "Profile not found")
    return profile


def merging(merge: Merge) -> Callable[[JsonObject, JsonObject], JsonObject]:
    """The change of the named custom properties alone."""

    def change(before: JsonObject, wanted: JsonObject) -> JsonObject:
        named = {name: merge(list_of(before.get(name)), list_of(values)) for name, values in wanted.items()}
        return {**before, **named}

    return change


PROPERTY_CHANGES: Final[Mapping[str, Callable[[JsonObject, JsonObject], JsonObject]]] = {
    "partnerCustomProperties": lambda _before, wanted: wanted,
    "partnerCustomPropertiesAdded": merging(added),
    "partnerCustomPropertiesRemoved": merging(without),
    "selectivePartnerCustomProperties": merging(replaced),
}

HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/profile"): create_profile,
    ("POST", "/api/v2/profile/partial-update"): update_profile,
}
