"""Custom entities: records of types that the tenant has defined. Knows definitions and records."""

import secrets
from datetime import UTC, datetime
from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue, list_of, object_of, text_of

TIME_FORMAT = "%a %b %d %H:%M:%S UTC %Y"


def create_entity(call: Call) -> Answer:
    """Store a record of one type."""
    type_name = text_of(call.fields["type"])
    check_fields(call, type_name)
    identifier = secrets.token_hex(12)
    entity_id = text_of(call.fields.get("entityId")) or identifier
    # Assumption A66: `entityId` is unique within its type, so a second record with it is a 400.
    if any(has_address(row, type_name, entity_id) for row in call.rows.all("entities")):
        raise refused(400, f"There is an entity {entity_id} of the type {type_name} already")
    written = f"{datetime.fromtimestamp(call.now / 1000, UTC):{TIME_FORMAT}}"
    entity: JsonObject = {
        "id": identifier,
        "entityId": entity_id,
        "name": call.fields.get("name") or identifier,
        "type": type_name,
        "values": object_of(call.fields["values"]),
        "createdTime": written,
        "modifiedTime": written,
        "createdTimeInMillis": call.now,
        "modifiedTimeInMillis": call.now,
    }
    call.rows.put("entities", entity)
    return enveloped(entity)


def check_fields(call: Call, type_name: str) -> None:
    """Refuse a type that nobody has defined, and fields that it does not have."""
    # Assumption A67: an unknown type and an unknown field are a 400; values are not checked.
    definition = call.rows.find("entity_definitions", type_name)
    if definition is None:
        raise refused(400, f"The entity type {type_name} is not defined")
    names = {text_of(object_of(field).get("fieldName")) for field in list_of(definition.get("fields"))}
    unknown = [name for name in object_of(call.fields["values"]) if name not in names]
    if unknown:
        raise refused(400, f"The entity type {type_name} has no field {unknown[0]}")


def has_address(row: JsonObject, type_name: JsonValue, entity_id: str) -> bool:
    """Whether a record is of this type and known by this id of the tenant's own."""
    return row.get("type") == type_name and row.get("entityId") == entity_id


def read_entity(call: Call) -> Answer:
    """The record with this id; the path's name for it is `entityId`, but `id` is meant."""
    entity = call.rows.find("entities", call.parameters["entityId"])
    if entity is None or entity.get("type") != call.parameters["entityType"]:
        # Assumption A68: an unknown record is a 404; definitions are shown in a shape of our own.
        raise refused(404, "Custom entity not found")
    return enveloped(entity)


def list_definitions(call: Call) -> Answer:
    """The types that the tenant has defined."""
    return enveloped([*call.rows.all("entity_definitions")])


HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/custom-entity/entity"): create_entity,
    ("GET", "/api/v2/custom-entity/entity/{entityType}/{entityId}"): read_entity,
    ("GET", "/api/v2/custom-entity/definitions"): list_definitions,
}
