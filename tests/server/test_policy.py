"""What an operator rules: what is switched off is neither listed nor run, and settings beat every call."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from installation import Installation, Sprinklr, code_of, text_of
from mcp import MCPError

from sprinklr_mcp.calls.policy import Policy
from sprinklr_mcp.settings import Settings
from sprinklr_tools.catalogue import all_actions

pytestmark = pytest.mark.anyio

ERA = "2026-07-28"
READS = {"sprinklr_get_case_by_number", "sprinklr_get_messages", "sprinklr_list_case_messages"}
WRITES = {"sprinklr_add_comment", "sprinklr_delete_case_by_number", "sprinklr_publish_message"}
MESSAGES = {"sprinklr_get_message", "sprinklr_get_messages"}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "sprinklr_get_messages": {"message_ids": ["ACCOUNT_1_1763890000000_EMAIL_36_1"]},
    "sprinklr_add_comment": {"case_number": 96832, "text": "A note."},
    "sprinklr_publish_message": {"case_number": 96832, "text": "Hello."},
}


@pytest.mark.parametrize(
    ("rules", "listed", "hides"),
    [
        (
            {"SPRINKLR_READ_ONLY": "true", "SPRINKLR_ALLOW": ",".join(sorted(READS | WRITES))},
            READS,
            "SPRINKLR_READ_ONLY",
        ),
        ({"SPRINKLR_ALLOW": "get_messages"}, {"sprinklr_get_messages"}, "SPRINKLR_ALLOW"),
        (
            {"SPRINKLR_TOOLSETS": "publishing", "SPRINKLR_ALLOW": "sprinklr_get_messages"},
            {
                "sprinklr_get_default_campaign",
                "sprinklr_get_messages",
                "sprinklr_list_accounts",
                "sprinklr_publish_message",
            },
            "SPRINKLR_TOOLSETS",
        ),
        (
            {
                "SPRINKLR_TOOLSETS": "messages,voice",
                "SPRINKLR_ALLOW": "publish_message,add_comment",
                "SPRINKLR_DENY": "add_comment, deflect_call",
            },
            {
                "sprinklr_get_acw_to_trigger",
                "sprinklr_get_message",
                "sprinklr_get_messages",
                "sprinklr_publish_message",
            },
            None,
        ),
    ],
    ids=["read-only beats allow", "allow", "allow adds to toolsets", "deny beats all"],
)
async def test_what_is_switched_off_is_neither_listed_nor_run(
    install: Callable[..., Installation],
    sprinklr: Sprinklr,
    rules: dict[str, str],
    listed: set[str],
    hides: str | None,
) -> None:
    """SR-36: read-only, toolsets, allow and deny."""
    async with install(**rules).client_here(ERA) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == listed
        for name in READS | WRITES:
            arguments = ARGUMENTS.get(name, {"case_number": 96832})
            result = await client.call_tool(name, arguments)
            # Nobody is logged in: what is switched on goes as far as that.
            assert code_of(result) == ("LOGIN_REQUIRED" if name in listed else "TOOL_OFF"), name
            if name not in listed:
                assert f"{name} is switched off here by {hides or 'SPRINKLR_'}" in text_of(result)
                assert "operator" in text_of(result)
    assert sprinklr.requests() == []


async def test_no_other_spelling_and_no_hint_of_the_callers_opens_what_is_switched_off(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    """SR-36: a request may ask for less than the operator allows, never for more."""
    hints: Any = {"read_only": False, "readOnly": "false", "SPRINKLR_READ_ONLY": "false"}
    note = {"case_number": 96832, "text": "Called back."}
    before = len(sprinklr.requests())
    async with installation.changed(SPRINKLR_READ_ONLY="true").client_here(ERA) as client:
        for name in ("add_comment", "sprinklr_Add_Comment", "SPRINKLR_ADD_COMMENT", " sprinklr_add_comment"):
            with pytest.raises(MCPError) as met:
                await client.call_tool(name, note, meta=hints)
            assert met.value.code == -32602
        assert code_of(await client.call_tool("sprinklr_add_comment", note, meta=hints)) == "TOOL_OFF"
        wider = await client.call_tool("sprinklr_add_comment", {**note, "read_only": False})
        assert code_of(wider) in ("TOOL_OFF", "INVALID_REQUEST")
    assert len(sprinklr.requests()) == before


@pytest.mark.parametrize(
    ("rules", "hidden"),
    [
        ({}, "SPRINKLR_TOOLSETS (optional: default,cases would add it)"),
        ({"SPRINKLR_TOOLSETS": "messages"}, "SPRINKLR_TOOLSETS, which does not name its toolset, cases"),
        ({"SPRINKLR_ALLOW": "get_messages"}, "SPRINKLR_ALLOW"),
        ({"SPRINKLR_TOOLSETS": "messages,cases"}, None),
        ({"SPRINKLR_ALLOW": "close_case"}, None),
        ({"SPRINKLR_TOOLSETS": "all"}, None),
        (
            {"SPRINKLR_TOOLSETS": "default"},
            "SPRINKLR_TOOLSETS (optional: default,cases would add it)",
        ),
        ({"SPRINKLR_TOOLSETS": "default,cases"}, None),
        ({"SPRINKLR_TOOLSETS": "default", "SPRINKLR_ALLOW": "close_case"}, None),
        ({"SPRINKLR_TOOLSETS": "messages", "SPRINKLR_ALLOW": "close_case"}, None),
        ({"SPRINKLR_TOOLSETS": "cases", "SPRINKLR_READ_ONLY": "true"}, "SPRINKLR_READ_ONLY"),
        (
            {"SPRINKLR_TOOLSETS": "cases", "SPRINKLR_ALLOW": "close_case", "SPRINKLR_DENY": "close_case"},
            "SPRINKLR_DENY",
        ),
    ],
)
def test_an_optional_tool_is_off_until_its_toolset_or_itself_is_named(
    rules: dict[str, str], hidden: str | None
) -> None:
    actions = all_actions()
    policy = Policy(Settings.from_environment(rules), actions)
    assert policy.hidden_by(actions["sprinklr_close_case"]) == hidden


@pytest.mark.parametrize(
    ("flags", "rules", "listed"),
    [
        (["--allow", "get_messages,add_comment", "--read-only"], {}, {"sprinklr_get_messages"}),
        (["--toolsets", "messages"], {"SPRINKLR_TOOLSETS": "cases"}, MESSAGES),
        (["--toolsets", "messages", "--deny", "get_message"], {}, MESSAGES - {"sprinklr_get_message"}),
        (["--allow", "add_comment"], {"SPRINKLR_READ_ONLY": "true"}, set[str]()),
    ],
    ids=["read-only bounds allow", "stands in for the variable", "deny", "the variable still bounds"],
)
async def test_a_flag_of_serve_rules_like_its_variable(
    install: Callable[..., Installation], flags: list[str], rules: dict[str, str], listed: set[str]
) -> None:
    """SR-36: a flag never undoes what a variable makes read-only."""
    async with install(**rules).client(ERA, flags=flags) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == listed
        hidden = await client.call_tool("sprinklr_delete_case_by_number", {"case_number": 96832})
        assert code_of(hidden) == "TOOL_OFF"


async def test_deny_is_named_where_more_than_one_rule_hides_a_tool(
    install: Callable[..., Installation],
) -> None:
    rules = {"SPRINKLR_READ_ONLY": "1", "SPRINKLR_DENY": "add_comment", "SPRINKLR_TOOLSETS": "cases"}
    async with install(**rules).client_here(ERA) as client:
        denied = await client.call_tool("sprinklr_add_comment", {"wrong": "arguments, even"})
        assert "by SPRINKLR_DENY" in text_of(denied)
        assert "by SPRINKLR_READ_ONLY" in text_of(
            await client.call_tool("sprinklr_delete_case_by_number", {"case_number": 96832})
        )
        assert "by SPRINKLR_TOOLSETS" in text_of(await client.call_tool("sprinklr_get_messages", {}))


def test_a_rule_holds_for_a_person_at_the_terminal_too(
    install: Callable[..., Installation], sprinklr: Sprinklr
) -> None:
    """SR-36: also for `call`."""
    installation = install(SPRINKLR_READ_ONLY="1")
    note = json.dumps({"case_number": 96832, "text": "A note."})
    done = installation.run("call", "add_comment", note, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "TOOL_OFF"
    assert sprinklr.requests() == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SPRINKLR_DENY", "add_comment,delete_case"),
        ("SPRINKLR_ALLOW", "list_workspaces"),
        ("SPRINKLR_TOOLSETS", "cases,marketing"),
    ],
)
def test_a_rule_that_names_what_does_not_exist_stops_the_start(
    install: Callable[..., Installation], setting: str, value: str
) -> None:
    """SR-36: a misspelt rule is never silently off."""
    done = install(**{setting: value}).run("serve", stdin="")
    assert (done.returncode, done.stdout) == (1, "")
    assert "CONFIGURATION" in done.stderr
    assert setting in done.stderr
    assert "Traceback" not in done.stderr
    assert value.rsplit(",", 1)[-1] in done.stderr
    assert "Known are: " in done.stderr


async def test_only_named_accounts_publish_and_only_named_hosts_are_fetched_from(
    install: Callable[..., Installation], sprinklr: Sprinklr
) -> None:
    rules = {"SPRINKLR_PUBLISH_ACCOUNTS": "700000107", "SPRINKLR_ATTACHMENT_HOSTS": "CDN.example.com"}
    installation = install(**rules)
    installation.log_in()
    reply = {"case_number": 96822, "text": "Hello.", "dry_run": True}
    async with installation.client_here(ERA) as client:

        async def tried(**arguments: object) -> Any:
            return await client.call_tool("sprinklr_publish_message", {**reply, **arguments})

        allowed = await tried(attachment_url="https://cdn.example.com/a.png")
        assert not allowed.is_error, text_of(allowed)
        assert allowed.structured_content["facts"]["request"]["body"]["accountId"] == 700000107

        for address in (
            "https://cdn.example.com.evil.example/a.png",
            "https://evil.example/cdn.example.com/a.png",
            "https://evil.example/?https://cdn.example.com/a.png",
            "https://sub.cdn.example.com/a.png",
        ):
            refused = await tried(attachment_url=address)
            assert code_of(refused) == "FORBIDDEN"
            assert "SPRINKLR_ATTACHMENT_HOSTS" in text_of(refused)

        for dry_run in (True, False):
            refused = await tried(case_number=96751, dry_run=dry_run)
            assert code_of(refused) == "FORBIDDEN"
            assert "Account 700000109 may not publish: SPRINKLR_PUBLISH_ACCOUNTS" in text_of(refused)
            assert refused.structured_content["error"]["sent"] == "no"
    assert sprinklr.requests("/publishing/") == []
    assert sprinklr.commits() == []
