"""What helps an agent on a case: the form after a call, and hints. Both calls are made up."""

from collections.abc import Callable
from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue, integer_of, list_of, object_of, text_of, value_at

HOUR = 3_600_000
LONG_WAIT = 24 * HOUR


def read_form(call: Call) -> Answer:
    """The form that opens after a call on this case."""
    case = case_of(call)
    # Assumption A80: the queue of a case decides which form opens after a call; without one, none does.
    queues = [value_at(queue, "queueId") for queue in list_of(value_at(case, "workflow.queues"))]
    forms = [form for form in call.rows.all("wrap_up_forms") if form.get("queueId") in queues]
    return enveloped(
        {"caseNumber": case["caseNumber"], "trigger": bool(forms), "form": forms[0] if forms else None}
    )


def list_nudges(call: Call) -> Answer:
    """Hints on this case, the most pressing first."""
    case = case_of(call)
    messages = call.rows.below("messages", text_of(case["caseNumber"]))
    # Assumption A81: hints are what the simulator can see by itself: who waits, for how long, in which mood.
    found = [nudge for nudge in (make(call, case, messages) for make in NUDGES) if nudge]
    return enveloped([*found])


def case_of(call: Call) -> JsonObject:
    """The case that the path names, or a refusal."""
    case = call.rows.find_by_number("cases", call.parameters["caseNumber"])
    if case is None:
        # Assumption A82: an unknown case is a 404.
        raise refused(404, f"Case {call.parameters['caseNumber']} not found")
    return case


def waiting(call: Call, case: JsonObject, messages: list[JsonObject]) -> JsonObject | None:
    """The customer spoke last, and the case is open."""
    if case.get("status") == "Closed" or not messages or messages[-1].get("brandPost"):
        return None
    waited = call.now - integer_of(messages[-1].get("channelCreatedTime"))
    priority = "HIGH" if waited > LONG_WAIT else "MEDIUM"
    return nudge("REPLY_DUE", priority, f"The customer has waited {waited // HOUR} hours for an answer.")


def unassigned(_call: Call, case: JsonObject, _messages: list[JsonObject]) -> JsonObject | None:
    """Nobody has the case, and it is open."""
    if case.get("status") == "Closed" or object_of(value_at(case, "workflow.assignment")):
        return None
    return nudge("ASSIGN", "MEDIUM", "Nobody has this case yet.")


def unhappy(_call: Call, case: JsonObject, _messages: list[JsonObject]) -> JsonObject | None:
    """The customer is not happy."""
    if integer_of(case.get("sentiment")) >= 0:
        return None
    return nudge("TONE", "LOW", "The customer sounds unhappy: say first what you have understood.")


def nudge(kind: str, priority: str, text: JsonValue) -> JsonObject:
    """One hint."""
    return {"type": kind, "priority": priority, "text": text}


NUDGES: Final[tuple[Callable[[Call, JsonObject, list[JsonObject]], JsonObject | None], ...]] = (
    waiting,
    unassigned,
    unhappy,
)

HANDLERS: Final[Handlers] = {
    ("GET", "/api/v2/assumed/acw/{caseNumber}"): read_form,
    ("GET", "/api/v2/assumed/nudges/{caseNumber}"): list_nudges,
}
