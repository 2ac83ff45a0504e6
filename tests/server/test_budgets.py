"""How many writes of a tool an hour may hold: whoever makes them, and whatever a person agrees to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from deeds import DELETE, PUBLISH, new_deed
from installation import Installation, Person, Sprinklr, code_of, text_of
from mcp import Client

from sprinklr_mcp.calls.policy import Policy
from sprinklr_mcp.settings import Settings
from sprinklr_tools.catalogue import all_actions

pytestmark = pytest.mark.anyio

OLDER, NEWER = "2025-11-25", "2026-07-28"
COMMENT = "sprinklr_add_comment"
Allowing = Callable[[str], Installation]


@pytest.fixture
def allowing(install: Callable[..., Installation]) -> Allowing:
    """Make an installation with these budgets that is logged in."""

    def make(budgets: str) -> Installation:
        made = install(SPRINKLR_BUDGETS=budgets)
        made.log_in()
        return made

    return make


def comment(number: int) -> dict[str, Any]:
    return {"case_number": 96832, "text": f"Called back {number} times."}


def let_an_hour_pass(installation: Installation) -> None:
    with installation.store() as store:
        assert store.execute("UPDATE operation SET started_at = started_at - 3600").rowcount


def test_a_budget_is_what_the_action_says_unless_the_operator_says_otherwise() -> None:
    own = {PUBLISH: 20, DELETE: 10, "sprinklr_delete_case_by_id": 10}
    assert hourly("") == own
    named = "publish_message=5, sprinklr_add_comment = 100"
    assert hourly(named) == {**own, PUBLISH: 5, COMMENT: 100}


def hourly(budgets: str) -> dict[str, int]:
    return Policy(Settings.from_environment({"SPRINKLR_BUDGETS": budgets}), all_actions()).hourly


async def test_what_processes_do_at_once_counts_together_and_after_a_restart(
    allowing: Allowing, sprinklr: Sprinklr
) -> None:
    installation = allowing("add_comment=3")
    codes: list[str] = []

    async def write(client: Client, number: int) -> None:
        result = await client.call_tool(COMMENT, comment(number))
        codes.append(code_of(result) if result.is_error else "")

    async with (
        installation.client(OLDER) as one,
        installation.client(NEWER) as other,
        anyio.create_task_group() as group,
    ):
        for number in range(4):
            group.start_soon(write, one, number)
            group.start_soon(write, other, 10 + number)
    assert sorted(codes) == ["", "", "", *["OVER_RATE"] * 5]
    assert len(sprinklr.commits()) == 3
    async with installation.client_here(NEWER) as client:
        refused = await client.call_tool(COMMENT, comment(20))
        assert code_of(refused) == "OVER_RATE"
        for words in ("3 an hour", "The next is possible at 20", "SPRINKLR_BUDGETS", "Nothing was sent."):
            assert words in text_of(refused)
        let_an_hour_pass(installation)
        assert not (await client.call_tool(COMMENT, comment(21))).is_error
    assert len(sprinklr.commits()) == 4


async def test_nobody_is_asked_about_what_the_hour_no_longer_holds(
    allowing: Allowing, sprinklr: Sprinklr
) -> None:
    installation = allowing("delete_case_by_number=1")
    first, second = new_deed(DELETE), new_deed(DELETE)
    person = Person(types=first.right)
    async with installation.client_here(OLDER, person) as client:
        assert not (await client.call_tool(DELETE, first.arguments)).is_error
        seen = len(sprinklr.requests())
        assert code_of(await client.call_tool(DELETE, second.arguments)) == "OVER_RATE"
        assert len(person.asked) == 1
        assert len(sprinklr.requests()) == seen, "and nothing was read for it"
        assert installation.audit()[-1]["code"] == "OVER_RATE"
        assert not (await client.call_tool(DELETE, {**second.arguments, "dry_run": True})).is_error
        # Another tool has an hour of its own.
        assert not (await client.call_tool(COMMENT, comment(1))).is_error
    assert len(sprinklr.commits()) == 2


async def test_an_hour_that_is_used_up_while_a_person_thinks_stops_the_write(
    allowing: Allowing, sprinklr: Sprinklr
) -> None:
    installation = allowing("publish_message=1")
    slow, fast = new_deed(PUBLISH), new_deed(PUBLISH)

    class Overtaken(Person):
        async def __call__(self, context: Any, params: Any) -> Any:
            async with installation.client_here(OLDER, Person(types=fast.right)) as other:
                assert not (await other.call_tool(PUBLISH, fast.arguments)).is_error
            return await super().__call__(context, params)

    async with installation.client(OLDER, Overtaken(types=slow.right)) as client:
        assert code_of(await client.call_tool(PUBLISH, slow.arguments)) == "OVER_RATE"
    assert len(sprinklr.commits()) == 1
    with installation.store() as store:
        found = store.execute("SELECT status FROM approval ORDER BY created_at").fetchall()
    assert found == [("approved",), ("done",)], "the agreement was not used up for nothing"


async def test_a_write_that_certainly_failed_costs_nothing_and_an_unknown_one_does(
    allowing: Allowing, sprinklr: Sprinklr
) -> None:
    installation = allowing("add_comment=1")
    async with installation.client_here(NEWER) as client:
        sprinklr.fault("/comment", "status", status=400)
        assert code_of(await client.call_tool(COMMENT, comment(1))) == "UPSTREAM_REFUSED"
        sprinklr.fault("/comment", "drop_after")
        assert code_of(await client.call_tool(COMMENT, comment(2))) == "OUTCOME_UNKNOWN"
        assert code_of(await client.call_tool(COMMENT, comment(3))) == "OVER_RATE"
    assert len(sprinklr.commits()) == 1


async def test_a_budget_of_none_switches_the_tool_off(install: Callable[..., Installation]) -> None:
    async with install(SPRINKLR_BUDGETS="publish_message=0").client_here(NEWER) as client:
        assert PUBLISH not in {tool.name for tool in (await client.list_tools()).tools}
        refused = await client.call_tool(PUBLISH, new_deed(PUBLISH).arguments)
    assert code_of(refused) == "TOOL_OFF"
    assert "switched off here by SPRINKLR_BUDGETS, which allows none" in text_of(refused)


@pytest.mark.parametrize("named", ["get_case_by_number", "delete_everything"])
def test_a_budget_for_what_is_no_tool_that_writes_stops_the_start(
    install: Callable[..., Installation], named: str
) -> None:
    done = install(SPRINKLR_BUDGETS=f"add_comment=5,{named}=5").run("serve", stdin="")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"SPRINKLR_BUDGETS names what is no tool that writes: sprinklr_{named}." in done.stderr
    assert "Known are: " in done.stderr


def test_status_tells_how_much_of_each_hour_is_used(allowing: Allowing) -> None:
    installation = allowing("add_comment=7")
    note = '{"case_number": 96832, "text": "Called back."}'
    assert installation.run("call", "add_comment", note).returncode == 0
    assert "sprinklr_add_comment 1 of 7" in installation.run("status").stdout
    told = installation.run("status", "--json").stdout
    assert '"sprinklr_add_comment": {\n      "used": 1,\n      "hourly": 7\n    }' in told
