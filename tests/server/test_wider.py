"""The wider surface over the wire: what its tools send to Sprinklr, and what an operator configures."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

import mcp_types as types
import pytest
from installation import Installation, Person, Sprinklr, code_of, text_of
from mcp import Client
from seats import Seat

from sprinklr_mcp.calls.endpoints import Endpoints
from sprinklr_mcp.errors import Code, Fault
from sprinklr_tools.catalogue import all_actions

pytestmark = pytest.mark.anyio

ERA = "2026-07-28"
CASE, WAITING = 96829, 96827
MACRO = "59e49c76e4b0c2eeef6f3600"
ASSUMED = {
    "get_acw_to_trigger": "GET /api/v2/assumed/acw/{case_number}",
    "list_case_nudges": "GET /api/v2/assumed/nudges/{case_number}",
    "generate_ota": "POST /api/v2/assumed/ota/{entity_id}",
}
"""The paths that the simulator makes up for calls that Sprinklr does not publish."""


@pytest.fixture(scope="module")
def sprinklr(sprinklr_of_file: Sprinklr) -> Sprinklr:
    return sprinklr_of_file


@pytest.fixture(scope="module")
def more_settings() -> dict[str, str]:
    """Every tool is on."""
    return {"SPRINKLR_TOOLSETS": "cases,search,voice,advanced"}


@pytest.fixture(scope="module")
async def client(installation_of_file: Installation, seat: Seat) -> AsyncGenerator[Client]:
    async with installation_of_file.client(ERA, seat) as client:
        yield client


async def facts(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(f"sprinklr_{tool}", arguments)
    assert not result.is_error, text_of(result)
    return result.structured_content["facts"]


def texts(result: types.CallToolResult) -> str:
    assert not result.is_error, text_of(result)
    return json.dumps(result.structured_content, ensure_ascii=False)


def calls(sprinklr: Sprinklr, since: int = 0) -> list[tuple[str, str]]:
    """Return what was asked of Sprinklr's API, without the environment and without token calls."""
    found = [(one["method"], one["path"]) for one in sprinklr.requests()[since:]]
    return [(method, path[path.index("/api/") :]) for method, path in found if "/api/" in path]


async def test_a_conversation_takes_four_calls(client: Client, sprinklr: Sprinklr) -> None:
    before = len(sprinklr.requests())
    result = await client.call_tool("sprinklr_get_case_conversation", {"case_number": CASE})
    assert calls(sprinklr, before) == [
        ("GET", "/api/v2/case/case-numbers"),
        ("GET", "/api/v2/case/associated-messages"),
        ("POST", "/api/v2/message/bulk-fetch"),
        ("POST", "/api/v2/search/COMMENT"),
    ]
    assert not result.is_error, text_of(result)
    found = result.structured_content["facts"]
    assert found["case"]["case_number"] == str(CASE)
    sent = [message["sent"] for message in found["messages"]]
    assert len(sent) == 6
    assert sent == sorted(sent)
    assert len(found["comments"]) == 2
    assert "Please tell her in French" in texts(result)


async def test_comments_are_listed_with_their_texts(client: Client) -> None:
    result = await client.call_tool("sprinklr_list_comments", {"case_number": CASE})
    assert "Please tell her in French" in texts(result)
    created = [comment["created"] for comment in result.structured_content["facts"]["comments"]]
    assert len(created) == 2
    assert created == sorted(created)


async def test_cases_are_searched_by_status(client: Client, sprinklr: Sprinklr) -> None:
    before = len(sprinklr.requests())
    first = await client.call_tool("sprinklr_search_cases", {"statuses": ["Pending", "New"]})
    assert calls(sprinklr, before) == [("POST", "/api/v2/search/CASE")]
    found = first.structured_content["facts"]
    assert {case["status"] for case in found["cases"]} == {"Pending", "New"}
    assert (found["page"]["shown"], found["page"]["total"]) == (20, 48)
    seen = [case["case_number"] for case in found["cases"]]
    onward = found["page"]["next"]
    while onward is not None:
        following = await client.call_tool(onward["tool"], onward["arguments"])
        found = following.structured_content["facts"]
        seen += [case["case_number"] for case in found["cases"]]
        onward = found["page"].get("next")
    assert len(seen) == len(set(seen)) == 48


