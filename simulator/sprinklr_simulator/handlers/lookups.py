"""Finding names and ids by a part of the name. Knows accounts, users, cases and custom fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..answers import Answer, enveloped
from ..calls import Call, Handlers
from ..json_values import JsonObject, integer_of, list_of, object_of, text_of


@dataclass(frozen=True)
class Lookup:
    """Where one type is looked up: the rows, the field of the id and that of the name."""

    rows: str
    id: str
    name: str


def look_up(call: Call) -> Answer:
    """One page of each type that is asked for."""
    asked = [object_of(entry) for entry in list_of(call.fields["dimensionLookups"])]
    return enveloped({text_of(entry["lookupType"]): page_of(call, entry) for entry in asked})


def page_of(call: Call, asked: JsonObject) -> JsonObject:
    """One page of one type."""
    # Assumption A95: what isn't an account is shown with id and name alone; a type without data is empty.
    lookup = LOOKUPS.get(text_of(asked["lookupType"]))
    found = found_by(call, lookup, text_of(asked["query"]).casefold()) if lookup else []
    page = object_of(asked["page"])
    size = max(1, integer_of(page.get("size")))
    start = integer_of(page.get("page")) * size
    return {"hasMore": start + size < len(found), "result": [*found[start : start + size]]}


def found_by(call: Call, lookup: Lookup, wanted: str) -> list[JsonObject]:
    """The objects whose name has this part."""
    rows = call.rows.all(lookup.rows)
    return [shown(lookup, row) for row in rows if wanted in text_of(row.get(lookup.name)).casefold()]


def shown(lookup: Lookup, row: JsonObject) -> JsonObject:
    """One object as a lookup shows it."""
    entry: JsonObject = {"id": text_of(row.get(lookup.id)), "displayName": row.get(lookup.name)}
    if lookup.rows != "accounts":
        return entry
    active = row.get("isActive") is not False
    network = {"type": row.get("accountType"), "channelType": row.get("snType")}
    return {**entry, **network, "active": active, "deleted": False}


LOOKUPS: Final[Mapping[str, Lookup]] = {
    "ACCOUNT_ID": Lookup("accounts", "accountId", "displayName"),
    "USER": Lookup("users", "id", "name"),
    "PARTNER_USERS": Lookup("users", "id", "name"),
    "CASE_ID": Lookup("cases", "id", "subject"),
    "CUSTOM_FIELD": Lookup("custom_fields", "fieldName", "label"),
}

HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/lookup/byDimensions"): look_up,
}
