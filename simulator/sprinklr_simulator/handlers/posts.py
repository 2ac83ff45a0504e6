"""What was published, or waits to be, in the shape of its search. Knows no case and no message."""

from ..calls import Call
from ..json_values import JsonObject, JsonValue, integer_of, text_of, value_at

PUBLISHED = "PUBLISHED"
DATES = ("created", "schedule", "modified", "published")


def new_post(call: Call, account: JsonObject, number: int) -> JsonObject:
    """A post as the request describes it."""
    return {
        "id": number,
        "accountIds": [account.get("accountId")],
        "version": 1,
        "accountTypes": [account.get("accountType")],
        "variantDetails": {"variant": False, "hasVariants": False},
        "content": call.fields["content"],
        "channelOptions": [],
        "scheduleDate": call.fields.get("scheduleDate", call.now),
        "taxonomy": call.fields["taxonomy"],
        "status": state_of(call),
        "autoResponse": False,
        "createdTime": call.now,
        "modifiedTime": call.now,
        "authorId": call.user.get("id"),
    }


def state_of(call: Call) -> str:
    """What has become of a post right after the call."""
    # Assumption A94: a post is IN_APPROVAL, SCHEDULED or PUBLISHED; the simulator leaves it in that state.
    if text_of(value_at(call.body, "approval.type")) not in ("", "NONE"):
        return "IN_APPROVAL"
    return "SCHEDULED" if integer_of(call.fields.get("scheduleDate")) > call.now else PUBLISHED


def post_view(row: JsonObject) -> JsonObject:
    """A post: filters know each of its times by two names, and the time of publishing."""
    published: JsonValue = row.get("createdTime") if row.get("status") == PUBLISHED else None
    times: JsonObject = {
        "created": row.get("createdTime"),
        "schedule": row.get("scheduleDate"),
        "modified": row.get("modifiedTime"),
        "published": published,
    }
    named: JsonObject = {f"{name}{ending}": times[name] for name in DATES for ending in ("Date", "Time")}
    custom = value_at(row, "taxonomy.partnerCustomProperties")
    return {**row, **named, "searchDetails": {"customProperties": custom}}