async def test_cases_are_searched_by_words(client: Client, sprinklr: Sprinklr) -> None:
    before = len(sprinklr.requests())
    result = await client.call_tool("sprinklr_search_cases", {"text": "parish council"})
    assert calls(sprinklr, before) == [("POST", "/api/v1/case/search")]
    (case,) = result.structured_content["facts"]["cases"]
    assert (case["case_number"], case["status"]) == ("96700", "In Progress")
    assert "Bike library" in texts(result)


async def test_an_update_changes_only_what_is_named(client: Client, sprinklr: Sprinklr) -> None:
    number, before = 96830, len(sprinklr.commits())
    old = await facts(client, "get_case_by_number", case_number=number, detail=True)
    await facts(client, "update_case", case_number=number, priority="Urgent", add_tags=["seen"])
    (commit,) = sprinklr.commits()[before:]
    assert (commit["method"], commit["path"][-len("/api/v2/case") :]) == ("PUT", "/api/v2/case")
    assert commit["body"] == {
        "caseNumbers": [number],
        "updateActions": ["SYNC_SELECTED_PROPERTIES", "ADD_PROPERTIES"],
        "syncedSelectedCustomProperties": {"spr_uc_priority": ["Urgent"]},
        "addedCustomProperties": {"spr_uc_tag": ["seen"]},
    }
    new = await facts(client, "get_case_by_number", case_number=number, detail=True)
    assert new["priority"] == "Urgent"
    changing = {"priority", "properties", "modified", "version"}
    assert {name: new[name] for name in set(new) - changing} == {
        name: old[name] for name in set(old) - changing
    }


async def test_an_update_of_nothing_is_refused_here(client: Client, sprinklr: Sprinklr) -> None:
    before = len(sprinklr.requests())
    result = await client.call_tool("sprinklr_update_case", {"case_number": CASE})
    assert code_of(result) == "INVALID_REQUEST"
    assert len(sprinklr.requests()) == before


async def test_closing_sets_the_status(client: Client, sprinklr: Sprinklr) -> None:
    case = await open_case(client)
    before = len(sprinklr.commits())
    closed = await facts(client, "close_case", case_number=case["case_number"])
    assert closed["status"] == "Closed"
    (commit,) = sprinklr.commits()[before:]
    assert commit["body"] == {
        "caseNumbers": [int(case["case_number"])],
        "updateActions": ["SYNC_SELECTED_PROPERTIES"],
        "syncedSelectedCustomProperties": {"spr_uc_status": ["Closed"]},
    }
    again = await facts(client, "get_case_by_number", case_number=case["case_number"])
    assert again["status"] == "Closed"


async def test_a_case_is_opened_for_a_person(client: Client, sprinklr: Sprinklr) -> None:
    before = len(sprinklr.commits())
    case = await open_case(client, comment="Called the shop.", priority="High")
    (commit,) = sprinklr.commits()[before:]
    assert commit["tool"] == "create_case_via_profile"
    assert commit["body"]["contactInfo"] == {"email": "ada@example.com"}
    stored = await facts(client, "get_case_by_number", case_number=case["case_number"])
    assert (stored["channel_type"], stored["priority"]) == ("EMAIL", "High")
    comments = await client.call_tool("sprinklr_list_comments", {"case_number": case["case_number"]})
    assert "Called the shop." in texts(comments)


async def test_a_channel_without_its_address_is_refused_here(client: Client, sprinklr: Sprinklr) -> None:
    before = len(sprinklr.requests())
    result = await client.call_tool(
        "sprinklr_create_case_via_profile",
        {"channel_type": "SMS", "subject": "Hello", "email": "a@example.com"},
    )
    assert code_of(result) == "INVALID_REQUEST"
    assert "phone" in text_of(result)
    assert len(sprinklr.requests()) == before


