"""The older search for cases, by words. Knows cases, their messages, and the names of version 1."""

from collections.abc import Callable, Mapping
from typing import Final

from ..answers import Answer, bare, refused
from ..calls import Call, Handlers
from ..filtering import as_texts, values_at
from ..json_values import JsonObject, JsonValue, integer_of, list_of, object_of, text_of, value_at

DEFAULT_ROWS = 20
SYSTEM_USER = -100
People = Mapping[tuple[str, str], JsonObject]


def search_cases(call: Call) -> Answer:
    """One page of the cases that hold every word and meet every filter; without the usual envelope."""
    filters = [object_of(entry) for entry in list_of(call.fields["filters"])]
    check_filters(filters)
    paging = object_of(call.fields["paginationInfo"])
    cases = [
        case
        for case in call.rows.all("cases")
        if within(case, paging) and all(holds(part, case) for part in filters)
    ]
    words = text_of(call.fields["query"]).casefold().split()
    found = in_order(with_words(call, cases, words), paging)
    # Assumption A83: `rows` 0, like a missing one, means 20.
    start, rows = integer_of(paging.get("start")), integer_of(paging.get("rows")) or DEFAULT_ROWS
    shown, people = found[start : start + rows], people_by_channel(call)
    answer: JsonObject = {
        "searchResults": [as_result(call, case, people) for case in shown],
        "hasMore": start + rows < len(found),
        "totalHits": len(found),
    }
    if shown:
        answer["timeBasedCursor"] = shown[-1].get("createdTime")
    return bare(answer)


def check_filters(filters: list[JsonObject]) -> None:
    """Refuse a search without the filter that must be there, and filters on what is not served."""
    channel = {"filterType": "IN", "field": "channelType", "values": ["SPRINKLR"]}
    if channel not in filters:
        raise refused(400, "A filter channelType IN [SPRINKLR] is required")
    for condition in filters:
        # Assumption A84: a field that the simulator can't filter by is a 400, also one of the longer list.
        if text_of(condition["field"]) not in FIELDS:
            raise refused(400, f"The field {text_of(condition['field'])} is not supported")


def holds(condition: JsonObject, case: JsonObject) -> bool:
    """Whether a case meets one filter."""
    found = as_texts(FIELDS[text_of(condition["field"])](case))
    return any(value in found for value in as_texts(condition["values"]))


def within(case: JsonObject, paging: JsonObject) -> bool:
    """Whether a case was made in the time that is asked for."""
    # Assumption A85: `sinceDate` and `untilDate` mean when the case was made, ends included.
    created = integer_of(case.get("createdTime"))
    return integer_of(paging.get("sinceDate")) <= created <= integer_of(paging.get("untilDate", 2**62))


def with_words(call: Call, cases: list[JsonObject], words: list[str]) -> list[JsonObject]:
    """The cases in which each word stands somewhere."""
    # Assumption A86: each word must stand in the subject, the description, the number or the text of a
    # message, whatever the case of its letters, also as part of a longer word.
    if not words:
        return cases
    spoken: dict[str, list[str]] = {}
    for message in call.rows.all("messages"):
        number = text_of(message.get("associatedCaseNumber"))
        spoken.setdefault(number, []).append(text_of(value_at(message, "content.text")))
    return [case for case in cases if all(word in text_around(case, spoken) for word in words)]


def text_around(case: JsonObject, spoken: Mapping[str, list[str]]) -> str:
    """Everything that a word is looked for in."""
    number = text_of(case.get("caseNumber"))
    own = [text_of(case.get("subject")), text_of(case.get("description")), number]
    return "\n".join([*own, *spoken.get(number, [])]).casefold()


def in_order(cases: list[JsonObject], paging: JsonObject) -> list[JsonObject]:
    """The cases as they are to be sorted."""
    # Assumption A87: all four spellings of the sort keys are taken; without a direction the newest is first.
    name = "modifiedTime" if "modif" in text_of(paging.get("sortKey")).lower() else "createdTime"
    newest_first = paging.get("sortDirection") != "ASC"
    return sorted(cases, key=lambda case: integer_of(case.get(name)), reverse=newest_first)


