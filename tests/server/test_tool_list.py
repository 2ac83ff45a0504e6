"""The list of tools: small, plain and the same for every client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest
from installation import ERAS, Installation, Sprinklr

pytestmark = pytest.mark.anyio

READS = {
    "sprinklr_get_acw_to_trigger",
    "sprinklr_get_case_by_id",
    "sprinklr_get_case_by_number",
    "sprinklr_get_case_conversation",
    "sprinklr_get_default_campaign",
    "sprinklr_get_kb_content",
    "sprinklr_get_me",
    "sprinklr_get_message",
    "sprinklr_get_messages",
    "sprinklr_get_profile_by_id",
    "sprinklr_get_profile_by_user_id",
    "sprinklr_get_profile_by_username",
    "sprinklr_list_case_messages",
    "sprinklr_list_case_nudges",
    "sprinklr_list_cases_by_profile",
    "sprinklr_list_comments",
    "sprinklr_search_cases",
    "sprinklr_search_messages",
    "sprinklr_search_profiles",
    "sprinklr_smart_assist_search",
}
REPEATABLE = {"sprinklr_update_case", "sprinklr_update_profile"}
WRITES = REPEATABLE | {
    "sprinklr_add_comment",
    "sprinklr_create_case",
    "sprinklr_create_case_via_profile",
    "sprinklr_create_custom_entity",
    "sprinklr_create_profile",
}
DANGERS = {
    "sprinklr_deflect_call",
    "sprinklr_delete_case_by_id",
    "sprinklr_delete_case_by_number",
    "sprinklr_generate_ota",
    "sprinklr_publish_message",
    "sprinklr_trigger_journey",
    "sprinklr_upload_media",
    "sprinklr_upload_media_bulk",
}
OPTIONAL = {
    "sprinklr_apply_macro",
    "sprinklr_assign_case",
    "sprinklr_close_case",
    "sprinklr_draft_reply",
    "sprinklr_get",
    "sprinklr_get_custom_field",
    "sprinklr_list_accounts",
    "sprinklr_list_case_values",
    "sprinklr_query_report",
    "sprinklr_search_users",
}
"""Tools that a setting must name."""


@pytest.fixture(scope="module")
async def lists(
    shared_sprinklr: Sprinklr, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, types.ListToolsResult]:
    """What each era of the protocol is shown; one of them by a server that knows neither key nor login."""
    home = tmp_path_factory.mktemp("tools")
    found: dict[str, types.ListToolsResult] = {}
    for era, variables in zip(ERAS, (shared_sprinklr.settings, {}), strict=True):
        async with Installation(home, variables).client(era) as client:
            found[era] = await client.list_tools()
    return found


@pytest.fixture
def tools(lists: dict[str, types.ListToolsResult], era: str) -> list[types.Tool]:
    return lists[era].tools


def inside(schema: Any) -> list[dict[str, Any]]:
    """Return a schema and every schema in it; the names of arguments are no keywords."""
    if isinstance(schema, list):
        return [one for item in schema for one in inside(item)]
    if not isinstance(schema, dict):
        return []
    below = [
        one
        for name, value in schema.items()
        for one in inside(list(value.values()) if name == "properties" else value)
    ]
    return [schema, *below]


async def test_the_same_tools_are_listed(tools: list[types.Tool]) -> None:
    assert len(tools) == 35
    assert {tool.name for tool in tools} == READS | WRITES | DANGERS
    assert [tool.name for tool in tools] == sorted(tool.name for tool in tools)


def test_the_tools_that_are_not_listed_are_off_until_a_setting_names_them(tmp_path: Path) -> None:
    done = Installation(tmp_path, {}).run("actions", "--json")
    off = {row["name"]: row["off"] for row in json.loads(done.stdout) if row["off"]}
    assert set(off) == OPTIONAL
    assert all(why.startswith("SPRINKLR_TOOLSETS (optional: default,") for why in off.values())


async def test_both_eras_see_the_same_definitions_with_and_without_settings(
    lists: dict[str, types.ListToolsResult],
) -> None:
    legacy, modern = lists.values()
    assert legacy.tools == modern.tools


async def test_schemas_are_as_flat_as_the_pickiest_client_wants_them(tools: list[types.Tool]) -> None:
    for tool in tools:
        assert tool.input_schema["type"] == "object"
        assert tool.input_schema["additionalProperties"] is False
        for schema in inside(tool.input_schema):
            assert not {"title", "anyOf", "oneOf", "allOf", "$ref", "$defs", "not"} & set(schema), tool.name
            assert schema.get("default", 0) is not None
            assert isinstance(schema.get("type", "string"), str)
        assert tool.output_schema is None


async def test_every_argument_has_one_type_and_arguments_of_one_name_are_alike(
    tools: list[types.Tool],
) -> None:
    seen: dict[str, str] = {}
    for tool in tools:
        for name, schema in tool.input_schema["properties"].items():
            assert seen.setdefault(name, schema["type"]) == schema["type"]
            assert schema["type"] in ("string", "boolean", "array", "object")


async def test_every_write_offers_a_dry_run_and_no_read_does(tools: list[types.Tool]) -> None:
    offered = {tool.name for tool in tools if "dry_run" in tool.input_schema["properties"]}
    assert offered == WRITES | DANGERS


async def test_names_and_descriptions_are_short_and_whole(tools: list[types.Tool]) -> None:
    for tool in tools:
        description = tool.description or ""
        assert len(tool.name) <= 40
        assert 10 <= len(description.split()) <= 70, tool.name
        assert description.endswith(".")
        assert "\n" not in description
        assert "  " not in description
        assert tool.title


async def test_a_tool_that_a_description_names_is_there(tools: list[types.Tool]) -> None:
    names = {tool.name for tool in tools}
    for tool in tools:
        text = json.dumps(tool.model_dump(mode="json")["input_schema"]) + (tool.description or "")
        named = {
            word.strip(".,:;'\"()") for word in text.split() if word.strip("'\"(").startswith("sprinklr_")
        }
        assert named <= names, tool.name


async def test_annotations_say_who_reads_and_who_destroys(tools: list[types.Tool]) -> None:
    def those(hint: str) -> set[str]:
        return {tool.name for tool in tools if getattr(tool.annotations, hint)}

    assert those("read_only_hint") == READS
    assert those("destructive_hint") == DANGERS
    assert those("idempotent_hint") == READS | REPEATABLE
    assert those("open_world_hint") == READS | WRITES | DANGERS


async def test_the_list_costs_a_model_little(tools: list[types.Tool]) -> None:
    size = len(json.dumps([tool.model_dump(mode="json", exclude_none=True) for tool in tools]))
    assert size < 35_000
    assert size < 1_000 * len(tools)
