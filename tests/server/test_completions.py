"""Completions: what a person may choose from while typing was read lately here, or stands in a list."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

import pytest
from installation import ERAS, Installation, Sprinklr, facts_of
from mcp import Client, MCPError
from mcp_types import Completion, PromptReference, ResourceTemplateReference
from seed import SEED

from sprinklr_mcp.machine import Machine

pytestmark = pytest.mark.anyio

ERA = [*ERAS][-1]
READ = "sprinklr_get_case_by_number"
TRIAGE, HAND_OVER, DRAFT = (
    PromptReference(name=one) for one in ("triage_case", "hand_over_case", "draft_reply")
)
CASE = ResourceTemplateReference(uri="sprinklr://case/{case_number}")
ARTICLE = ResourceTemplateReference(uri="sprinklr://article/{content_id}")
NUMBERS = [str(one["caseNumber"]) for one in SEED["cases"][:3]]
DAY = 86_400


@pytest.fixture
async def client(installation: Installation) -> AsyncGenerator[Client]:
    async with installation.client_here(ERA) as client:
        yield client


async def offered(
    client: Client, ref: PromptReference | ResourceTemplateReference, argument: str, value: str = ""
) -> Completion:
    return (await client.complete(ref, {"name": argument, "value": value})).completion


async def numbers(client: Client, value: str = "") -> list[str]:
    return (await offered(client, TRIAGE, "case_number", value)).values


async def look_at(client: Client, *cases: str) -> None:
    for number in cases:
        assert not (await client.call_tool(READ, {"case_number": number})).is_error


@pytest.mark.parametrize("era", ERAS)
async def test_a_case_that_was_read_is_offered_by_every_process(
    installation: Installation, sprinklr: Sprinklr, era: str
) -> None:
    async with installation.client(era) as client:
        assert await numbers(client) == []
        await look_at(client, NUMBERS[0])
        assert await numbers(client) == [NUMBERS[0]]
        assert (await offered(client, CASE, "case_number")).values == [NUMBERS[0]]
    calls = len(sprinklr.requests())
    async with installation.client(era) as another:
        assert await numbers(another) == [NUMBERS[0]]
    assert len(sprinklr.requests()) == calls


async def test_those_seen_last_come_first_and_a_beginning_narrows_them(client: Client) -> None:
    await look_at(client, *NUMBERS)
    assert await numbers(client) == NUMBERS[::-1]
    assert await numbers(client, NUMBERS[1]) == [NUMBERS[1]]
    assert await numbers(client, f"#{NUMBERS[1]}") == [NUMBERS[1]]
    assert await numbers(client, "no such") == []


async def test_a_list_of_cases_is_taken_in_whole_in_its_order(client: Client) -> None:
    found = facts_of(await client.call_tool("sprinklr_search_cases", {"statuses": ["New"]}))
    listed = [one["case_number"] for one in found["cases"]]
    assert len(listed) > 1
    assert await numbers(client) == listed


async def test_statuses_and_channels_of_cases_are_offered_however_they_are_spelled(client: Client) -> None:
    await look_at(client, "96832")
    assert (await offered(client, HAND_OVER, "status", "nE")).values == ["New"]
    assert (await offered(client, DRAFT, "channel_type", "sprinklr_l")).values == ["SPRINKLR_LIVE_CHAT"]


async def test_accounts_queues_and_statuses_are_offered_by_their_names_and_read_once_a_day(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    """Also where the tools that list them, which are optional, are off."""
    async with installation.client_here(ERA) as client:
        names = (await offered(client, DRAFT, "account")).values
        assert "Northwind Cycles" in names
        assert names == sorted(names, key=str.casefold)
        queues = (await offered(client, HAND_OVER, "queue")).values
        assert {"New", "Closed"} <= set((await offered(client, HAND_OVER, "status")).values)
    calls = len(sprinklr.requests())
    async with installation.client_here(ERA) as another:
        assert (await offered(another, DRAFT, "account", names[0][:3].swapcase())).values[0] == names[0]
        assert (await offered(another, HAND_OVER, "queue")).values == queues
        assert (await offered(another, HAND_OVER, "status", "clo")).values == ["Closed"]
    assert len(sprinklr.requests()) == calls


@pytest.mark.parametrize(
    "rules",
    [
        {"SPRINKLR_DENY": "list_accounts,list_case_values"},
        {"SPRINKLR_ALLOW": "get_case_conversation"},
        {"SPRINKLR_TOOLSETS": "cases,messages", "SPRINKLR_DENY": "list_case_values"},
    ],
    ids=str,
)
async def test_a_list_that_the_operator_switched_off_is_not_read(
    install: Callable[..., Installation], sprinklr: Sprinklr, rules: dict[str, str]
) -> None:
    made = install(**rules)
    made.log_in()
    calls = len(sprinklr.requests())
    async with made.client_here(ERA) as client:
        for ref, argument in ((DRAFT, "account"), (HAND_OVER, "queue"), (HAND_OVER, "status")):
            assert (await offered(client, ref, argument)).values == []
    assert len(sprinklr.requests()) == calls


async def test_a_list_that_cannot_be_read_is_not_asked_for_at_each_letter(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    """Nor does it hold up who types: the answer is empty, and in time."""
    sprinklr.fault("GET /api/v1/bootstrap/resources", "delay", times=9, seconds=60)
    async with installation.client_here(ERA) as client:
        for typed in ("", "n", "no"):
            assert (await offered(client, DRAFT, "account", typed)).values == []
    assert len(sprinklr.requests("/bootstrap/resources")) == 1


async def test_without_a_login_nothing_is_read_and_nobody_is_asked_to_log_in(
    install: Callable[..., Installation], sprinklr: Sprinklr
) -> None:
    async with install().client_here(ERA) as client:
        assert (await offered(client, DRAFT, "account")).values == []
    assert sprinklr.requests() == []


async def test_articles_that_a_search_showed_are_offered(client: Client) -> None:
    found = facts_of(await client.call_tool("sprinklr_smart_assist_search", {"text": "the"}))
    listed = [one["content_id"] for one in found["articles"]]
    assert (await offered(client, ARTICLE, "content_id")).values == listed


async def test_a_hundred_are_offered_of_the_two_hundred_that_are_kept(installation: Installation) -> None:
    async def see(machine: Machine) -> None:
        for start in (1000, 2000):
            await machine.seen.learn([{"case_number": str(start + one)} for one in range(150)])

    installation.work(see)
    async with installation.client_here(ERA) as client:
        found = await offered(client, TRIAGE, "case_number")
        assert found.values == [str(2000 + one) for one in range(100)]
        assert (found.total, found.has_more) == (200, True)
        narrow = await offered(client, TRIAGE, "case_number", "1")
        assert (len(narrow.values), narrow.total, narrow.has_more) == (50, 50, False)


async def test_what_was_deleted_is_no_longer_offered(installation: Installation) -> None:
    async def see(machine: Machine) -> None:
        await machine.seen.learn([{"case_number": one, "status": "New"} for one in NUMBERS])
        await machine.seen.learn({"case_number": NUMBERS[0], "deleted": True})

    installation.work(see)
    async with installation.client_here(ERA) as client:
        assert await numbers(client) == NUMBERS[1:]
        assert (await offered(client, HAND_OVER, "status")).values[0] == "New"


async def test_what_was_seen_is_offered_for_a_day(installation: Installation, client: Client) -> None:
    await look_at(client, NUMBERS[0])
    with installation.store() as store:
        store.execute("UPDATE cache SET kept_at = kept_at - ?", (DAY,))
    assert await numbers(client) == []


# --- whose cases they are ---


@pytest.mark.parametrize("leave", ["login", "logout"])
async def test_another_login_is_offered_nothing_of_the_one_before(
    installation: Installation, client: Client, leave: str
) -> None:
    await look_at(client, NUMBERS[0])
    if leave == "logout":
        assert installation.run("logout").returncode == 0
    else:
        installation.log_in()
    assert await numbers(client) == []
    assert (await client.list_resources()).resources == []


@pytest.mark.parametrize(
    "other",
    [{"SPRINKLR_WORKSPACE": "77"}, {"SPRINKLR_API_KEY": "another"}, {"SPRINKLR_ENVIRONMENT": "prod9"}],
)
async def test_another_account_or_workspace_on_the_same_store_is_offered_nothing(
    installation: Installation, client: Client, other: dict[str, str]
) -> None:
    await look_at(client, NUMBERS[0])
    async with installation.changed(**other).client_here(ERA) as another:
        assert await numbers(another) == []
        assert (await another.list_resources()).resources == []


async def test_what_is_kept_of_them_is_sealed(installation: Installation, client: Client) -> None:
    await look_at(client, "96832")
    stored = b"".join(file.read_bytes() for file in installation.home.glob("store.sqlite3*"))
    assert b"SPRINKLR_LIVE_CHAT" not in stored


# --- what never happens by it ---


async def test_a_store_that_another_process_writes_to_delays_no_answer(
    installation: Installation, client: Client
) -> None:
    """What was seen is rather forgotten than waited for."""
    await look_at(client, NUMBERS[0])

    async def see(machine: Machine) -> None:
        await machine.seen.values("case_number")
        with installation.store() as other:
            other.execute("BEGIN IMMEDIATE")
            await machine.seen.learn({"case_number": NUMBERS[1]})
            other.execute("ROLLBACK")

    installation.work(see)
    assert await numbers(client) == [NUMBERS[0]]


async def test_a_store_that_cannot_be_read_offers_nothing_and_says_nothing_worse(
    install: Callable[..., Installation],
) -> None:
    made = install()
    (made.home / "store.sqlite3").mkdir(parents=True)
    async with made.client_here(ERA) as client:
        assert await numbers(client) == []
        assert (await offered(client, HAND_OVER, "queue")).values == []


async def test_an_unknown_argument_has_no_values_and_an_unknown_prompt_is_an_error(client: Client) -> None:
    await look_at(client, NUMBERS[0])
    for argument in ("text", "case", "__class__", "content_id", ""):
        found = await offered(client, TRIAGE, argument)
        assert (found.values, found.total, found.has_more) == ([], 0, False)
    for ref in (PromptReference(name="nope"), ResourceTemplateReference(uri="sprinklr://case/1")):
        with pytest.raises(MCPError) as refused:
            await offered(client, ref, "case_number")
        assert refused.value.error.code == -32602
        assert refused.value.error.message.startswith("NOT_FOUND: There is no ")


async def test_a_prompt_or_resource_that_is_off_is_not_completed(
    install: Callable[..., Installation],
) -> None:
    async with install(SPRINKLR_TOOLSETS="knowledge").client_here(ERA) as client:
        for ref in (TRIAGE, CASE):
            with pytest.raises(MCPError):
                await offered(client, ref, "case_number")
