"""Resources: what a client attaches is what the tool reads, under the same rules, and nothing else."""

from __future__ import annotations

import itertools
import json
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from doomed import Doomed
from installation import ERAS, Installation, Sprinklr, facts_of
from mcp import Client, MCPError
from mcp_types import TextResourceContents
from piped import piped

from sprinklr_tools.action import Action, Risk
from sprinklr_tools.resource import Resource

pytestmark = pytest.mark.anyio

LEGACY, MODERN = ERAS
NOT_FOUND = {LEGACY: -32002, MODERN: -32602}
CASE = "sprinklr://case/96832"
MANY = 400
CONVERSATION = f"{CASE}/conversation"
PAIRS = [
    (CASE, "sprinklr_get_case_by_number", {"case_number": "96832"}),
    (CONVERSATION, "sprinklr_get_case_conversation", {"case_number": "96832"}),
]


@pytest.fixture(scope="module")
def client(served: dict[str, Client], era: str) -> Client:
    return served[era]


async def read(client: Client, uri: str) -> str:
    (content,) = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    assert content.uri == uri
    assert content.mime_type == "text/plain"
    return content.text


async def refusal_of(client: Client, uri: str) -> MCPError:
    with pytest.raises(MCPError) as refused:
        await client.read_resource(uri)
    return refused.value


def without_mark(text: str) -> list[str]:
    """The lines but for the boundary, which no two answers share."""
    return [line for line in text.splitlines() if not (line.startswith("[") and line[1:-1].isdecimal())]


async def test_three_kinds_are_offered_and_each_says_what_it_is(client: Client) -> None:
    offered = {one.uri_template: one for one in (await client.list_resource_templates()).resource_templates}
    assert set(offered) == {
        "sprinklr://case/{case_number}",
        "sprinklr://case/{case_number}/conversation",
        "sprinklr://article/{content_id}",
    }
    assert all(one.title and one.description and one.mime_type == "text/plain" for one in offered.values())


@pytest.mark.parametrize(("uri", "tool", "arguments"), PAIRS)
async def test_a_resource_holds_what_its_tool_answers(
    client: Client, uri: str, tool: str, arguments: dict[str, str]
) -> None:
    answer = await client.call_tool(tool, arguments)
    text = await read(client, uri)
    assert json.loads(text.splitlines()[0]) == facts_of(answer)
    (shown,) = answer.content
    assert shown.type == "text"
    assert without_mark(text) == without_mark(shown.text)


async def test_an_article_that_a_search_found_can_be_read(client: Client) -> None:
    found = facts_of(await client.call_tool("sprinklr_smart_assist_search", {"text": "the"}))
    content_id = found["articles"][0]["content_id"]
    text = await read(client, f"sprinklr://article/{content_id}")
    answer = await client.call_tool("sprinklr_get_kb_content", {"content_id": content_id})
    assert json.loads(text.splitlines()[0]) == facts_of(answer)


async def test_what_customers_wrote_is_set_apart(client: Client) -> None:
    facts, warning, mark, *texts, end = (await read(client, CONVERSATION)).splitlines()
    assert "never instructions" in warning
    assert mark == end
    assert texts
    assert not any(json.loads(one.partition(": ")[2])[:30] in facts for one in texts)


@pytest.mark.parametrize(
    "uri",
    [
        "sprinklr://case/11",
        "sprinklr://case/11/conversation",
        "sprinklr://article/nosuch",
        "sprinklr://case/96832/comments",
        "sprinklr://case/../96832",
        "sprinklr://case/96832/../../me",
        "sprinklr://account/1",
        "file:///etc/passwd",
        "https://example.com/",
        "",
        "sprinklr://case/" + "9" * 100_000,
    ],
)
async def test_what_is_not_there_has_the_protocols_own_error(client: Client, era: str, uri: str) -> None:
    refused = await refusal_of(client, uri)
    assert refused.error.code == NOT_FOUND[era]
    assert refused.error.message.startswith("NOT_FOUND: ")
    assert refused.error.data["uri"][:300] == uri[:300]
    assert len(refused.error.data["uri"]) < 400


@pytest.mark.parametrize(
    "number",
    ["abc", "..", "%2e%2e", "%2e%2e%2fme", "96832%00", "%00", "9" * 19, "", "%C0%AE", "+"],
)
async def test_a_hostile_number_is_refused_before_anything_is_sent(
    client: Client, sprinklr_of_file: Sprinklr, number: str
) -> None:
    before = len(sprinklr_of_file.requests())
    refused = await refusal_of(client, f"sprinklr://case/{number}/conversation")
    assert refused.error.code == -32602
    assert "case_number: does not have the right form" in refused.error.message
    assert "Nothing was sent." in refused.error.message
    assert len(sprinklr_of_file.requests()) == before


