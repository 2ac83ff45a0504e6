"""Conversations longer than one answer: every message is reached once, and what is left out is told."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest
from installation import Installation, Person, Sprinklr, code_of, text_of
from mcp import Client

import sprinklr_simulator

pytestmark = pytest.mark.anyio

ERA = "2026-07-28"
CASE, LONG_CASE = 96832, 96700
CONVERSATION, LIST, COMMENTS, GET_MESSAGES, PUBLISH = (
    f"sprinklr_{tool}"
    for tool in (
        "get_case_conversation",
        "list_case_messages",
        "list_comments",
        "get_messages",
        "publish_message",
    )
)
LISTED, READ, COMMENT_SEARCH = "associated-messages", "bulk-fetch", "search/COMMENT"
SEED = json.loads(
    (Path(sprinklr_simulator.__file__).parent / "data" / "seed.json").read_text(encoding="utf-8")
)
MODEL = next(one for one in SEED["messages"] if one["associatedCaseNumber"] == CASE and not one["brandPost"])


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def installation(shared_sprinklr: Sprinklr, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    shared_sprinklr.reset()
    wide = {"SPRINKLR_CALLS_PER_SECOND": "1000", "SPRINKLR_CALLS_PER_HOUR": "1000000"}
    made = Installation(tmp_path_factory.mktemp("conversations"), {**shared_sprinklr.settings, **wide})
    made.log_in()
    return made


@pytest.fixture
def sprinklr(shared_sprinklr: Sprinklr) -> Sprinklr:
    shared_sprinklr.clear_faults()
    return shared_sprinklr


@pytest.fixture(scope="module")
async def client(installation: Installation) -> AsyncGenerator[Client]:
    async with installation.client(ERA, Person()) as client:
        yield client


def messages(count: int, length: int = 0) -> list[dict[str, Any]]:
    """Messages of a customer, oldest first, a minute apart."""
    times = [1763890000000 + number * 60_000 for number in range(count)]
    return [
        {
            **MODEL,
            "messageId": f"ACCOUNT_700000107_{time}_EMAIL_36_{number:04}",
            "channelCreatedTime": time,
            "content": {"text": f"Message {number}: " + "word " * (length // 5)},
        }
        for number, time in enumerate(times)
    ]


def tell(sprinklr: Sprinklr, listed: list[dict[str, Any]], readable: list[dict[str, Any]]) -> None:
    """Let the case have these messages, of which Sprinklr gives only some."""
    sprinklr.fault(LISTED, "answer", 99, body=json.dumps([one["messageId"] for one in listed]))
    sprinklr.fault(READ, "answer", 99, body=json.dumps(readable))


def facts_of(result: types.CallToolResult) -> dict[str, Any]:
    assert not result.is_error, text_of(result)
    return result.structured_content["facts"]


def numbers(result: types.CallToolResult) -> list[int]:
    """Which of the made messages an answer shows, in its order."""
    texts = result.structured_content.get("customer_text", {})
    told = [texts[f"messages[{place}].text"] for place in range(len(facts_of(result).get("messages", [])))]
    return [int(text.split(":")[0].removeprefix("Message ")) for text in told]


async def walked(client: Client, **arguments: Any) -> list[types.CallToolResult]:
    """Every page of a conversation, as the calls that are shown lead."""
    call: dict[str, Any] | None = {"tool": CONVERSATION, "arguments": {"case_number": CASE, **arguments}}
    pages: list[types.CallToolResult] = []
    while call:
        pages.append(await client.call_tool(call["tool"], call["arguments"]))
        call = facts_of(pages[-1])["page"].get("next")
    return pages


def calls(sprinklr: Sprinklr, since: int) -> list[str]:
    return [one["path"].rsplit("/", 1)[1] for one in sprinklr.requests()[since:] if "/api/" in one["path"]]


@pytest.mark.parametrize("count", [50, 120])
@pytest.mark.parametrize("detail", [False, True])
async def test_a_long_conversation_is_walked_backwards_once(
    client: Client, sprinklr: Sprinklr, count: int, detail: bool
) -> None:
    truth = messages(count, 2_500)
    tell(sprinklr, truth, truth)
    pages = await walked(client, detail=detail)
    shown = [numbers(page) for page in pages]
    assert shown[0][-1] == count - 1
    assert [number for page in reversed(shown) for number in page] == list(range(count))
    assert all(facts_of(page)["page"]["total"] == count for page in pages)
    assert len(pages) < count // 5


async def test_messages_that_sprinklr_leaves_out_are_counted_and_move_no_page(
    client: Client, sprinklr: Sprinklr
) -> None:
    truth = messages(120, 1_000)
    readable = [one for number, one in enumerate(truth) if number % 3]
    tell(sprinklr, truth, readable)
    pages = await walked(client)
    shown = [number for page in reversed(pages) for number in numbers(page)]
    assert shown == [number for number in range(120) if number % 3]
    assert sum(facts_of(page).get("not_found", 0) for page in pages) == 40


async def test_nothing_is_said_to_be_missing_where_nothing_is(client: Client, sprinklr: Sprinklr) -> None:
    assert "not_found" not in facts_of(await client.call_tool(CONVERSATION, {"case_number": LONG_CASE}))


async def test_a_case_is_shown_though_none_of_its_messages_can_be_read(
    client: Client, sprinklr: Sprinklr
) -> None:
    truth = messages(70)
    tell(sprinklr, truth, truth[:20])
    first, second = await walked(client)
    assert facts_of(first)["case"]["case_number"] == str(CASE)
    assert facts_of(first)["comments"]
    assert (facts_of(first)["not_found"], facts_of(first)["page"]["shown"]) == (50, 0)
    assert numbers(second) == list(range(20))
    sprinklr.clear_faults()
    tell(sprinklr, truth, [])
    pages = await walked(client)
    assert [facts_of(page)["not_found"] for page in pages] == [50, 20]


async def test_the_description_is_told_and_a_cut_message_can_be_read_whole(
    client: Client, sprinklr: Sprinklr
) -> None:
    truth = messages(3)
    truth[1]["content"] = {"text": "Message 1: " + "word " * 1_000}
    tell(sprinklr, truth, truth)
    result = await client.call_tool(CONVERSATION, {"case_number": CASE})
    assert "Test case" in result.structured_content["customer_text"]["case.description"]
    shown = facts_of(result)["messages"]
    cut = [one for one in shown if "text_left_out" in one]
    assert [one["message_id"] for one in cut] == [truth[1]["messageId"]]
    assert sum("message_id" in one for one in shown) == 1
    whole = await client.call_tool(GET_MESSAGES, {"message_ids": [cut[0]["message_id"]], "detail": True})
    assert whole.structured_content["customer_text"]["messages[0].text"].count("word") == 1_000


async def test_the_newest_comments_are_shown_and_the_older_ones_named(
    client: Client, sprinklr: Sprinklr
) -> None:
    number = await case_of_its_own(client)
    for place in range(25):
        note = {"case_number": number, "text": f"Note {place}."}
        assert not (await client.call_tool("sprinklr_add_comment", note)).is_error
    result = await client.call_tool(CONVERSATION, {"case_number": number})
    assert notes(result) == [f"Note {place}." for place in range(5, 25)]
    page = facts_of(result)["comments_page"]
    assert (page["shown"], page["next"]["tool"]) == (20, COMMENTS)
    older = await client.call_tool(COMMENTS, page["next"]["arguments"])
    assert notes(older) == [f"Note {place}." for place in range(5)]
    assert facts_of(older)["page"]["more"] is False


async def case_of_its_own(client: Client) -> str:
    person = {"channel_type": "EMAIL", "email": "ada@example.com", "subject": "A case of its own"}
    return facts_of(await client.call_tool("sprinklr_create_case_via_profile", person))["case_number"]


def notes(result: types.CallToolResult) -> list[str]:
    texts = result.structured_content["customer_text"]
    return [texts[f"comments[{place}].text"] for place in range(len(facts_of(result)["comments"]))]


async def test_comments_on_a_case_that_is_not_there_are_no_empty_list(
    client: Client, sprinklr: Sprinklr
) -> None:
    missing = await client.call_tool(COMMENTS, {"case_number": 1})
    assert code_of(missing) == "NOT_FOUND"
    assert "There is no case 1" in text_of(missing)
    number, before = await case_of_its_own(client), len(sprinklr.requests())
    assert facts_of(await client.call_tool(COMMENTS, {"case_number": number}))["page"]["shown"] == 0
    assert calls(sprinklr, before)[-2:] == ["COMMENT", "case-numbers"]
    before = len(sprinklr.requests())
    facts_of(await client.call_tool(CONVERSATION, {"case_number": number}))
    facts_of(await client.call_tool(COMMENTS, {"case_number": LONG_CASE}))
    assert calls(sprinklr, before).count("COMMENT") == 2
    assert calls(sprinklr, before).count("case-numbers") == 1


async def test_a_reply_never_passes_over_a_message_that_cannot_be_read(
    client: Client, sprinklr: Sprinklr
) -> None:
    truth = messages(3)
    call = {"case_number": CASE, "text": "It is on its way.", "dry_run": True}
    tell(sprinklr, truth, truth[1:])
    assert not (await client.call_tool(PUBLISH, call)).is_error
    for readable in (truth[:2], []):
        sprinklr.clear_faults()
        tell(sprinklr, truth, readable)
        result = await client.call_tool(PUBLISH, call)
        assert code_of(result) == "NOT_FOUND"
        assert "cannot be read" in text_of(result)
        assert "Give in_reply_to_message_id, or account_id, channel_type and channel_id." in text_of(result)


async def test_a_list_that_may_have_been_cut_is_read_on(client: Client, sprinklr: Sprinklr) -> None:
    truth = [one["messageId"] for one in messages(130)]
    call: dict[str, Any] | None = {"tool": LIST, "arguments": {"case_number": CASE}}
    found: list[str] = []
    while call:
        sprinklr.fault(LISTED, "answer", body=json.dumps(truth[:100]))
        sprinklr.fault(LISTED, "answer", body=json.dumps(truth[99:]))
        facts = facts_of(await client.call_tool(call["tool"], call["arguments"]))
        assert facts["page"]["total"] == 130
        found += [one["message_id"] for one in facts["messages"]]
        call = facts["page"].get("next")
    assert found == truth


@pytest.mark.parametrize(
    ("tool", "own", "used_by"),
    [
        ("list_case_messages", "case/{case_number}/messages-of-the-tenant", "get_case_conversation"),
        ("list_case_messages", "case/{case_number}/messages-of-the-tenant", "list_case_messages"),
        ("list_comments", "case/{case_number}/comments-of-the-tenant", "get_case_conversation"),
        ("list_comments", "case/{case_number}/comments-of-the-tenant", "list_comments"),
    ],
)
def test_the_tenants_own_call_holds_wherever_it_is_made(
    installation: Installation, sprinklr: Sprinklr, tool: str, own: str, used_by: str
) -> None:
    endpoints = {"SPRINKLR_ENDPOINTS": json.dumps({tool: f"GET /api/v2/{own}"})}
    configured = Installation(installation.home, {**installation.variables, **endpoints})
    before = len(sprinklr.requests())
    configured.run("call", used_by, json.dumps({"case_number": CASE}), "--json")
    made = calls(sprinklr, before)
    assert own.rsplit("/", 1)[1] in made
    assert not {"associated-messages" if tool == "list_case_messages" else "COMMENT"} & set(made)


async def test_all_messages_asked_for_come_in_one_short_answer(client: Client, sprinklr: Sprinklr) -> None:
    truth = messages(50, 2_500)
    sprinklr.fault(READ, "answer", 2, body=json.dumps(truth))
    ids = [one["messageId"] for one in truth]
    sizes: list[int] = []
    for detail in (False, True):
        result = await client.call_tool(GET_MESSAGES, {"message_ids": ids, "detail": detail})
        assert numbers(result) == list(range(50))
        assert facts_of(result)["page"] == {"shown": 50, "total": 50, "more": False}
        assert all(one["text_left_out"] > 0 for one in facts_of(result)["messages"])
        sizes.append(sum(len(text) for text in result.structured_content["customer_text"].values()))
    assert sizes[0] < 16_000
    assert 50_000 < sizes[1] < 66_000


async def test_comments_that_the_login_may_not_see_do_not_hide_the_conversation(
    client: Client, sprinklr: Sprinklr
) -> None:
    sprinklr.fault(COMMENT_SEARCH, "answer", 9, status=400, body="Access to resource is forbidden")
    shown = facts_of(await client.call_tool(CONVERSATION, {"case_number": CASE}))
    assert shown["comments_withheld"] is True
    assert shown["page"]["total"] == 4
    assert "comments" not in shown
    assert code_of(await client.call_tool(COMMENTS, {"case_number": CASE})) == "FORBIDDEN"
