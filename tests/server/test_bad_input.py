"""Bad input: it stops here, in words that name what is wrong and repeat nothing, and the server goes on."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from installation import COMMAND, Installation, Sprinklr, code_of, text_of
from mcp import Client, MCPError

from sprinklr_mcp.calls.schema import input_schema
from sprinklr_mcp.calls.validation import validate
from sprinklr_mcp.errors import Code, Fault
from sprinklr_tools.action import Action
from sprinklr_tools.catalogue import all_actions

pytestmark = pytest.mark.anyio

GET_CASE, LIST = "sprinklr_get_case_by_number", "sprinklr_list_case_messages"
GET_MESSAGES, COMMENT = "sprinklr_get_messages", "sprinklr_add_comment"
DELETE, PUBLISH = "sprinklr_delete_case_by_number", "sprinklr_publish_message"

HOSTILE_IDS = [
    "",
    ".",
    "..",
    "canary/../b",
    "canary%2f..%2fb",
    "%2e%2e",
    "canary?x=1",
    "canary#f",
    "canary;b",
    "canary\\b",
    " ",
    "\n",
    "\x00",
    "96832\x00",
    "canary" * 2000,
    ["canary"],
    {"$ne": "canary"},
]
IDS = {
    (GET_CASE, "case_number"): {},
    (LIST, "case_number"): {},
    (LIST, "case_id"): {},
    (LIST, "cursor"): {"case_number": 96832},
    (GET_MESSAGES, "message_ids"): {},
    (COMMENT, "case_number"): {"text": "A note."},
    (COMMENT, "entity_id"): {"text": "A note.", "entity_type": "PROFILE"},
    (COMMENT, "entity_type"): {"text": "A note.", "entity_id": "66bb0011bb22cc33dd44ee55"},
    (DELETE, "case_number"): {},
    (PUBLISH, "case_number"): {"text": "Hello."},
    (PUBLISH, "in_reply_to_message_id"): {"text": "Hello."},
    (PUBLISH, "account_id"): {"text": "Hello.", "case_number": 96832},
    (PUBLISH, "channel_type"): {"text": "Hello.", "case_number": 96832},
    (PUBLISH, "channel_id"): {"text": "Hello.", "case_number": 96832},
    (PUBLISH, "campaign_id"): {"text": "Hello.", "case_number": 96832},
}
"""Every such argument of the tools that are attacked over the wire, and what a call needs beside."""
ID_LIKE = re.compile(r".*_(id|ids|number|type)|cursor|field_name")
"""An argument that is an id, a number or a kind. `case_type` is none: a word that only goes into bodies."""
NEEDED: dict[str, dict[str, Any]] = {
    "sprinklr_apply_macro": {"case_number": 96832, "macro_id": "1"},
    "sprinklr_assign_case": {"case_number": 96832, "assignee_id": 1},
    "sprinklr_close_case": {"case_number": 96832},
    "sprinklr_create_case": {"message_id": "ACCOUNT_1_1763890000000_EMAIL_36_1", "subject": "A subject."},
    "sprinklr_create_case_via_profile": {"channel_type": "SMS", "subject": "A subject."},
    "sprinklr_create_custom_entity": {"entity_type": "_c_member", "values": {"level": "gold"}},
    "sprinklr_create_profile": {"name": "Ada", "channel_type": "SMS", "channel_id": "1"},
    "sprinklr_deflect_call": {
        "asset_id": "1",
        "channel_id": "1",
        "account_id": 1,
        "channel_type": "SMS",
    },
    "sprinklr_draft_reply": {"case_number": 96832, "text": "Hello."},
    "sprinklr_get_profile_by_user_id": {"channel_type": "SMS", "channel_id": "1"},
    "sprinklr_get_profile_by_username": {"channel_type": "TWITTER", "username": "ada"},
    "sprinklr_get_case_conversation": {"case_number": 96832},
    "sprinklr_list_cases_by_profile": {"profile_id": "66bb0011bb22cc33dd44ee55"},
    "sprinklr_list_comments": {"case_number": 96832},
    "sprinklr_query_report": {
        "engine": "INBOUND_MESSAGE",
        "report": "INBOUND_MESSAGE",
        "start": "2026-01-01T00:00:00Z",
        "end": "2026-01-02T00:00:00Z",
        "dimensions": ["CASE"],
        "measures": [{"measurement": "COUNT"}],
    },
    "sprinklr_smart_assist_search": {"text": "returns"},
    "sprinklr_trigger_journey": {
        "journey_id": "1",
        "channel_type": "SMS",
        "channel_id": "1",
        "name": "Ada",
    },
    "sprinklr_update_case": {"case_number": 96832},
    "sprinklr_update_profile": {
        "profile_id": "66bb0011bb22cc33dd44ee55",
        "channel_type": "SMS",
        "channel_id": "1",
    },
}
"""What a call of the other tools needs, where it is more than the one argument that is attacked."""


@pytest.fixture(scope="module")
def sprinklr(sprinklr_of_file: Sprinklr) -> Sprinklr:
    return sprinklr_of_file


@pytest.fixture
async def goes_on(served: dict[str, Client]) -> AsyncGenerator[None]:
    """After each test, both processes must still do their work."""
    yield
    for client in served.values():
        result = await client.call_tool(GET_CASE, {"case_number": "96832"})
        assert not result.is_error, text_of(result)
        assert result.structured_content["facts"]["case_number"] == "96832"


@pytest.fixture
def client(served: dict[str, Client], goes_on: None) -> Client:
    return served["2026-07-28"]


@pytest.fixture
def either(served: dict[str, Client], era: str, goes_on: None) -> Client:
    """The client of each era in turn."""
    return served[era]


@pytest.fixture
def nothing_is_sent(sprinklr: Sprinklr, goes_on: None) -> Generator[None]:
    before = len(sprinklr.requests())
    yield
    assert sprinklr.requests()[before:] == []


async def refused(client: Client, tool: str, arguments: dict[str, Any]) -> str:
    """Return the words in which a call is refused for its arguments."""
    result = await client.call_tool(tool, arguments)
    assert code_of(result) == "INVALID_REQUEST", (tool, arguments)
    assert result.structured_content["error"]["sent"] == "no"
    assert "Nothing was sent." in text_of(result)
    assert "canary" not in text_of(result) + json.dumps(result.structured_content)
    assert len(text_of(result)) < 2_000
    return text_of(result)


@pytest.mark.parametrize(
    "name", ["sprinklr_get_case_by_numbr", "get_case_by_number", "sprinklr_get_case_number"]
)
async def test_an_unknown_tool_is_a_protocol_error_with_the_nearest_name(either: Client, name: str) -> None:
    with pytest.raises(
        MCPError, match=r"There is no tool .* Did you mean sprinklr_get_case_by_number\?"
    ) as met:
        await either.call_tool(name, {"case_number": 96832})
    assert met.value.code == -32602


@pytest.mark.usefixtures("nothing_is_sent")
async def test_a_tool_name_of_any_kind_does_no_harm(either: Client) -> None:
    for name in ("", "x" * 100_000, "\x1b[2J\u202e\nTOOL", "🦊", "sprinklr_list_workspaces"):
        with pytest.raises(MCPError) as met:
            await either.call_tool(name, {})
        assert met.value.code == -32602
        assert len(met.value.message) < 300
        assert not re.search("[\x00-\x1f\u202e]", met.value.message)


@pytest.mark.usefixtures("nothing_is_sent")
async def test_a_missing_argument_is_named(client: Client) -> None:
    assert "case_number: is needed" in await refused(client, GET_CASE, {})
    assert "text: is needed" in await refused(client, COMMENT, {"case_number": 96832})
    assert "case_number" in await refused(client, LIST, {})


@pytest.mark.usefixtures("nothing_is_sent")
async def test_a_misspelt_argument_is_named_with_the_one_that_is_near(client: Client) -> None:
    told = await refused(client, GET_CASE, {"case_nubmer": "canary"})
    assert "case_nubmer: there is no such argument (did you mean case_number?)" in told


@pytest.mark.usefixtures("nothing_is_sent")
async def test_all_wrong_arguments_are_named_at_once(either: Client) -> None:
    wrong = {
        "case_number": "canary",
        "entity_type": "canary",
        "entity_id": "canary/../x",
        "text": "",
        "dry_run": "canary",
        "priority": "canary",
    }
    told = await refused(either, COMMENT, wrong)
    for name in wrong:
        assert f"{name}: " in told or f"{name}." in told, name


@pytest.mark.usefixtures("nothing_is_sent")
async def test_a_great_many_wrong_arguments_get_a_short_answer(client: Client) -> None:
    await refused(client, GET_MESSAGES, {"message_ids": ["canary?"] * 5000})
    await refused(client, GET_CASE, {f"argument_{n}": "canary" for n in range(2000)})


@pytest.mark.usefixtures("nothing_is_sent")
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        (GET_CASE, {"case_number": True}),
        (GET_CASE, {"case_number": 96832.5}),
        (GET_CASE, {"case_number": 96832, "detail": "canary"}),
        (GET_MESSAGES, {"message_ids": "canary"}),
        (GET_MESSAGES, {"message_ids": "[" * 20_000}),
        (GET_MESSAGES, {"message_ids": '["canary"'}),
        (GET_MESSAGES, {"message_ids": []}),
        (GET_MESSAGES, {"message_ids": "[]"}),
        (GET_MESSAGES, {"message_ids": {"canary": 1}}),
        (GET_MESSAGES, {"message_ids": [f"ACCOUNT_1_1763890000000_EMAIL_36_{n}" for n in range(51)]}),
        (COMMENT, {"case_number": 96832, "text": {"canary": 1}}),
        (COMMENT, {"case_number": 96832, "text": 5}),
        (COMMENT, {"case_number": 96832, "text": " \n "}),
        (COMMENT, {"case_number": 96832, "text": "canary\x1b[2J"}),
        (COMMENT, {"case_number": 96832, "text": "canary" * 4000}),
        (COMMENT, {"case_number": 96832, "entity_type": "CASE", "entity_id": "96832", "text": "canary"}),
        (COMMENT, {"text": "canary"}),
        (PUBLISH, {"text": "canary", "case_number": 96832, "schedule_at": "canary"}),
        (PUBLISH, {"text": "canary", "case_number": 96832, "schedule_at": "2027-01-01T10:00:00"}),
        (PUBLISH, {"text": "canary", "channel_type": "twitter chat", "channel_id": "1", "account_id": "1"}),
    ],
)
async def test_an_argument_of_the_wrong_kind_is_refused_here(
    client: Client, tool: str, arguments: dict[str, Any]
) -> None:
    await refused(client, tool, arguments)


@pytest.mark.usefixtures("nothing_is_sent")
@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/canary.png",
        "ftp://example.com/canary.png",
        "https://canary@example.com/x.png",
        "https://localhost/canary.png",
        "https://127.0.0.1/canary.png",
        "https://127.1/canary.png",
        "https://0x7f.0.0.1/canary.png",
        "https://[::1]/canary.png",
        "https://example.com\\canary",
        "https://evil.example\\.example.com/canary.png",
        "https://exam\tple.com/canary.png",
        "https://example.com/canary.png\n",
        "https://example.com /canary.png",
        "https://",
        "//example.com/canary.png",
        "https://example.com/" + "canary" * 500,
    ],
)
async def test_an_attachment_comes_from_a_public_https_address(client: Client, address: str) -> None:
    told = await refused(client, PUBLISH, {"text": "Hi.", "case_number": 96832, "attachment_url": address})
    assert "attachment_url: " in told


@pytest.mark.usefixtures("nothing_is_sent")
async def test_no_id_leaves_its_place_in_the_address(client: Client) -> None:
    """SR-09: refused here, or inside its template."""
    for (tool, name), others in IDS.items():
        for hostile in HOSTILE_IDS:
            value = [hostile] if name == "message_ids" else hostile
            told = await refused(client, tool, {**others, name: value})
            assert name in told


async def test_the_list_of_ids_that_are_attacked_is_whole(client: Client) -> None:
    tools = (await client.list_tools()).tools
    found = {(tool.name, name) for tool in tools for name in id_like(tool.input_schema)}
    attacked_here = {
        (tool, name) for tool, _, schema in others_than_on_the_wire() for name in id_like(schema)
    }
    assert found - attacked_here == set(IDS)


def id_like(schema: dict[str, Any]) -> list[str]:
    return [name for name in schema["properties"] if ID_LIKE.fullmatch(name) and name != "case_type"]


def others_than_on_the_wire() -> list[tuple[str, type[Action], dict[str, Any]]]:
    """Return every tool that is attacked in this process, optional ones too, with its schema."""
    on_the_wire = {tool for tool, _ in IDS}
    return [
        (tool, action, input_schema(action))
        for tool, action in all_actions().items()
        if action.listed and tool not in on_the_wire
    ]


def test_no_id_of_any_other_tool_takes_what_is_no_id() -> None:
    """SR-09: every other argument that is an id."""
    for tool, action, schema in others_than_on_the_wire():
        for name in id_like(schema):
            for hostile in HOSTILE_IDS:
                value = [hostile] if schema["properties"][name]["type"] == "array" else hostile
                with pytest.raises(Fault) as met:
                    validate(action, {**NEEDED.get(tool, {}), name: value}, schema)
                assert met.value.code is Code.INVALID_REQUEST
                told = met.value.message.removeprefix("Arguments are wrong: ")
                complaints = re.split(r"; (?=[a-z_.0-9]+: )", told.removesuffix("."))
                others = [one for one in complaints if not one.startswith(name)]
                assert [one for one in others if not one.endswith(": is needed")] == [], tool
                assert "canary" not in met.value.text()


def test_what_the_other_tools_need_is_told_right() -> None:
    for tool, action, schema in others_than_on_the_wire():
        if tool in NEEDED:
            validate(action, NEEDED[tool], schema)


@pytest.mark.parametrize("entity_id", ["a:b", "a@b.example", "a+b=c", "x.y-z_1"])
async def test_an_odd_id_that_is_allowed_stays_one_part_of_the_path(
    client: Client, sprinklr: Sprinklr, entity_id: str
) -> None:
    await client.call_tool(COMMENT, {"entity_type": "PROFILE", "entity_id": entity_id, "text": "A note."})
    sent = [one["path"] for one in sprinklr.requests("/comment/")]
    assert sent[-1].endswith(f"/api/v2/comment/PROFILE/{quote(entity_id, safe='')}")
    assert sprinklr.commits() == []


@pytest.mark.parametrize("number", [96832, "96832", "#96832", " 96832\n"])
async def test_a_case_number_may_be_a_number_or_a_text(
    client: Client, sprinklr: Sprinklr, number: object
) -> None:
    result = await client.call_tool(GET_CASE, {"case_number": number})
    assert result.structured_content["facts"]["case_number"] == "96832"
    assert sprinklr.requests()[-1]["query"] == {"case-number": "96832"}


async def test_a_list_may_come_as_json_text_and_a_flag_as_a_word(client: Client) -> None:
    listed = await client.call_tool(LIST, {"case_number": "96832", "cursor": 0})
    ids = [one["message_id"] for one in listed.structured_content["facts"]["messages"]]
    result = await client.call_tool(GET_MESSAGES, {"message_ids": json.dumps(ids), "detail": "true"})
    assert [one["message_id"] for one in result.structured_content["facts"]["messages"]] == ids


@pytest.mark.parametrize("yes", [True, "true", "True", 1])
async def test_every_way_to_say_dry_run_sends_nothing(
    client: Client, sprinklr: Sprinklr, yes: object
) -> None:
    before = len(sprinklr.requests())
    result = await client.call_tool(COMMENT, {"case_number": 96832, "text": "A note.", "dry_run": yes})
    assert result.structured_content["facts"]["sent"] == "no"
    assert len(sprinklr.requests()) == before


@pytest.mark.usefixtures("nothing_is_sent")
@pytest.mark.parametrize("tool", [DELETE, PUBLISH, COMMENT])
@pytest.mark.parametrize("name", ["confirm", "confirmed", "force", "approval_token", "approved", "yes"])
async def test_a_model_cannot_agree_in_a_persons_place(either: Client, tool: str, name: str) -> None:
    """SR-06: there is no such argument."""
    right = {"case_number": 96832} if tool == DELETE else {"case_number": 96832, "text": "Hello."}
    for value in (True, "canary"):
        assert f"{name}: there is no such argument" in await refused(either, tool, {**right, name: value})


@pytest.mark.parametrize(
    "wrong",
    [
        {
            "SPRINKLR_API_KYE": ("canary", "is not a setting (did you mean SPRINKLR_API_KEY?)"),
            "SPRINKLR_ENVIRONMENT": ("prod2/../canary", ""),
            "SPRINKLR_BASE_URL": ("http://canary.example.com", ": use https"),
            "SPRINKLR_READ_ONLY": ("canary", ""),
        },
        {
            "SPRINKLR_BASE_URL": ("https://canary@api3.sprinklr.com", ""),
            "SPRINKLR_CALLS_PER_SECOND": ("canary", ""),
            "SPRINKLR_APPROVAL_WAYS": ("form,canary", ""),
        },
    ],
)
def test_serving_does_not_begin_with_wrong_settings_and_all_are_named(
    install: Callable[..., Installation], wrong: dict[str, tuple[str, str]]
) -> None:
    done = install(**{name: value for name, (value, _) in wrong.items()}).run("serve", stdin="")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "CONFIGURATION" in done.stderr
    for name, (_, told) in wrong.items():
        assert name in done.stderr
        assert told in done.stderr
    assert "canary" not in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_missing_key_is_named_by_its_variable(install: Callable[..., Installation]) -> None:
    async with install(SPRINKLR_API_KEY="").client_here("2026-07-28") as client:
        assert len((await client.list_tools()).tools) > 30
        for _ in range(2):
            result = await client.call_tool(GET_CASE, {"case_number": 96832})
            assert code_of(result) == "CONFIGURATION"
            assert "SPRINKLR_API_KEY is not set" in text_of(result)


async def test_without_a_login_a_person_is_told_how_to_log_in(
    install: Callable[..., Installation], sprinklr: Sprinklr
) -> None:
    installation, before = install(), len(sprinklr.requests())
    async with installation.client("2026-07-28") as client:
        for tool, arguments in ((GET_CASE, {}), (COMMENT, {"text": "A note."})):
            result = await client.call_tool(tool, {"case_number": 96832, **arguments})
            assert code_of(result) == "LOGIN_REQUIRED"
            assert "sprinklr-mcp login" in text_of(result)
        assert len(sprinklr.requests()) == before
        installation.log_in()
        assert not (await client.call_tool(GET_CASE, {"case_number": 96832})).is_error


async def test_a_data_folder_that_cannot_be_used_does_not_end_the_server(
    install: Callable[..., Installation], sprinklr: Sprinklr, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    installation, before = install(), len(sprinklr.requests())
    installation.home = tmp_path / "file" / "below"
    async with installation.client("2026-07-28") as client:
        for tool, arguments in ((GET_CASE, {}), (COMMENT, {"text": "A note."}), (DELETE, {})):
            result = await client.call_tool(tool, {"case_number": 96832, **arguments})
            assert code_of(result) == "STORE_UNAVAILABLE"
            assert str(tmp_path) not in text_of(result)
        assert len((await client.list_tools()).tools) > 30
    assert len(sprinklr.requests()) == before


# --- the wire itself ---

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "raw", "version": "1"},
    },
}
BAD_LINES = [
    b"",
    b"no json",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe\x00",
    b'{"jsonrpc":"1.0","id":11,"method":"tools/list"}',
    b'{"jsonrpc":"2.0","id":12,"method":"no/such"}',
    b'{"jsonrpc":"2.0","id":13,"method":"tools/call"}',
    b'{"jsonrpc":"2.0","id":14,"method":"tools/call","params":{"name":5}}',
    b'{"jsonrpc":"2.0","id":15,"method":"tools/call","params":{"name":"sprinklr_get_messages","arguments":[]}}',
    b'{"jsonrpc":"2.0","id":16,"method":"tools/call","params":{"name":"\\ud800","arguments":{"a":"\\udfff"}}}',
    b'{"jsonrpc":"2.0","id":17,"method":"tools/call","params":{"name":"sprinklr_get_case_by_number",'
    b'"arguments":{"case_number":' + b"9" * 10_000 + b"}}}",
    b'{"jsonrpc":"2.0","id":18,"method":"tools/call","params":{"name":"sprinklr_get_case_by_number",'
    b'"arguments":{"case_number":' + b"[" * 10_000 + b"]" * 10_000 + b"}}}",
    b'{"jsonrpc":"2.0","id":19,"method":"tools/call","params":{"name":"sprinklr_get_case_by_number",'
    b'"arguments":{"case_number":"' + b"9" * 1_000_000 + b'"}}}',
    b'{"jsonrpc":"2.0","id":20,"method":"tools/call","params":{"name":"sprinklr_get_case_by_number",'
    b'"arguments":{"case_number":NaN}}}',
    b'{"jsonrpc":"2.0","method":"notifications/no_such"}',
    b'{"jsonrpc":"2.0","id":99,"result":{}}',
]


@contextmanager
def raw_server(installation: Installation) -> Generator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [COMMAND, "serve"],
        env=installation.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)
        process.stdout.close()


def test_nothing_but_the_protocol_leaves_on_stdout(installation_of_file: Installation) -> None:
    """SR-26: whatever comes in, in one process; the next good call always works."""
    lines: list[dict[str, Any]] = []
    with raw_server(installation_of_file) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def say(line: bytes) -> None:
            assert process.stdin is not None
            process.stdin.write(line + b"\n")
            process.stdin.flush()

        def heard(wanted: int) -> dict[str, Any]:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(json.loads(line))
                if lines[-1].get("id") == wanted:
                    return lines[-1]
            raise AssertionError(f"the server ended without an answer to {wanted}")

        say(json.dumps(HELLO).encode())
        assert heard(1)["result"]["serverInfo"]["name"] == "sprinklr"
        say(b'{"jsonrpc":"2.0","method":"notifications/initialized"}')
        for number, bad in enumerate(BAD_LINES, 1000):
            say(bad)
            call = {"name": GET_CASE, "arguments": {"case_number": 96832}}
            good = {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": call}
            say(json.dumps(good).encode())
            answer = heard(number)["result"]
            assert answer["structuredContent"]["facts"]["case_number"] == "96832", bad[:80]
        process.stdin.close()
        lines += [json.loads(line) for line in process.stdout]
        assert process.wait(20) == 0
    assert {line["jsonrpc"] for line in lines} == {"2.0"}
    assert "canary" not in json.dumps(lines)
