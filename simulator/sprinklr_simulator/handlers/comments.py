"""Comments on cases, messages, posts, campaigns and profiles. Knows what a comment can stand on."""

import secrets
from typing import Final

from ..answers import Answer, done, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, text_of

COMMENTED_ROWS: Final = {
    "MESSAGE": "messages",
    "OUTBOUND_MESSAGE": "posts",
    "CAMPAIGN": "campaigns",
    "PROFILE": "profiles",
}


def add_comment(call: Call) -> Answer:
    """Add a comment by the token's user."""
    entity_type, entity_id = check_entity(call)
    comment = new_comment(call, entity_type, entity_id, text_of(call.fields["text"]))
    if "attachment" in call.fields:
        comment["attachment"] = call.fields["attachment"]
    call.rows.put("comments", comment)
    return enveloped(comment)


def new_comment(call: Call, entity_type: str, entity_id: str, text: str) -> JsonObject:
    """A comment by the token's user."""
    return {
        "id": secrets.token_hex(12),
        "text": text,
        "commentingUser": call.user.get("id"),
        "createdTime": call.now,
        "modifiedTime": call.now,
        "entityType": entity_type,
        "entityId": entity_id,
    }


def update_comment(call: Call) -> Answer:
    """Change the text or the attachment of a comment."""
    comment = {**existing_comment(call), "modifiedTime": call.now}
    comment |= {name: value for name, value in call.fields.items() if name in ("text", "attachment")}
    call.rows.put("comments", comment)
    return enveloped(comment)


def delete_comment(call: Call) -> Answer:
    """Take a comment away."""
    existing_comment(call)
    call.rows.remove("comments", call.parameters["commentId"])
    return done()


def check_entity(call: Call) -> tuple[str, str]:
    """What is commented on: type and id; for a case the id is its number."""
    entity_type, entity_id = call.parameters["entityType"], call.parameters["entityId"]
    if entity_type == "CASE":
        entity = call.rows.find_by_number("cases", entity_id)
    else:
        entity = call.rows.find(COMMENTED_ROWS[entity_type], entity_id)
    if entity is None:
        # Assumption A24: a comment on what isn't there is a 404, on a deleted case a 400.
        raise refused(404, f"{entity_type} {entity_id} not found")
    if entity.get("deleted") is True:
        raise refused(400, f"{entity_type} {entity_id} is deleted")
    return entity_type, entity_id


def existing_comment(call: Call) -> JsonObject:
    """The comment that the path names, or a refusal."""
    comment = call.rows.find("comments", call.parameters["commentId"])
    owner = (call.parameters["entityType"], call.parameters["entityId"])
    if comment is None or (comment.get("entityType"), comment.get("entityId")) != owner:
        raise refused(404, "Comment not found")
    return comment


HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/comment/{entityType}/{entityId}"): add_comment,
    ("PUT", "/api/v2/comment/{entityType}/{entityId}/{commentId}"): update_comment,
    ("DELETE", "/api/v2/comment/{entityType}/{entityId}/{commentId}"): delete_comment,
}
