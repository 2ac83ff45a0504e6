"""Every action keeps to the contract, and no answer, however odd, breaks it or speaks in its name."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, cast

import pytest
from changes import MISSING, OTHER_VALUES, few_variants, hostile, variants
from examples import (
    ACTIONS,
    ANYTHING,
    CASE_ID,
    EXAMPLES,
    PROFILE_ID,
    UNPUBLISHED,
    Change,
    Example,
    action_of,
    example_answer,
    facts_of,
    operation_for,
    operations_for,
)
from pydantic import ValidationError

from sprinklr_mcp.calls.rendering import render
from sprinklr_mcp.calls.schema import input_schema
from sprinklr_mcp.sending.building import freeze
from sprinklr_tools.action import Action, Risk, description
from sprinklr_tools.problems import Problem, Unclear, Unreadable
from sprinklr_tools.reading import CustomerText, Json, payload_of
from sprinklr_tools.request import Request
from sprinklr_tools.searching import found_in

LISTED = sorted(name.removeprefix("sprinklr_") for name, action in ACTIONS.items() if action.listed)
DANGEROUS = [tool for tool in LISTED if ACTIONS[f"sprinklr_{tool}"].risk is Risk.DANGER]
CALLS = [
    pytest.param(tool, example, id=f"{tool}-{number}")
    for tool, examples in EXAMPLES.items()
    for number, example in enumerate(examples)
]
DANGEROUS_CALLS = [call for call in CALLS if call.values[0] in DANGEROUS]
GATHER_ONLY = ("get_case_conversation", "list_case_messages", "list_comments")
SUBSTITUTED = ("statuses",)
"""A list that has no call of its own."""
MARK = re.compile("IGNORE ALL|delete the case|<b")
ESCAPES = (
    "..",
    ".",
    "",
    "a/../b",
    "../x",
    "a/b",
    "/",
    "%2e%2e",
    "%2e%2e%2fx",
    "a?b=c",
    "a#b",
    "a\\..\\b",
    "..;/x",
)
every_call = pytest.mark.parametrize(("tool", "example"), CALLS)
every_tool = pytest.mark.parametrize("tool", LISTED)


def request_of(tool: str, example: Example) -> Request | None:
    action = action_of(tool, example.arguments)
    return action.request(facts_of(action, example))


def answer_to(tool: str, request: Request | None) -> Json:
    """An example of what the action's own request is answered with."""
    if request is None:
        return None
    return example_answer(tool, request) if request.template else ANYTHING


def shown(action: Action, payload: Json, facts: Any) -> dict[str, Any]:
    """What a model gets; nothing where the action says what is wrong."""
    try:
        answer = action.answer(payload, facts)
    except Problem as problem:
        return {"facts": {"problem": f"{problem.message} {problem.next}"}}
    return render({"answer": answer}, detail=True).structured


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from texts_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner)


def test_every_action_has_an_example() -> None:
    assert {f"sprinklr_{tool}" for tool in EXAMPLES} == set(ACTIONS)


@every_call
def test_a_request_keeps_to_the_contract(tool: str, example: Example) -> None:
    request = request_of(tool, example)
    if tool in GATHER_ONLY or example.arguments.get("kind") in SUBSTITUTED:
        assert request is None
        return
    assert request is not None
    if tool in UNPUBLISHED:
        assert request.template == ""
        return
    operation = operation_for(tool, request)
    risk = ACTIONS[f"sprinklr_{tool}"].risk
    assert operation.writes == (risk is not Risk.READ)
    assert operation.tool == tool or tool not in {one.tool for one in operations_for(request)}
    documented = {one.name for one in operation.query}
    assert set(request.query) <= documented
    assert {one.name for one in operation.query if one.required} <= set(request.query)
    assert (request.json is not None or request.upload is not None) == bool(operation.schema)
    if request.upload is not None:
        assert [request.upload.field] == cast(Any, operation.schema)["required"]
    if request.json is not None:
        complaints = [error.message for error in operation.validator.iter_errors(request.json)]
        assert complaints == []


