"""No answer is larger than a client takes, and every one that was cut names the call for the rest."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator
from typing import Any

import mcp_types as types
import pytest
from installation import Installation, Sprinklr, text_of
from mcp import Client

pytestmark = pytest.mark.anyio

ERA = "2026-07-28"
CASE = "96832"
CONCISE, DETAILED, MARKS = 24_000, 80_000, 3_000
"""Bytes of texts in an answer, and what else may stand around them."""
LONG = {"latin": "An order is late. " * 1_000, "thai": "คำสั่งซื้อล่าช้า " * 600, "emoji": "📦" * 4_000}
ACCOUNTS = [
    {"accountId": 700000000 + number, "displayName": f"Account {number}", "accountType": "TWITTER"}
    for number in range(250)
]
MACROS = {
    "MACROS": {
        "SHARED": [
            {"id": f"59e49c76e4b0c2eeef6f{number:04}", "name": f"Macro {number}"} for number in range(250)
        ]
    }
}
CAMPAIGNS = {"data": [{"id": f"7001_{number}", "name": f"Campaign {number}"} for number in range(120)]}
FIELD = {
    "fieldName": "spr_uc_status",
    "values": [{"key": f"key{number}", "label": f"Label {number}"} for number in range(450)],
}
LISTS = {
    "list_accounts": ({}, {"USER_ACCESSIBLE_ACCOUNTS": ACCOUNTS}, "accounts", 250),
    "list_case_values": ({"kind": "macros"}, MACROS, "values", 250),
    "get_default_campaign": ({}, CAMPAIGNS, "campaigns", 120),
    "get_custom_field": ({"field_name": "spr_uc_status"}, FIELD, "options", 450),
    "get": ({"path": "/api/v2/campaign"}, CAMPAIGNS, "answer", 120),
}


@pytest.fixture(scope="module")
def more_settings() -> dict[str, str]:
    return {"SPRINKLR_TOOLSETS": "all", "SPRINKLR_DEFAULT_CAMPAIGN": ""}


@pytest.fixture(scope="module")
async def client(installation_of_file: Installation) -> AsyncGenerator[Client]:
    async with installation_of_file.client(ERA) as client:
        yield client


def size(result: types.CallToolResult) -> int:
    """The larger of both forms, in bytes."""
    assert not result.is_error, text_of(result)
    return max(len(text_of(result).encode()), len(json.dumps(result.structured_content).encode("utf-8")))


@pytest.mark.parametrize("script", LONG)
async def test_texts_share_the_room_and_the_call_that_shows_more_is_named(
    client: Client, script: str
) -> None:
    opened = await client.call_tool(
        "sprinklr_create_case_via_profile",
        {"channel_type": "EMAIL", "email": f"{script}@example.com", "subject": "A long story"},
    )
    number = opened.structured_content["facts"]["case_number"]
    for text in (LONG[script], "A short note.", LONG[script], LONG[script]):
        await client.call_tool("sprinklr_add_comment", {"case_number": number, "text": text})
    concise = await client.call_tool("sprinklr_list_comments", {"case_number": number})
    texts = list(concise.structured_content["customer_text"].values())
    assert "A short note." in texts
    assert sum(len(text.encode()) for text in texts) <= CONCISE + MARKS
    assert all(text.startswith(LONG[script][:100]) for text in texts if text != "A short note.")
    cut = concise.structured_content["facts"]["cut"]
    assert cut["texts"] == 3
    more = await client.call_tool(cut["next"]["tool"], cut["next"]["arguments"])
    longer = list(more.structured_content["customer_text"].values())
    assert sum(len(text) for text in longer) > sum(len(text) for text in texts)
    assert sum(len(text.encode()) for text in longer) <= DETAILED + MARKS
    assert "next" not in more.structured_content["facts"].get("cut", {})


@pytest.mark.parametrize("tool", LISTS)
async def test_a_long_list_comes_in_pages_and_none_of_it_is_lost(
    client: Client, shared_sprinklr: Sprinklr, tool: str
) -> None:
    arguments, body, member, total = LISTS[tool]
    shared_sprinklr.clear_faults()
    encoded = base64.b64encode(json.dumps(body).encode()).decode()
    shared_sprinklr.fault("/api/", "answer", 9, body_base64=encoded)
    seen: list[Any] = []
    call = {"tool": f"sprinklr_{tool}", "arguments": arguments}
    while call:
        result = await client.call_tool(call["tool"], call["arguments"])
        assert size(result) < CONCISE
        facts = result.structured_content["facts"]
        assert facts["page"]["total"] == total
        assert facts["page"]["shown"] == len(facts[member])
        assert facts["page"]["more"] is ("next" in facts["page"])
        seen += [json.dumps(one) for one in facts[member]]
        call = facts["page"].get("next")
    assert len(seen) == len(set(seen)) == total
