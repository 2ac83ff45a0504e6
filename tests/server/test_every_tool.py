"""One working day over stdio: every tool is used once as people use it, and Sprinklr's own log agrees."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from installation import ERAS, Installation, Person, Sprinklr, text_of
from mcp import Client
from sample_files import png

pytestmark = pytest.mark.anyio

ERA = list(ERAS)[-1]

ASSUMED = {
    "get_acw_to_trigger": "GET /api/v2/assumed/acw/{case_number}",
    "list_case_nudges": "GET /api/v2/assumed/nudges/{case_number}",
    "generate_ota": "POST /api/v2/assumed/ota/{entity_id}",
}
CASE, MESSAGES_CASE = "96829", "96827"
WHATSAPP, NEWCOMER = "700000105", "447700900199"
MACRO, JOURNEY, ASSET = "59e49c76e4b0c2eeef6f3602", "66dd0011bb22cc33dd44ee58", "66f1d3e4f506172839405b6c"
AGENT, FIELD, NOTE = "1000411018", "spr_uc_status", "Called the warehouse."
REPORT = {
    "engine": "INBOUND_MESSAGE",
    "report": "INBOUND_MESSAGE",
    "start": "2020-01-01T00:00:00Z",
    "end": "2027-01-01T00:00:00Z",
    "dimensions": ["SN_TYPE"],
    "measures": [{"measurement": "INBOUND_COUNT"}],
}
LONG_AGO = "2020-01-01T00:00:00Z"
WRITES = [
    "add_comment",
    "draft_reply",
    "update_case",
    "assign_case",
    "create_profile",
    "update_profile",
    "create_custom_entity",
    "publish_message",
    "create_case",
    "create_case_via_profile",
    "upload_media",
    "upload_media_bulk",
    "apply_macro",
    "deflect_call",
    "trigger_journey",
    "generate_ota",
    "close_case",
    "delete_case_by_number",
    "delete_case_by_id",
]
LOGGED_AS = {"draft_reply": "add_comment", "assign_case": "update_case", "close_case": "update_case"}
"""Tools that make another tool's call."""


class Day:
    """A client at work, and who sits before it."""

    def __init__(self, client: Client, person: Person) -> None:
        self._client = client
        self._person = person
        self.used: list[str] = []

    async def __call__(self, tool: str, typed: str | None = None, **arguments: Any) -> Any:
        """Use a tool and return its facts; `typed` is what the person types when they are asked."""
        self.used.append(f"sprinklr_{tool}")
        self._person.types = typed
        before = len(self._person.asked)
        result = await self._client.call_tool(f"sprinklr_{tool}", arguments)
        assert not result.is_error, f"{tool}: {text_of(result)}"
        assert result.structured_content is not None
        assert len(self._person.asked) - before == (typed is not None), tool
        return result.structured_content["facts"]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("label.png", "first.png", "second.png"):
        (folder / name).write_bytes(png(name.encode()))
    return folder


@pytest.mark.timeout(120)
async def test_every_tool_does_what_it_says_and_nothing_else_is_written(
    install: Callable[..., Installation], sprinklr: Sprinklr, files: Path
) -> None:
    """In one era: what differs between the two is how a person is asked, and that is tested in both."""
    installation = install(
        SPRINKLR_TOOLSETS="all",
        SPRINKLR_ENDPOINTS=json.dumps(ASSUMED),
        SPRINKLR_UPLOAD_FOLDERS=str(files),
    )
    installation.log_in()
    person = Person()
    async with installation.client(ERA, person) as client:
        listed = [tool.name for tool in (await client.list_tools()).tools]
        day = Day(client, person)
        await morning(day)
        await looking_up(day)
        await writing(day, files)
    assert sorted(set(day.used)) == listed
    commits = sprinklr.commits()
    assert [one["tool"] for one in commits] == [LOGGED_AS.get(tool, tool) for tool in WRITES]
    assert [day_used for day_used in day.used if day_used.removeprefix("sprinklr_") in WRITES] == [
        f"sprinklr_{tool}" for tool in WRITES
    ]
    (upload,) = [one for one in commits if one["tool"] == "upload_media"]
    assert hashlib.sha256((files / "label.png").read_bytes()).hexdigest() in json.dumps(upload)