@every_call
def test_the_example_of_an_answer_is_shown(tool: str, example: Example) -> None:
    action = action_of(tool, example.arguments)
    facts = facts_of(action, example)
    answer = action.answer(payload_of(answer_to(tool, action.request(facts))), facts)
    if action.listed:
        assert render(answer).structured["facts"]
    elif not isinstance(answer, list | tuple):
        assert answer


@every_call
def test_an_answer_reads_the_same_without_its_envelope(tool: str, example: Example) -> None:
    action = action_of(tool, example.arguments)
    facts = facts_of(action, example)
    whole = answer_to(tool, action.request(facts))
    bare = payload_of(whole)
    expected = shown(action, bare, facts)
    assert shown(action, payload_of(bare), facts) == expected
    assert shown(action, payload_of({"data": bare, "errors": []}), facts) == expected
    assert shown(action, payload_of({"data": bare}), facts) == expected


@every_call
def test_no_answer_breaks_an_action(tool: str, example: Example) -> None:
    action = action_of(tool, example.arguments)
    facts = facts_of(action, example)
    payload = payload_of(answer_to(tool, action.request(facts)))
    for variant in variants(payload):
        with suppress(Problem):
            action.answer(variant, facts)
    for whole in OTHER_VALUES:
        shown(action, None if whole is MISSING else whole, facts)


@every_call
def test_nothing_read_before_breaks_an_action(tool: str, example: Example) -> None:
    for _ in facts_told(tool, example, few_variants):
        pass


@every_call
def test_no_text_from_outside_is_told_as_a_fact(tool: str, example: Example) -> None:
    """SR-24: every tool, every leaf of its answer."""
    action = action_of(tool, example.arguments)
    facts = facts_of(action, example)
    payload = payload_of(answer_to(tool, action.request(facts)))
    for variant in hostile(payload):
        for text in texts_in(shown(action, variant, facts)["facts"]):
            assert not MARK.search(text), variant


@every_call
def test_no_text_read_before_is_told_as_a_fact(tool: str, example: Example) -> None:
    """SR-24: every tool, every leaf of the reads before it."""
    for text in facts_told(tool, example, hostile):
        assert not MARK.search(text)


def facts_told(tool: str, example: Example, others: Callable[[Json], Iterator[Json]]) -> Iterator[str]:
    """Go through the call once for each other answer that each of its reads may have."""
    action = action_of(tool, example.arguments)
    for number, answered in enumerate(answers_before(action, example)):
        for other in others(answered):
            yield from told_after(tool, example, InPlace(number, other))


def answers_before(action: Action, example: Example) -> list[Json]:
    """What the reads of a call are answered with."""
    answers: list[Json] = []

    def noted(payload: Json) -> Json:
        answers.append(payload)
        return payload

    facts_of(action, example, noted)
    return answers


class InPlace:
    """Puts another answer in the place of one of those that are read."""

    def __init__(self, number: int, other: Json) -> None:
        self._left = number
        self._other = other

    def __call__(self, payload: Json) -> Json:
        self._left -= 1
        return self._other if self._left == -1 else payload


def told_after(tool: str, example: Example, change: Change) -> list[str]:
    """What the call tells as facts, to a person and to a model."""
    action = action_of(tool, example.arguments)
    try:
        facts = facts_of(action, example, change)
        request = action.request(facts)
        told = asked(action, facts)
    except Problem as problem:
        return [f"{problem.message} {problem.next}"]
    if request is not None:
        told.append(freeze(request).target)
    return told + list(texts_in(shown(action, payload_of(answer_to(tool, request)), facts)["facts"]))


def asked(action: Action, facts: Any) -> list[str]:
    """What a person is told as plain facts; what they are to type must be a plain text too."""
    if action.risk is not Risk.DANGER:
        return []
    question = action.question(facts)
    plain = [line.value for line in question.lines if not isinstance(line.value, CustomerText)]
    return [question.headline, question.retype_name, *(line.name for line in question.lines), *plain]


@every_tool
def test_a_model_is_told_what_a_tool_is_for(tool: str) -> None:
    action = ACTIONS[f"sprinklr_{tool}"]
    words = description(action).split()
    assert 8 < len(words) <= 60
    assert action.label
    assert len(f"sprinklr_{tool}") <= 40


