"""Whatever Sprinklr answers, the model is told what happened and what to do next, by the names it knows."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from typing import Any

import mcp_types as types
import pytest
from installation import Installation, Sprinklr, code_of, text_of
from mcp import Client

pytestmark = pytest.mark.anyio

ERA = "2026-07-28"
CASE_ID = "6afafdbdb2caf0d65f0d1eb0"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def wide(shared_sprinklr: Sprinklr, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    limits = {"SPRINKLR_CALLS_PER_SECOND": "1000", "SPRINKLR_CALLS_PER_HOUR": "1000000"}
    variables = {**shared_sprinklr.settings, **limits, "SPRINKLR_TOOLSETS": "all"}
    shared_sprinklr.reset()
    made = Installation(tmp_path_factory.mktemp("leading"), variables)
    made.log_in()
    return made


@pytest.fixture(scope="module")
async def client(wide: Installation) -> AsyncGenerator[Client]:
    async with wide.client(ERA) as client:
        yield client


@pytest.fixture
def sprinklr(shared_sprinklr: Sprinklr) -> Sprinklr:
    shared_sprinklr.clear_faults()
    return shared_sprinklr


async def called(client: Client, tool: str, arguments: dict[str, Any]) -> types.CallToolResult:
    return await client.call_tool(f"sprinklr_{tool}", arguments)


ACCEPTED = [
    ("create_case_via_profile", {"channel_type": "EMAIL", "email": "a@example.com", "subject": "Hello"}),
    ("create_custom_entity", {"entity_type": "_c_loyalty_member", "values": {"_c_points": 1}}),
    ("create_profile", {"name": "Ada", "channel_type": "SMS", "channel_id": "447700900111"}),
    ("update_case", {"case_number": "96831", "priority": "Low"}),
]


@pytest.mark.parametrize(("tool", "arguments"), ACCEPTED)
async def test_a_write_that_was_accepted_is_never_said_to_be_tried_again(
    client: Client, sprinklr: Sprinklr, tool: str, arguments: dict[str, Any]
) -> None:
    sprinklr.fault("/api/v2/", "answer", 1, body_base64=base64.b64encode(b'{"data":{}}').decode())
    result = await called(client, tool, arguments)
    assert code_of(result) == "UPSTREAM_BAD_RESPONSE"
    assert result.structured_content["error"]["sent"] == "yes"
    assert "Sprinklr accepted it" in text_of(result)
    assert "Do not repeat it." in text_of(result)
    assert "ry again" not in text_of(result)
    assert "There is no" not in text_of(result)


@pytest.mark.parametrize(
    ("tool", "arguments", "named"),
    [
        ("get_case_by_id", {"case_id": CASE_ID}, "case_id: sprinklr_get_case_by_number"),
        ("get_message", {"message_id": "ACCOUNT_1_1763890000000_EMAIL_36_1"}, "sprinklr_list_case_messages"),
        ("get_profile_by_id", {"profile_id": CASE_ID}, "sprinklr_get_profile_by_user_id"),
        ("get_kb_content", {"content_id": "nothing"}, "sprinklr_smart_assist_search"),
        ("list_cases_by_profile", {"profile_id": CASE_ID}, "profile_id: sprinklr_get_profile_by_user_id"),
        ("add_comment", {"case_number": "99999999", "text": "Hello"}, "sprinklr_search_cases"),
        ("assign_case", {"case_number": "96831", "assignee_id": "999"}, "assignee_id: sprinklr_search_users"),
    ],
)
async def test_what_is_not_there_is_led_on_from(
    client: Client, sprinklr: Sprinklr, tool: str, arguments: dict[str, Any], named: str
) -> None:
    result = await called(client, tool, arguments)
    assert code_of(result) in ("NOT_FOUND", "UPSTREAM_REFUSED")
    assert named in text_of(result)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search_cases", {"statuses": ["New"]}),
        ("search_messages", {"sender": "customer", "sent_after": "2020-01-01T00:00:00Z"}),
        ("search_profiles", {"channel_type": "TWITTER"}),
    ],
)
async def test_a_cursor_that_has_expired_is_called_that(
    client: Client, sprinklr: Sprinklr, tool: str, arguments: dict[str, Any]
) -> None:
    first = await called(client, tool, arguments)
    onward = first.structured_content["facts"]["page"]["next"]
    sprinklr.control.post("/_simulator/clock", json={"advance": 301}).raise_for_status()
    late = await client.call_tool(onward["tool"], onward["arguments"])
    assert "Call again without cursor: one lives five minutes." in text_of(late)


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        (
            "update_case",
            {"case_number": "1", "assignee_id": "Lukas"},
            "digits; sprinklr_search_users finds it",
        ),
        ("search_cases", {"queue_id": "Delivery"}, "digits; sprinklr_list_case_values lists queues"),
        ("search_messages", {"sent_after": "yesterday"}, "give a time with its zone"),
        ("get_me", {"detail": True}, "it takes none"),
    ],
)
async def test_an_argument_of_the_wrong_form_is_told_the_right_one(
    client: Client, tool: str, arguments: dict[str, Any], told: str
) -> None:
    result = await called(client, tool, arguments)
    assert code_of(result) == "INVALID_REQUEST"
    assert told in text_of(result)


async def test_case_numbers_and_channels_are_taken_as_people_write_them(client: Client) -> None:
    case = await called(client, "get_case_by_number", {"case_number": "#0096832"})
    assert case.structured_content["facts"]["case_number"] == "96832"
    person = {"channel_type": "email", "channel_id": "eloise.garancon@example.com"}
    assert not (await called(client, "get_profile_by_user_id", person)).is_error


async def test_a_dry_run_shows_the_body_to_the_letter(client: Client, sprinklr: Sprinklr) -> None:
    arguments = {"channel_type": "EMAIL", "email": "b@example.com", "subject": "Exactly this"}
    shown = await called(client, "create_case_via_profile", {**arguments, "dry_run": True})
    before = len(sprinklr.commits())
    assert not (await called(client, "create_case_via_profile", arguments)).is_error
    (commit,) = sprinklr.commits()[before:]
    assert shown.structured_content["facts"]["request"]["body"] == commit["body"]
    assert json.loads(text_of(shown))["request"]["body"] == commit["body"]


async def test_a_name_is_forgotten_a_day_after_it_was_read(wide: Installation, client: Client) -> None:
    await called(client, "list_case_values", {"kind": "queues"})
    known = await called(client, "get_case_by_number", {"case_number": "96832"})
    assert "queues" in known.structured_content["facts"]
    with closing(sqlite3.connect(wide.home / "store.sqlite3", isolation_level=None)) as store:
        store.execute("UPDATE cache SET kept_at = kept_at - 90000 WHERE key LIKE 'names:%'")
    await called(client, "list_case_values", {"kind": "queues"})
    later = await called(client, "get_case_by_number", {"case_number": "96832"})
    assert "queues" not in later.structured_content["facts"]