async def test_deleting_by_id_asks_and_deletes_once(client: Client, seat: Seat, sprinklr: Sprinklr) -> None:
    case, other = await open_case(client), await open_case(client)
    before = len(sprinklr.commits())
    seat.sitting = Person(does="decline")
    declined = await client.call_tool("sprinklr_delete_case_by_id", {"case_id": other["case_id"]})
    assert code_of(declined) == "CONFIRMATION_DECLINED"
    assert sprinklr.commits()[before:] == []
    seat.sitting = Person(types=case["case_number"])
    assert (await facts(client, "delete_case_by_id", case_id=case["case_id"]))["deleted"] is True
    assert len(seat.sitting.asked) == 1
    assert case["case_number"] in seat.sitting.asked[0]
    (commit,) = sprinklr.commits()[before:]
    assert (commit["tool"], commit["body"]) == ("delete_case_by_id", [case["case_id"]])
    again = await client.call_tool("sprinklr_delete_case_by_id", {"case_id": case["case_id"]})
    assert "already deleted" in text_of(again)
    assert len(seat.sitting.asked) == 1
    assert len(sprinklr.commits()) == before + 1


async def test_a_macro_is_applied_once_a_person_agrees(
    client: Client, seat: Seat, sprinklr: Sprinklr
) -> None:
    arguments = {"case_number": CASE, "macro_id": MACRO}
    before = len(sprinklr.commits())
    seat.sitting = Person(types="96828")
    assert (await client.call_tool("sprinklr_apply_macro", arguments)).is_error
    assert sprinklr.commits()[before:] == []
    seat.sitting = Person(types=str(CASE))
    assert (await facts(client, "apply_macro", **arguments))["applied"] is True
    assert "Close Case" in seat.sitting.asked[0]
    (commit,) = sprinklr.commits()[before:]
    assert commit["body"] == {
        "assetClass": "UNIVERSAL_CASE",
        "entityKeys": [str(CASE)],
        "macroIds": [MACRO],
    }
    assert (await facts(client, "get_case_by_number", case_number=CASE))["status"] == "Closed"


async def test_a_call_that_is_published_nowhere_is_told_and_not_guessed(
    client: Client, seat: Seat, sprinklr: Sprinklr
) -> None:
    before = len(sprinklr.requests())
    seat.sitting = Person(types="1")
    for tool, arguments in (
        ("sprinklr_list_case_nudges", {"case_number": CASE}),
        ("sprinklr_get_acw_to_trigger", {"case_number": CASE}),
        ("sprinklr_generate_ota", {"entity_id": "1"}),
    ):
        result = await client.call_tool(tool, arguments)
        assert code_of(result) == "CONFIGURATION"
        assert f"Sprinklr publishes no call for {tool}" in text_of(result)
        assert "SPRINKLR_ENDPOINTS" in text_of(result)
    assert seat.sitting.asked == []
    assert len(sprinklr.requests()) == before


@pytest.mark.parametrize(
    ("tool", "path", "told"),
    [
        ("get_acw_to_trigger", "acw", "After a call about a delivery"),
        ("list_case_nudges", "nudges", "The customer has waited"),
    ],
)
def test_a_configured_call_is_made(
    installation_of_file: Installation, sprinklr: Sprinklr, tool: str, path: str, told: str
) -> None:
    configured = installation_of_file.changed(SPRINKLR_ENDPOINTS=json.dumps(ASSUMED))
    before = len(sprinklr.requests())
    done = configured.run("call", tool, json.dumps({"case_number": WAITING}), "--json")
    assert done.returncode == 0, done.stderr
    assert calls(sprinklr, before) == [("GET", f"/api/v2/assumed/{path}/{WAITING}")]
    assert told in done.stdout


async def test_a_configured_credential_is_minted_once_a_person_agrees(
    installation_of_file: Installation, sprinklr: Sprinklr
) -> None:
    configured = installation_of_file.changed(SPRINKLR_ENDPOINTS=json.dumps(ASSUMED))
    before = len(sprinklr.commits())
    person = Person(types="1000411018")
    async with configured.client_here(ERA, person) as client:
        minted = await facts(client, "generate_ota", entity_id="1000411018")
    assert "Call, as the operator configured it: POST /api/v2/assumed/ota/1000411018" in person.asked[0]
    credential = minted["credential"]["oneTimeAccess"]
    (commit,) = sprinklr.commits()[before:]
    assert commit["path"].endswith("/api/v2/assumed/ota/1000411018")
    audit = configured.run("audit", "--json").stdout
    assert "generate_ota" in audit
    assert credential not in audit + json.dumps(sprinklr.requests()) + json.dumps(sprinklr.commits())