@every_tool
def test_a_schema_is_flat(tool: str) -> None:
    schema = input_schema(ACTIONS[f"sprinklr_{tool}"])
    assert not {"anyOf", "$ref", "title", "$defs"} & set(keywords_in(schema))


def keywords_in(schema: Any) -> Iterator[str]:
    """The keywords of a schema; names of properties are none."""
    if isinstance(schema, list):
        for one in schema:
            yield from keywords_in(one)
    elif isinstance(schema, dict):
        for keyword, value in schema.items():
            yield keyword
            yield from keywords_in(list(value.values()) if keyword == "properties" else value)


@pytest.mark.parametrize(("tool", "example"), DANGEROUS_CALLS)
def test_a_danger_asks_with_facts_and_a_text_to_type(tool: str, example: Example) -> None:
    action = action_of(tool, example.arguments)
    question = action.question(facts_of(action, example))
    assert question.headline
    assert question.retype.strip()
    assert question.retype_name
    assert question.lines
    assert all(line.name and line.value for line in question.lines)


@pytest.mark.parametrize("tool", DANGEROUS)
def test_a_danger_is_never_repeated_by_itself(tool: str) -> None:
    assert ACTIONS[f"sprinklr_{tool}"].repeatable is False


@every_call
def test_no_argument_leaves_its_place_in_the_path(tool: str, example: Example) -> None:
    """SR-09: every tool."""
    for name, value in example.arguments.items():
        if isinstance(value, str):
            for escape in (*ESCAPES, value + "/..", value + "/x"):
                check_stays(tool, Example({**example.arguments, name: escape}, example.words))


def check_stays(tool: str, example: Example) -> None:
    """The call is refused, or its path has the segments of its template, none of which is a parent."""
    try:
        request = request_of(tool, example)
        target = freeze(request).target if request else ""
    except (ValidationError, Problem, ValueError):
        return
    if request is None or not request.template:
        return
    path = target.split("?")[0]
    assert path.count("/") == request.template.count("/")
    assert not {"..", "."} & set(path.split("/"))
    assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", path)


def answer_of(tool: str, number: int = 0) -> dict[str, Any]:
    example = EXAMPLES[tool][number]
    action = action_of(tool, example.arguments)
    facts = facts_of(action, example)
    answer = action.answer(payload_of(answer_to(tool, action.request(facts))), facts)
    return render(answer, detail=True).structured


def test_names_of_custom_fields_and_types_are_facts() -> None:
    assert answer_of("get_profile_by_id")["facts"]["properties"] == {"_c_6500aa11bb22cc33dd44ee55": ["gold"]}
    entity = answer_of("create_custom_entity")["facts"]
    assert entity["entity_type"] == "_c_loyalty_member"
    assert entity["values"] == {"_c_points": 4200, "_c_tier": "gold"}


def test_an_article_is_plain_text_whether_or_not_it_was_escaped() -> None:
    assert answer_of("get_kb_content")["customer_text"]["text"] == "Print the label and drop the parcel."
    found = answer_of("smart_assist_search")["customer_text"]
    assert found["articles[0].text"] == "Refunds take 5 days."


def test_the_name_of_an_account_is_a_fact() -> None:
    assert answer_of("list_accounts")["facts"]["accounts"][0]["name"] == "Demo Care"


def test_a_case_is_found_by_its_id_and_no_other_is_taken_for_it() -> None:
    action = action_of("get_case_by_id", {"case_id": CASE_ID})
    assert action.answer({"id": CASE_ID.upper(), "caseNumber": 1}, None).case_number == "1"
    with pytest.raises(Unreadable):
        action.answer({"id": PROFILE_ID, "caseNumber": 1}, None)


@pytest.mark.parametrize("cursor", ["abc", "id=abc", "https://api3.sprinklr.com/api/v2/search/CASE?id=abc"])
def test_a_cursor_of_any_published_spelling_leads_on(cursor: str) -> None:
    assert found_in({"results": [{"id": "1"}], "cursor": cursor}).cursor == "abc"


def test_conditions_that_exclude_each_other_are_refused() -> None:
    example = Example({"text": "parcel", "statuses": ["New"]})
    with pytest.raises(Unclear):
        facts_of(action_of("search_cases", example.arguments), example)
