"""Triggering journeys. Knows rows of journeys, and that a trigger writes the person's profile."""

import secrets
from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue, object_of, text_of
from .profile_changes import put_profile


def trigger_journey(call: Call) -> Answer:
    """Take a trigger; the person's profile is written even if the journey does nothing."""
    journey_id = text_of(call.fields["journeyId"])
    journey = call.rows.find("journeys", journey_id)
    if journey is None:
        # Assumption A69: an unknown journey is a 400.
        raise refused(400, f"Journey {journey_id} not found")
    profile = put_profile(call, without_custom_properties(call.fields["unifiedProfile"]), keeps_lists=True)
    if journey.get("status") != "ACTIVE":
        # Assumption A70: a journey that is not active says so in a 200 with another status than SUCCESS.
        return enveloped({"status": "FAILED", "message": "The journey is not active"})
    # Assumption A71: a running journey of the simulator writes to nobody; the trigger is kept.
    tracking_id = f"{journey_id}_{secrets.token_hex(12)}_{text_of(profile['id'])}"
    trigger: JsonObject = {
        "id": tracking_id,
        "journeyId": journey_id,
        "profileId": profile["id"],
        "contextParams": call.fields.get("contextParams"),
        "createdTime": call.now,
    }
    call.rows.put("journey_triggers", trigger)
    return enveloped({"status": "SUCCESS", "message": "Triggered Successfully", "trackingId": tracking_id})


def without_custom_properties(profile: JsonValue) -> JsonObject:
    """A profile as a trigger can write it: custom fields of the whole profile are not supported."""
    fields = object_of(profile)
    if "profileWorkflow" not in fields:
        return fields
    workflow = object_of(fields["profileWorkflow"])
    kept: JsonObject = {name: value for name, value in workflow.items() if name != "customProperties"}
    return {**fields, "profileWorkflow": kept}


HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/marketing-journey/triggerJourney"): trigger_journey,
}
