"""Whatever a call's arguments are: they are refused in words, or the request stays where its template is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from anyio.from_thread import start_blocking_portal
from examples import ACTIONS, CONTRACT, EXAMPLES, UNPUBLISHED, Example, facts_of, schema_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_calls import ENDINGS, Call, calls_of

from sprinklr_mcp.calls.rendering import Rendered
from sprinklr_mcp.calls.validation import validate
from sprinklr_mcp.cleaning import on_one_line
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.machine import opened
from sprinklr_mcp.sending.building import PLACEHOLDER, Frozen, freeze
from sprinklr_mcp.sending.outcomes import Manner
from sprinklr_mcp.sending.sender import Sender
from sprinklr_mcp.settings import Settings
from sprinklr_simulator.contract import Operation
from sprinklr_tools.action import Action, Risk, toolset
from sprinklr_tools.problems import Problem
from sprinklr_tools.reading import Json, payload_of
from sprinklr_tools.request import Request

LISTED = sorted(name.removeprefix("sprinklr_") for name, action in ACTIONS.items() if action.listed)
every_tool = pytest.mark.parametrize("tool", LISTED)
STEADY = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large],
)
"""The same calls in each run, and few of each tool: there are many tools."""
REFUSED = "Arguments are wrong: "


def judged(tool: str, call: Call) -> Action | Fault:
    """The action that the arguments make, or why they are refused."""
    action = ACTIONS[f"sprinklr_{tool}"]
    try:
        return validate(action, call.arguments, schema_of(tool)).action
    except Fault as fault:
        return fault


@every_tool
@STEADY
@given(data=st.data())
def test_wrong_arguments_are_refused_by_name_and_nothing_else_escapes(tool: str, data: st.DataObject) -> None:
    call = data.draw(calls_of(tool))
    fault = judged(tool, call)
    if isinstance(fault, Action):
        return
    assert fault.code is Code.INVALID_REQUEST
    assert fault.message.startswith(REFUSED)
    check_words(fault)
    known = {*call.arguments, *schema_of(tool)["properties"]}
    wrong = known if call.changed is None else call.changed
    names = [on_one_line(name, 40) or "(no name)" for name in wrong]
    told = fault.message.removeprefix(REFUSED)
    assert any(told.startswith((f"{name}:", f"{name}.")) for name in names), told


def check_words(fault: Fault) -> None:
    """What a model reads can be sent and shown, is short, and tells nothing of the code behind it."""
    text = fault.text()
    assert len(text.encode()) < 5_000
    assert text == on_one_line(text, 5_000)
    assert "function-" not in text


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("get_me", {"\ud800": 1}, "\ufffd: holds half a character"),
        ("get_me", {"": 1}, "(no name): there is no such argument"),
        ("add_comment", {"text": "[" * 900 + "\ud800"}, "text: holds half a character"),
        ("create_custom_entity", {"entity_type": "_c_a", "values": {"a": None}}, "values.a: give a text of"),
    ],
)
def test_what_is_hard_to_name_is_named(tool: str, arguments: dict[str, Any], told: str) -> None:
    fault = judged(tool, Call(Example(arguments), None))
    assert isinstance(fault, Fault)
    assert fault.message.startswith(REFUSED + told)


@every_tool
@settings(STEADY, max_examples=20)
@given(data=st.data())
def test_what_is_accepted_stays_inside_its_template(tool: str, data: st.DataObject) -> None:
    """SR-09: every tool, drawn arguments."""
    check_call(tool, data.draw(calls_of(tool)))


@every_tool
def test_no_ending_of_a_right_value_leads_outside(tool: str) -> None:
    for example in EXAMPLES[tool]:
        for name, value in example.arguments.items():
            for ending in ENDINGS if isinstance(value, str) else ():
                arguments = {**example.arguments, name: value + ending}
                check_call(tool, Call(Example(arguments, example.words), frozenset({name})))


def check_call(tool: str, call: Call) -> None:
    """The call is refused, or what it builds stays inside its template."""
    action = judged(tool, call)
    if isinstance(action, Fault):
        return
    try:
        facts = facts_of(action, call.example)
        request = action.request(facts)
        if action.risk is Risk.DANGER:
            assert action.question(facts).retype
    except Problem:
        return
    if request is not None:
        check_inside(addressed(tool, request))


def addressed(tool: str, request: Request) -> Request:
    """The request; where an operator must name the call, with each of its fields as a segment."""
    if tool not in UNPUBLISHED:
        return request
    return replace(request, template="/api/v2/configured/" + "/".join(f"{{{name}}}" for name in request.path))


def check_inside(request: Request) -> None:
    frozen = freeze(request)
    assert re.fullmatch(r"[!-~]+", frozen.target)
    path, _, query = frozen.target.partition("?")
    segments, parts = path.split("/"), request.template.split("/")
    assert len(segments) == len(parts)
    for segment, part in zip(segments, parts, strict=True):
        name = PLACEHOLDER.fullmatch(part)
        assert unquote(segment, errors="strict") == (request.path[name[1]] if name else part)
        assert bool(name) or segment == part
        assert ".." not in unquote(segment)
    assert dict(parse_qsl(query, keep_blank_values=True, errors="strict")) == dict(request.query)
    body = None if frozen.content is None else json.loads(frozen.content, parse_constant=pytest.fail)
    assert body == request.json


def operation_of(frozen: Frozen) -> Operation:
    """The contract's entry for what would be sent; there is one for whatever a tool sends."""
    segments = tuple(frozen.target.split("?")[0].strip("/").split("/"))
    route = CONTRACT.find(frozen.method, segments)
    assert route is not None, frozen.target
    assert route.operations, frozen.target
    assert not any(".." in unquote(value) for value in route.parameters.values())
    return route.operations[0]


