"""Cases: read, list messages, delete. Knows rows of cases and messages only."""

from collections.abc import Callable
from typing import Final

from ..answers import Answer, done, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue, integer_of, list_of, text_of


def read_by_number(call: Call) -> Answer:
    """The case with this number, in a list; a deleted one says so."""
    case = call.rows.find_by_number("cases", call.query["case-number"])
    # Assumption A17: an unknown number is answered with an empty list.
    return enveloped([case] if case else [])


def read_by_id(call: Call) -> Answer:
    """The case with this id."""
    # Assumption A43: a deleted case can be read by its id too, and says that it is deleted.
    return enveloped(existing_case(call, call.parameters["caseId"]))


def list_messages(call: Call) -> Answer:
    """The ids of a case's messages, oldest first."""
    # Assumption A18: an unknown case is a 404.
    case = existing_case(call, call.query["id"])
    # Assumption A19: the cursor is exclusive and compares the time of the message on its channel.
    after = integer_of(call.query.get("cursor", "-1"))
    messages = call.rows.below("messages", text_of(case.get("caseNumber")), after=after)
    return enveloped([message["messageId"] for message in messages])


def delete_by_id(call: Call) -> Answer:
    """Mark cases as deleted."""
    return delete_all(call, lambda identifier: call.rows.find("cases", identifier))


def delete_by_number(call: Call) -> Answer:
    """Mark cases as deleted."""
    return delete_all(call, lambda number: call.rows.find_by_number("cases", number))


def delete_all(call: Call, find: Callable[[str], JsonObject | None]) -> Answer:
    """Mark every named case as deleted."""
    # Assumption A20: a list is deleted as a whole or not at all; an unknown case is a 404.
    for name in list_of(call.body):
        case = find(text_of(name))
        if case is None:
            raise refused(404, f"Case {text_of(name)} not found")
        if case.get("deleted") is True:
            # Assumption A21: the portal's rule for DELETE calls, 400 the second time, holds for these POSTs.
            raise refused(400, f"Case {text_of(name)} is already deleted")
        call.rows.put("cases", changed(call, case, {"deleted": True}))
    return done()


def existing_case(call: Call, identifier: str) -> JsonObject:
    """The case with this id, or a refusal."""
    case = call.rows.find("cases", identifier)
    if case is None:
        raise refused(404, f"Case {identifier} not found")
    return case


def changed(call: Call, case: JsonObject, changes: dict[str, JsonValue]) -> JsonObject:
    """A case with changes, as its next version."""
    version = integer_of(case.get("version")) + 1
    return {**case, **changes, "version": version, "modifiedTime": call.now}


HANDLERS: Final[Handlers] = {
    ("GET", "/api/v2/case/case-numbers"): read_by_number,
    ("GET", "/api/v2/case/{caseId}"): read_by_id,
    ("GET", "/api/v2/case/associated-messages"): list_messages,
    ("POST", "/api/v2/case/delete"): delete_by_id,
    ("POST", "/api/v2/case/case-numbers/delete"): delete_by_number,
}