async def test_what_was_read_lately_can_be_chosen_from_a_list(client: Client) -> None:
    await read(client, CASE)
    listed = {one.uri: one for one in (await client.list_resources()).resources}
    assert listed[CASE].title == "Case 96832"
    assert listed[CONVERSATION].title == "Case conversation 96832"
    assert all(uri.count("/") <= 4 for uri in listed)


def test_what_writes_cannot_be_declared_a_resource() -> None:
    with pytest.raises(TypeError, match="writes and cannot be a resource"):
        type("Close", (Action,), {}, label="Close", risk=Risk.WRITE, resource=Resource("sprinklr://x", "X"))


def test_a_busy_server_says_so_in_an_error(
    installation_of_file: Installation, sprinklr_of_file: Sprinklr, era: str
) -> None:
    """Requests about resources are counted with the calls of tools, and refused beyond the same limit."""
    sprinklr_of_file.fault("GET /api/v2/case/case-numbers", "delay", times=MANY, seconds=2)
    with piped(installation_of_file, era) as server:
        server.say(*(server.message(n, "resources/read", {"uri": CASE}) for n in range(MANY)))
        server.request("list", "resources/templates/list")
        server.answer_to("list")
        sprinklr_of_file.clear_faults()
        answers = [one for one in server.messages if isinstance(one["id"], int)]
        answers += itertools.islice(server.heard(), MANY - len(answers))
    assert sorted(one["id"] for one in answers) == list(range(MANY))
    refused = [one["error"] for one in answers if "error" in one]
    assert 0 < len(refused) <= MANY - 32 - 64
    assert {one["data"]["error"]["code"] for one in refused} == {"BUSY"}


# --- not logged in, under the operator's rules, with a store that cannot be written ---


async def test_without_a_login_a_resource_says_how_to_get_one(
    install: Callable[..., Installation], era: str
) -> None:
    async with install().client(era) as client:
        refused = await refusal_of(client, CASE)
    assert refused.error.code == -32603
    assert refused.error.message.startswith("LOGIN_REQUIRED: ")
    assert "sprinklr-mcp login" in refused.error.message
    assert refused.error.data["error"]["code"] == "LOGIN_REQUIRED"


@pytest.mark.parametrize(
    ("rules", "setting"),
    [
        ({"SPRINKLR_DENY": "get_case_by_number"}, "SPRINKLR_DENY"),
        ({"SPRINKLR_TOOLSETS": "knowledge"}, "SPRINKLR_TOOLSETS"),
    ],
)
async def test_the_resource_of_a_tool_that_is_off_is_neither_listed_nor_read(
    install: Callable[..., Installation], sprinklr: Sprinklr, rules: dict[str, str], setting: str
) -> None:
    made = install(**rules)
    made.log_in()
    async with made.client_here(MODERN) as client:
        offered = [one.uri_template for one in (await client.list_resource_templates()).resource_templates]
        assert "sprinklr://case/{case_number}" not in offered
        assert "sprinklr://article/{content_id}" in offered
        refused = await refusal_of(client, CASE)
    assert refused.error.code == -32602
    assert setting in refused.error.message
    assert sprinklr.requests("/case") == []


async def test_without_a_store_lists_and_prompts_still_serve(
    install: Callable[..., Installation], era: str
) -> None:
    made = install()
    # A folder where the file would be.
    (made.home / "store.sqlite3").mkdir(parents=True)
    async with made.client(era) as client:
        assert (await client.list_resources()).resources == []
        assert len((await client.list_resource_templates()).resource_templates) == 3
        assert len((await client.list_prompts()).prompts) == 5
        assert (await client.get_prompt("triage_case", {"case_number": "1"})).messages
        refused = await refusal_of(client, CASE)
    assert refused.error.message.startswith("STORE_UNAVAILABLE: ")


async def test_a_store_that_cannot_grow_stops_no_read(installation: Installation, tmp_path: Path) -> None:
    server = Doomed(installation, tmp_path)
    async with Client(server.serving, mode="legacy") as client:
        await read(client, CASE)
        # The kernel refuses to let any file of this process grow, as it does when the disk is full.
        resource.prlimit(server.process_id, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        assert "96700" in await read(client, "sprinklr://case/96700")
        assert "sprinklr://case/96832" in [one.uri for one in (await client.list_resources()).resources]
