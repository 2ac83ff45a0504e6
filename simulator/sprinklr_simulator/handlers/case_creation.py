"""New cases: from a message, or for a person. Knows cases, messages, profiles and comments."""

import secrets
from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, object_of, text_of, value_at
from .case_changes import MIRRORED, with_mirrors, with_workflow
from .comments import new_comment
from .profiles import find_on_channel

COPIED: Final = ("subject", "description", "summary", "dueDate", "status", "priority", "caseType")
CONTACT_FIELDS: Final = {"EMAIL": "email", "SMS": "phoneNo"}


def create_case(call: Call) -> Answer:
    """Open a case for a message."""
    message_id = text_of(call.fields["firstMessageId"])
    message = call.rows.find("messages", message_id)
    if message is None:
        # Assumption A50: an unknown first message is a 400, and so is one that has a case already.
        raise refused(400, "The message in firstMessageId was not found")
    if message.get("associatedCaseNumber"):
        raise refused(400, "The message in firstMessageId belongs to a case already")
    sender = object_of(message.get("senderProfile"))
    case = new_case(call, text_of(sender.get("channelType")), text_of(sender.get("channelId")))
    case |= {"firstMessageId": message_id, "associatedFanMessageCount": 1}
    call.rows.put("cases", case)
    call.rows.put("messages", {**message, "associatedCaseNumber": case["caseNumber"]})
    return enveloped(case)


def create_case_via_profile(call: Call) -> Answer:
    """Open a case for a person, and make the profile if there is none."""
    channel_type = text_of(call.fields["channelType"])
    contact = object_of(call.fields["contactInfo"])
    named = contact.get(CONTACT_FIELDS.get(channel_type, ""))
    channel_id = text_of(named or call.fields.get("channelId"))
    if find_on_channel(call, channel_type, channel_id) is None:
        call.rows.put("profiles", new_profile(contact, channel_type, channel_id))
    custom: JsonObject = {"spr_is_profile_case": ["true"]}
    case = new_case(call, channel_type, channel_id)
    case = with_workflow(case, "customProperties", custom_properties(case) | custom)
    call.rows.put("cases", case)
    note = value_at(call.body, "commentDTO.comment")
    if note:
        call.rows.put("comments", new_comment(call, "CASE", text_of(case["caseNumber"]), text_of(note)))
    return enveloped(case)


def new_case(call: Call, channel_type: str, channel_id: str) -> JsonObject:
    """A case with the next number, as the request describes it."""
    workflow: JsonObject = {"customProperties": {}, "queues": []}
    case: JsonObject = {
        "id": secrets.token_hex(12),
        "caseNumber": call.rows.highest_number("cases") + 1,
        "version": 0,
        "externalCaseInfo": {"externalCases": []},
        "workflow": workflow | object_of(call.fields.get("workflow")),
        "channelCustomProperties": [],
        "contact": {
            "id": f"{channel_type}_{channel_id}",
            "channelType": channel_type,
            "channelId": channel_id,
            "fromSnUserId": channel_id,
        },
        "createdTime": call.now,
        "modifiedTime": call.now,
        "totalProcessingClockTime": 0,
        "allEngagedUsersList": [],
        "associatedFanMessageCount": 0,
        "associatedBrandMessageCount": 0,
        "deleted": False,
    }
    return with_plain_fields(call, case)


def with_plain_fields(call: Call, case: JsonObject) -> JsonObject:
    """A new case with its texts; a status on top of the request wins over the custom property."""
    plain = {name: call.fields[name] for name in COPIED if name in call.fields}
    custom = custom_properties(case)
    for name, key in MIRRORED.items():
        if name in plain:
            custom[key] = [plain[name]]
    return with_mirrors(with_workflow({**case, **plain}, "customProperties", custom), custom)


def custom_properties(case: JsonObject) -> JsonObject:
    """A copy of the custom properties of a case."""
    return {**object_of(value_at(case, "workflow.customProperties"))}


def new_profile(contact: JsonObject, channel_type: str, channel_id: str) -> JsonObject:
    """A profile of a person who had none."""
    channel: JsonObject = {
        "name": contact.get("fullName"),
        "channelType": channel_type,
        "channelId": channel_id,
        "unSubscribed": False,
        "deleted": False,
    }
    return {"id": secrets.token_hex(12), "contact": contact, "profiles": [channel]}


HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/case"): create_case,
    ("POST", "/api/v2/case/profile"): create_case_via_profile,
}