def people_by_channel(call: Call) -> People:
    """Everybody, by each of their channel identities."""
    return {
        (text_of(channel.get("channelType")), text_of(channel.get("channelId"))): profile
        for profile in call.rows.all("profiles")
        for channel in map(object_of, list_of(profile.get("profiles")))
    }


def as_result(call: Call, case: JsonObject, people: People) -> JsonObject:
    """A case in the names of version 1, with its contact."""
    return {
        "universalCaseApiDTO": older_case(call, case),
        "profile": contact_of(case, people),
        "actionTime": 0,
    }


def older_case(call: Call, case: JsonObject) -> JsonObject:
    """A case in the names of version 1."""
    workflow = object_of(case.get("workflow"))
    return {
        "id": case.get("id"),
        "version": case.get("version"),
        "channelType": "SPRINKLR",
        "subject": case.get("subject"),
        "description": case.get("description"),
        "createdByUserId": SYSTEM_USER,
        "caseNumber": case.get("caseNumber"),
        "caseCreationTime": case.get("createdTime"),
        "caseModificationTime": case.get("modifiedTime"),
        "deleted": case.get("deleted") is True,
        "universalCaseWorkflow": {
            "que": values_at(workflow.get("queues"), "queueId"),
            "comm": [],
            "cProp": object_of(workflow.get("customProperties")),
            "arc": False,
        },
        **counts_of(call, case),
    }


def counts_of(call: Call, case: JsonObject) -> JsonObject:
    """Who wrote in a case, how often and in which mood."""
    fans = integer_of(case.get("associatedFanMessageCount"))
    brand = integer_of(case.get("associatedBrandMessageCount"))
    mood = integer_of(case.get("sentiment"))
    moods: JsonObject = {"value": mood, "computed": mood, "normalizedComputed": mood}
    return {
        "fromUserSocialNetwork": value_at(case, "contact.channelType"),
        "fromSnUserId": value_at(case, "contact.channelId"),
        "associatedMessageCount": fans + brand,
        "associatedFanMessageCount": fans,
        "associatedBrandMessageCount": brand,
        "hasBrandResponded": brand > 0,
        "commentCount": len(call.rows.below("comments", "CASE", text_of(case.get("caseNumber")))),
        "sentiment": {**moods, "strategy": "FAN_MESSAGE_SUM"},
    }


def contact_of(case: JsonObject, people: People) -> JsonObject:
    """The person of a case in the names of version 1."""
    contact = object_of(case.get("contact"))
    channel_type, channel_id = text_of(contact.get("channelType")), text_of(contact.get("channelId"))
    profile = people.get((channel_type, channel_id), {})
    return {
        "snType": channel_type,
        "snId": channel_id,
        "name": contact.get("name") or value_at(profile, "contact.fullName"),
        "universalProfileId": profile.get("id"),
    }


def at(path: str) -> Callable[[JsonObject], JsonValue]:
    """The reader of what stands under a path of the case."""
    return lambda case: values_at(case, path)


FIELDS: Final[Mapping[str, Callable[[JsonObject], JsonValue]]] = {
    "channelType": lambda _case: "SPRINKLR",
    "caseNumber": at("caseNumber"),
    "deleted": lambda case: case.get("deleted") is True,
    "queue": at("workflow.queues.queueId"),
    "tags": at("workflow.customProperties.spr_uc_tag"),
    "assignedToUserId": at("workflow.assignment.assigneeId"),
    "assignedByUserId": at("workflow.assignment.assignedById"),
    "sourceChannelType": at("contact.channelType"),
}

HANDLERS: Final[Handlers] = {
    ("POST", "/api/v1/case/search"): search_cases,
}