async def test_a_published_call_can_be_replaced_by_the_tenants_own(
    installation_of_file: Installation, sprinklr: Sprinklr
) -> None:
    own = {"get_case_by_number": "GET /api/v2/case/{case_number}/of-the-tenant"}
    configured = installation_of_file.changed(SPRINKLR_ENDPOINTS=json.dumps(own))
    before = len(sprinklr.requests())
    configured.run("call", "get_case_by_number", json.dumps({"case_number": CASE}), "--json")
    assert calls(sprinklr, before) == [("GET", f"/api/v2/case/{CASE}/of-the-tenant")]


@pytest.mark.parametrize(
    ("call", "method", "path"),
    [
        ("GET /api/v2/of-the-tenant", "GET", "/api/v2/of-the-tenant"),
        ("POST /api/v2/comment/CASE/{case_id}", None, None),
    ],
)
async def test_a_replaced_read_keeps_its_arguments_and_stays_a_read(
    installation_of_file: Installation, sprinklr: Sprinklr, call: str, method: str | None, path: str | None
) -> None:
    own = json.dumps({"get_case_by_id": call})
    configured = installation_of_file.changed(SPRINKLR_ENDPOINTS=own)
    before = len(sprinklr.requests())
    case_id = "6afafdbdb2caf0d65f0d1ebf"
    done = configured.run("call", "get_case_by_id", json.dumps({"case_id": case_id}), "--json")
    sent = sprinklr.requests("/api/")[-1] if path else None
    assert calls(sprinklr, before) == ([(method, path)] if path else [])
    assert (sent["query"] == {"case_id": case_id}) if sent else "only reads, by GET" in done.stdout


@pytest.mark.parametrize(
    ("endpoints", "told"),
    [
        ("no json, canary", "it is no JSON"),
        ('["canary"]', "it is no JSON object"),
        ('{"list_case_nudge": "GET /canary"}', "there is no tool list_case_nudge"),
        ('{"list_case_nudges": "FETCH /canary"}', 'is not of the form "GET /api/v2/…/{field}"'),
        ('{"list_case_nudges": "GET https://canary.example.com/"}', "is not of the form"),
        ('{"list_case_nudges": "GET /api/../canary"}', "is not of the form"),
        ('{"list_case_nudges": "GET /api/{case_id}"}', "has no field case_id (its fields: case_number)"),
        ('{"get_messages": "GET /api/{message_ids}"}', "has no field message_ids (its fields: none)"),
        ('{"get_message": "DELETE /api/{message_id}"}', "only reads, so its call is one of GET, POST"),
        ('{"list_workspaces": "GET /api/v2/of-the-tenant"}', "there is no tool list_workspaces"),
    ],
)
def test_wrong_endpoints_are_told_without_their_values(endpoints: str, told: str) -> None:
    with pytest.raises(Fault) as refused:
        Endpoints.parse(endpoints, all_actions())
    assert refused.value.code is Code.CONFIGURATION
    assert refused.value.message.startswith("SPRINKLR_ENDPOINTS is wrong: ")
    assert told in refused.value.message
    assert "canary" not in refused.value.text()


@pytest.mark.parametrize("command", ["serve", "status"])
def test_wrong_endpoints_stop_the_start_in_words(install: Callable[..., Installation], command: str) -> None:
    done = install(SPRINKLR_ENDPOINTS='{"list_case_nudge": "GET /canary"}').run(command, stdin="")
    assert (done.returncode, done.stdout) == (1, "")
    assert "SPRINKLR_ENDPOINTS is wrong: there is no tool list_case_nudge" in done.stderr
    assert "canary" not in done.stderr
    assert "Traceback" not in done.stderr


async def open_case(client: Client, **more: Any) -> dict[str, Any]:
    """Open a case of the test's own."""
    person = {"channel_type": "EMAIL", "email": "ada@example.com", "subject": "A case of its own"}
    return await facts(client, "create_case_via_profile", **person, **more)
