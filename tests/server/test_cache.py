"""Lists that change rarely are read once a day and lend their names; what a write relies on is read anew."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from typing import Any

import pytest
from installation import Installation, Person, Sprinklr
from mcp import Client

pytestmark = pytest.mark.anyio
ERA = "2026-07-28"
LISTS = "/api/v1/bootstrap/resources"


@pytest.fixture
def with_lists(install: Callable[..., Installation]) -> Installation:
    """A logged-in installation in which the lists are tools too."""
    made = install(SPRINKLR_TOOLSETS="cases,publishing,search")
    made.log_in()
    return made


@pytest.fixture
async def client(with_lists: Installation) -> AsyncGenerator[Client]:
    async with with_lists.client_here(ERA, Person(does="decline")) as client:
        yield client


async def called(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(f"sprinklr_{tool}", arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content["facts"]


async def test_a_list_is_read_once_by_all_processes_and_says_when(
    with_lists: Installation, client: Client, sprinklr: Sprinklr
) -> None:
    first = await called(client, "list_accounts")
    async with with_lists.client(ERA) as another:
        second = await called(another, "list_accounts")
    assert len(sprinklr.requests(LISTS)) == 1
    assert second.pop("read_at")
    assert "read_at" not in first
    assert second == first


async def test_a_list_is_read_anew_after_a_day(
    with_lists: Installation, client: Client, sprinklr: Sprinklr
) -> None:
    await called(client, "list_accounts")
    with closing(sqlite3.connect(with_lists.home / "store.sqlite3", isolation_level=None)) as store:
        store.execute("UPDATE cache SET kept_at = kept_at - 86400")
    assert "read_at" not in await called(client, "list_accounts")
    assert len(sprinklr.requests(LISTS)) == 2


@pytest.mark.parametrize("leave", ["login", "logout"])
async def test_another_login_finds_nothing_of_the_one_before(
    with_lists: Installation, client: Client, sprinklr: Sprinklr, leave: str
) -> None:
    await called(client, "list_accounts")
    if leave == "logout":
        assert with_lists.run("logout").returncode == 0
    with_lists.log_in()
    assert "read_at" not in await called(client, "list_accounts")
    assert len(sprinklr.requests(LISTS)) == 2


async def test_names_stand_beside_ids_once_they_are_known_and_cost_no_call(
    client: Client, sprinklr: Sprinklr
) -> None:
    before = await called(client, "get_case_by_number", case_number="96832")
    assert not {"queues", "assignee"} & set(before)
    queues = (await called(client, "list_case_values", kind="queues"))["values"]
    await called(client, "search_users")
    calls = len(sprinklr.requests("/api/"))
    after = await called(client, "get_case_by_number", case_number="96832")
    names = {one["id"]: one["name"] for one in queues}
    assert after["queues"] == [names[one] for one in after["queue_ids"]]
    assert (after["assignee_id"], after["assignee"]) == ("1000411188", "Tom Ashworth")
    assert len(sprinklr.requests("/api/")) == calls + 1


async def test_what_a_person_agrees_to_is_read_anew(client: Client, sprinklr: Sprinklr) -> None:
    await called(client, "list_accounts")
    result = await client.call_tool(
        "sprinklr_publish_message", {"case_number": "96832", "text": "Good morning"}
    )
    assert result.is_error
    assert len(sprinklr.requests(LISTS)) >= 2
    assert sprinklr.commits() == []


async def test_what_is_kept_is_sealed(with_lists: Installation, client: Client) -> None:
    accounts = (await called(client, "list_accounts"))["accounts"]
    assert accounts
    assert "read_at" in await called(client, "list_accounts"), "it is kept"
    stored = b"".join(file.read_bytes() for file in with_lists.home.glob("store.sqlite3*"))
    assert not any(one["name"].encode() in stored for one in accounts)