async def morning(day: Day) -> None:
    """Read what is going on."""
    assert (await day("get_me"))["workspaces"]
    assert (await day("get_default_campaign"))["default"]["campaign_id"] == "7001_12"
    case = await day("get_case_by_number", case_number=CASE)
    assert (await day("get_case_by_id", case_id=case["case_id"]))["case_number"] == CASE
    listed = await day("list_case_messages", case_number=CASE)
    ids = [one["message_id"] for one in listed["messages"]]
    assert len((await day("get_messages", message_ids=ids))["messages"]) == len(ids) == 6
    assert (await day("get_message", message_id=ids[0]))["message_id"] == ids[0]
    assert (await day("get_case_conversation", case_number=CASE))["page"]["shown"] == 6
    assert len((await day("list_comments", case_number=CASE))["comments"]) == 2
    assert (await day("list_case_nudges", case_number=MESSAGES_CASE))["answer"]
    assert (await day("get_acw_to_trigger", case_number=MESSAGES_CASE))["answer"]
    who = {"channel_type": case["channel_type"], "channel_id": case["channel_id"]}
    profile = await day("get_profile_by_user_id", **who)
    assert (await day("get_profile_by_id", profile_id=profile["profile_id"])) == profile
    cases = await day("list_cases_by_profile", profile_id=profile["profile_id"])
    assert CASE in [one["case_number"] for one in cases["cases"]]
    named = await day("get_profile_by_username", channel_type="TWITTER", username="@ruby_greenhalf_example")
    assert named["profile_id"]


async def looking_up(day: Day) -> None:
    """Search, and read what the tenant defined."""
    assert (await day("search_cases", text="parish council"))["page"]["total"] == 1
    assert (await day("search_messages", case_number=CASE, sent_after=LONG_AGO))["page"]["shown"] == 6
    assert (await day("search_profiles", email="eloise.garancon@example.com"))["profiles"]
    articles = await day("smart_assist_search", text="parcel")
    article = await day("get_kb_content", content_id=articles["articles"][0]["content_id"])
    assert article["status"] == "APPROVED"
    assert (await day("search_users", name="Okafor"))["users"][0]["user_id"] == "1000411001"
    assert len((await day("list_accounts"))["accounts"]) >= 9
    assert (await day("list_case_values", kind="macros"))["values"]
    assert (await day("get_custom_field", field_name=FIELD))["options"]
    assert (await day("query_report", **REPORT))["rows"]
    assert (await day("get", path="/api/v2/campaign"))["answer"]


async def writing(day: Day, files: Path) -> None:
    """Change things, first the harmless ones."""
    assert (await day("add_comment", case_number=CASE, text=NOTE))["comment_id"]
    assert (await day("draft_reply", case_number=CASE, text="It is on its way."))["comment_id"]
    assert (await day("update_case", case_number=CASE, priority="Urgent"))["priority"] == "Urgent"
    assert (await day("assign_case", case_number=CASE, assignee_id=AGENT))["assignee_id"] == AGENT
    made = await day("create_profile", name="Ada Hill", channel_type="SMS", channel_id="447700900177")
    await day("update_profile", profile_id=made["profile_id"], first_name="Ada")
    values = {"_c_points": 10}
    assert (await day("create_custom_entity", entity_type="_c_loyalty_member", values=values))["id"]
    await day(
        "publish_message",
        typed="Northwind Cycles",
        account_id=WHATSAPP,
        channel_type="WHATSAPP_BUSINESS",
        channel_id=NEWCOMER,
        text="Hello, your bike is ready.",
    )
    found = await day("search_messages", account_id=WHATSAPP, sender="brand")
    case = await day("create_case", message_id=found["messages"][0]["message_id"], subject="Pick-up")
    other = await day(
        "create_case_via_profile", channel_type="EMAIL", email="ada@example.com", subject="A bell"
    )
    assert (await day("upload_media", typed="label.png", path="label.png"))["url"]
    several = await day("upload_media_bulk", typed="2", paths=["first.png", "second.png"])
    assert [one["outcome"] for one in several["files"]] == ["uploaded", "uploaded"]
    await day("apply_macro", typed=CASE, case_number=CASE, macro_id=MACRO)
    await day(
        "deflect_call",
        typed=NEWCOMER,
        asset_id=ASSET,
        channel_id=NEWCOMER,
        account_id=WHATSAPP,
        channel_type="WHATSAPP_BUSINESS",
    )
    await day(
        "trigger_journey",
        typed="447700900177",
        journey_id=JOURNEY,
        channel_type="SMS",
        channel_id="447700900177",
        name="Ada Hill",
    )
    assert (await day("generate_ota", typed=AGENT, entity_id=AGENT))["credential"]
    assert (await day("close_case", case_number=CASE))["status"] == "Closed"
    await day("delete_case_by_number", typed=case["case_number"], case_number=case["case_number"])
    await day("delete_case_by_id", typed=other["case_number"], case_id=other["case_id"])
