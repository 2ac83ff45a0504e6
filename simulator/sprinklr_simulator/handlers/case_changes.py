"""Changes of cases: each is named in `updateActions` and has its value in a field. Knows cases only."""

from collections.abc import Callable, Mapping
from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue, integer_of, list_of, object_of, text_of
from .cases import changed

Change = Callable[[Call, JsonObject, JsonValue], JsonObject]
Merge = Callable[[list[JsonValue], list[JsonValue]], list[JsonValue]]

MIRRORED: Final = {"status": "spr_uc_status", "priority": "spr_uc_priority", "caseType": "spr_uc_type"}


def update_cases(call: Call) -> Answer:
    """Change every named case; answers what became of them."""
    # Assumption A44: a list is changed as a whole or not at all; an unknown case is a 404.
    cases = [change_case(call, case) for case in named_cases(call)]
    for case in cases:
        call.rows.put("cases", case)
    return enveloped([*cases])


def named_cases(call: Call) -> list[JsonObject]:
    """The cases that are named by id or by number."""
    found = [call.rows.find("cases", text_of(name)) for name in list_of(call.fields.get("caseIds"))]
    for number in list_of(call.fields.get("caseNumbers")):
        found.append(call.rows.find_by_number("cases", text_of(number)))
    cases = [case for case in found if case is not None]
    if len(cases) < len(found):
        raise refused(404, "Case not found")
    return cases


def change_case(call: Call, case: JsonObject) -> JsonObject:
    """One case with all changes, as its next version."""
    for action in list_of(call.fields.get("updateActions")):
        # Assumption A45: an action without its field is a 400; a field without its action is ignored, and so
        # is an action that no field is documented for.
        field, change = CHANGES.get(text_of(action), ("", leave))
        if field and field not in call.fields:
            raise refused(400, f"{text_of(action)} needs {field}")
        case = change(call, case, call.fields.get(field))
    return changed(call, case, {})


def leave(_call: Call, case: JsonObject, _value: JsonValue) -> JsonObject:
    """Change nothing."""
    return case


def setting(name: str) -> Change:
    """The change of one plain field."""

    def change(_call: Call, case: JsonObject, value: JsonValue) -> JsonObject:
        return {**case, name: value}

    return change


def assign(call: Call, case: JsonObject, value: JsonValue) -> JsonObject:
    """Give the case to a user."""
    # Assumption A46: a case can't be given to an unknown user or put into an unknown queue: 400.
    if call.rows.find("users", text_of(value)) is None:
        raise refused(400, f"User {text_of(value)} not found")
    assignment: JsonObject = {
        "assigneeId": text_of(value),
        "assigneeType": "USER",
        "assignedById": call.user.get("id"),
        "assignmentTime": call.now,
    }
    return with_workflow(case, "assignment", assignment)


def properties(merge: Merge, keep_others: bool = True) -> Change:
    """The change of custom properties, value by value."""

    def change(_call: Call, case: JsonObject, value: JsonValue) -> JsonObject:
        before = object_of(object_of(case.get("workflow")).get("customProperties"))
        after: JsonObject = {**before} if keep_others else {}
        for name, values in object_of(value).items():
            after[name] = merge(list_of(before.get(name)), list_of(values))
        kept: JsonObject = {name: values for name, values in after.items() if values}
        return with_mirrors(with_workflow(case, "customProperties", kept), kept)

    return change


def with_mirrors(case: JsonObject, custom: JsonObject) -> JsonObject:
    """A case whose status, priority and type are those of its custom properties."""
    values = {name: list_of(custom.get(key)) for name, key in MIRRORED.items()}
    return {**case, **{name: found[0] for name, found in values.items() if found}}


def queues(merge: Merge) -> Change:
    """The change of the queues that the case is in."""

    def change(call: Call, case: JsonObject, value: JsonValue) -> JsonObject:
        before = [object_of(entry) for entry in list_of(object_of(case.get("workflow")).get("queues"))]
        times = {integer_of(entry.get("queueId")): entry.get("assignmentTime") for entry in before}
        wanted: list[JsonValue] = [integer_of(identifier) for identifier in list_of(value)]
        for identifier in wanted:
            if call.rows.find("queues", text_of(identifier)) is None:
                raise refused(400, f"Queue {text_of(identifier)} not found")
        after: list[JsonValue] = [
            {"queueId": identifier, "assignmentTime": times.get(integer_of(identifier), call.now)}
            for identifier in merge([*times], wanted)
        ]
        return with_workflow(case, "queues", after)

    return change


def with_workflow(case: JsonObject, name: str, value: JsonValue) -> JsonObject:
    """A case with one part of its workflow changed."""
    return {**case, "workflow": {**object_of(case.get("workflow")), name: value}}


def added(before: list[JsonValue], values: list[JsonValue]) -> list[JsonValue]:
    """What was there, and what is new."""
    return [*before, *(value for value in values if value not in before)]


def replaced(_before: list[JsonValue], values: list[JsonValue]) -> list[JsonValue]:
    """What is new."""
    return values


def without(before: list[JsonValue], values: list[JsonValue]) -> list[JsonValue]:
    """What was there and is not taken away."""
    return [value for value in before if value not in values]


CHANGES: Final[Mapping[str, tuple[str, Change]]] = {
    "EDIT_SUBJECT": ("subject", setting("subject")),
    "EDIT_DESCRIPTION": ("description", setting("description")),
    "SET_DUE_DATE": ("dueDate", setting("dueDate")),
    "ASSIGN_TO_USER": ("assignedTo", assign),
    "ADD_PROPERTIES": ("addedCustomProperties", properties(added)),
    "SYNC_SELECTED_PROPERTIES": ("syncedSelectedCustomProperties", properties(replaced)),
    "SYNC_PROPERTIES": ("syncedCustomProperties", properties(replaced, keep_others=False)),
    "REMOVE_PROPERTIES": ("removedCustomProperties", properties(without)),
    "ADD_QUEUES": ("addedQueues", queues(added)),
    "SYNC_QUEUES": ("syncedQueues", queues(replaced)),
    "REMOVE_QUEUES": ("removedQueues", queues(without)),
}

HANDLERS: Final[Handlers] = {
    ("PUT", "/api/v2/case"): update_cases,
}
