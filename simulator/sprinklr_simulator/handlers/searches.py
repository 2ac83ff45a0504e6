"""Searches of version 2 and the cursors that continue them. Knows each kind by its name and its rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handler, Handlers
from ..examples import example_of
from ..filtering import matches, sorted_rows, within_times
from ..json_values import JsonObject, JsonValue, integer_of, list_of, object_of, text_of
from ..store.rows import KEYS, Keys
from .posts import post_view

DEFAULT_SIZE = 20
COMMENTED_NAMES: Final = {
    "CASE": "UNIVERSAL_CASE",
    "MESSAGE": "MESSAGE_WORKFLOW",
    "PROFILE": "PROFILE_WORKFLOW",
}


@dataclass(frozen=True)
class Kind:
    """One kind of object that can be searched."""

    rows: str
    view: Callable[[JsonObject], JsonObject]
    """The object as the filters see it."""


def as_it_is(row: JsonObject) -> JsonObject:
    """Filters name the fields of the object itself."""
    return row


def message_view(row: JsonObject) -> JsonObject:
    """A message: filters call its case's number by another name."""
    return {**row, "caseNumber": row.get("associatedCaseNumber")}


def profile_view(row: JsonObject) -> JsonObject:
    """A profile: filters name the channels of the person as if they stood on top."""
    channels = [object_of(channel) for channel in list_of(row.get("profiles"))]
    types: list[JsonValue] = [channel.get("channelType") for channel in channels]
    identifiers: list[JsonValue] = [channel.get("channelId") for channel in channels]
    return {**row, "channelType": types, "channelId": identifiers}


def comment_view(row: JsonObject) -> JsonObject:
    """A comment: filters call what it stands on by other names than answers do."""
    name = text_of(row.get("entityType"))
    # Assumption A35: no comment is a reply, so that `includeReplyOnComments` never leaves one out.
    return {**row, "entityType": COMMENTED_NAMES.get(name, name), "includeReplyOnComments": None}


KINDS: Final = {
    "CASE": Kind("cases", as_it_is),
    "MESSAGE": Kind("messages", message_view),
    "PROFILE": Kind("profiles", profile_view),
    "CAMPAIGN": Kind("campaigns", as_it_is),
    "COMMENT": Kind("comments", comment_view),
    "CUSTOM_FIELD": Kind("custom_fields", as_it_is),
    "OUTBOUND_MESSAGE": Kind("posts", post_view),
}


def searching(name: str) -> Handler:
    """The handler of the searches for one kind."""

    def search(call: Call) -> Answer:
        kind, wanted = KINDS[name], call.fields
        condition = object_of(wanted.get("filter"))
        if name == "COMMENT":
            condition = comment_condition(condition)
        limits = object_of(wanted.get("timeFilter"))
        found = [
            row
            for row in call.rows.all(kind.rows)
            if matches(condition, kind.view(row)) and (not limits or within_times(row, limits))
        ]
        return first_page(call, name, sorted_rows(found, wanted.get("sorts")))

    return search


def comment_condition(condition: JsonObject) -> JsonObject:
    """The filter of a comment search without the key that is none; both keys of the entity are required."""
    keys = {text_of(part.get("key")) for part in parts_of(condition)}
    if not {"entityType", "entityId"} <= keys:
        raise refused(400, "Filters on entityType and entityId are required")
    return without_reply_key(condition)


def without_reply_key(condition: JsonObject) -> JsonObject:
    """A filter without `includeReplyOnComments`, which says what to show and filters nothing."""
    if "filters" not in condition:
        return condition
    parts = [object_of(part) for part in list_of(condition["filters"])]
    kept: list[JsonValue] = [
        without_reply_key(part) for part in parts if part.get("key") != "includeReplyOnComments"
    ]
    return {**condition, "filters": kept}


def parts_of(condition: JsonObject) -> Iterator[JsonObject]:
    """A filter and every filter inside it."""
    yield condition
    for part in list_of(condition.get("filters")):
        yield from parts_of(object_of(part))


def first_page(call: Call, name: str, found: list[JsonObject]) -> Answer:
    """The first rows of a search, or those of a numbered page."""
    page = object_of(call.fields.get("page"))
    # Assumption A36: a search without a page size shows 20 rows.
    size = integer_of(page.get("size")) or DEFAULT_SIZE
    # Assumption A37: `page.start` is a page number from 0, and with it no cursor comes.
    offset = integer_of(page.get("start")) * size
    data = page_of(call, name, size, found[offset:], has_cursor="start" not in page)
    if name == "CASE" and call.fields.get("includeCount") is True:
        data["count"] = len(found)
    return enveloped(data)


def page_of(call: Call, name: str, size: int, rows: list[JsonObject], has_cursor: bool) -> JsonObject:
    """One page, with a cursor if more is to come."""
    keys = KEYS.get(KINDS[name].rows, Keys())
    rest = [text_of(row.get(keys.id)) for row in rows[size:]]
    data: JsonObject = {"results": [*rows[:size]]}
    if rest and has_cursor:
        data["cursor"] = f"id={call.cursors.open(name, size, rest)}"
    return data


def continue_search(call: Call) -> Answer:
    """The next page of a search, in the state that the objects have now."""
    name = call.parameters["entityType"]
    if name not in KINDS:
        return example_of(call.operation)
    found = call.cursors.find(name, call.query["id"])
    if found is None:
        # Assumption A38: an unknown or expired cursor is a 400; a living one can be used again.
        raise refused(400, "The cursor is unknown or has expired")
    size, identifiers = found
    rows = [row for row in (call.rows.find(KINDS[name].rows, key) for key in identifiers) if row]
    return enveloped(page_of(call, name, size, rows, has_cursor=True))


HANDLERS: Final[Handlers] = {
    **{("POST", f"/api/v2/search/{name}"): searching(name) for name in KINDS},
    ("GET", "/api/v2/search/{entityType}"): continue_search,
}