class Wire:
    """Stands in the place of what sends, and answers with the contract's examples."""

    def __init__(self) -> None:
        self.sent: list[Frozen] = []

    async def send(self, sender: Sender, frozen: Frozen, manner: Manner, form: object = None) -> Json:
        self.sent.append(frozen)
        return payload_of(operation_of(frozen).response_example)


Run = Callable[[str, dict[str, Any]], tuple[Rendered | Fault, list[Frozen]]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Generator[Run]:
    """Run a call through the machine, whole but for the sender, and tell what would have been sent."""
    wire = Wire()
    groups = sorted({toolset(action) for action in ACTIONS.values() if action.listed})
    home: Path = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch, start_blocking_portal() as portal:
        patch.setattr(Sender, "send", lambda *given: wire.send(*given))
        chosen = {"SPRINKLR_TOOLSETS": tuple(groups), "SPRINKLR_DEFAULT_CAMPAIGN": "4_2558"}
        made = opened(Settings.model_validate({"SPRINKLR_MCP_HOME": home, **chosen}))
        with portal.wrap_async_context_manager(made) as machine:

            def run_one(name: str, arguments: dict[str, Any]) -> tuple[Rendered | Fault, list[Frozen]]:
                wire.sent.clear()
                try:
                    return portal.call(machine.pipeline.call, name, arguments), [*wire.sent]
                except Fault as fault:
                    return fault, [*wire.sent]

            yield run_one


@every_tool
@STEADY
@given(data=st.data())
def test_wrong_arguments_send_nothing_and_right_ones_are_answered(
    tool: str, run: Run, data: st.DataObject
) -> None:
    call = data.draw(calls_of(tool))
    verdict = judged(tool, call)
    outcome, sent = run(f"sprinklr_{tool}", call.arguments)
    if isinstance(verdict, Action):
        assert isinstance(outcome, Rendered) or REFUSED not in outcome.message
    else:
        assert isinstance(outcome, Fault)
        assert outcome.message == verdict.message
        assert sent == []
