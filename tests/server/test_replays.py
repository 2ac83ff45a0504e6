"""An agreement is good for one write: no replay, no other process and no restart gets a second one.

From 2026-07-28 on a client holds the question's state and may send it as often as it likes.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Sequence
from typing import Any

import anyio
import mcp_types as types
import pytest
from deeds import DELETE, PUBLISH, Deed, cases, new_deed
from installation import Installation, Person, Since, Sprinklr, code_of, text_of
from mcp import Client, MCPError

pytestmark = pytest.mark.anyio

ERA = "2026-07-28"


@pytest.fixture(scope="module")
def installation(installation_of_file: Installation) -> Installation:
    return installation_of_file


@pytest.fixture
def sprinklr(since: Since) -> Sprinklr:
    return since


@pytest.fixture(scope="module")
async def client(installation: Installation) -> AsyncGenerator[Client]:
    """A client that could show forms; these tests answer by hand."""
    async with installation.client(ERA, Person(does="cancel")) as connected:
        yield connected


@pytest.fixture(scope="module")
async def other(installation: Installation) -> AsyncGenerator[Client]:
    """A client of another server process on the same store."""
    async with installation.client(ERA, Person(does="cancel")) as connected:
        yield connected


async def at_once(calls: Sequence[Awaitable[Any]]) -> list[Any]:
    """Make calls together and return what they gave, in their order."""
    results: list[Any] = [None] * len(calls)

    async def keep(number: int, call: Awaitable[Any]) -> None:
        results[number] = await call

    async with anyio.create_task_group() as group:
        for number, call in enumerate(calls):
            group.start_soon(keep, number, call)
    return results


def assert_one_done_others_used(results: list[Any]) -> None:
    refused = [result for result in results if result.is_error]
    assert len(refused) == len(results) - 1
    for result in refused:
        assert_used(result)


def assert_used(result: Any) -> None:
    assert code_of(result) == "CONFIRMATION_USED"
    assert "Nothing was sent." in text_of(result)
    assert result.structured_content["error"]["sent"] == "no"


async def test_a_replayed_answer_does_it_once(sprinklr: Sprinklr, client: Client, deed: Deed) -> None:
    """SR-01: five times in a row."""
    state = (await deed.asked(client)).request_state
    first = await deed.answered(client, state)
    assert not first.is_error, text_of(first)
    for _ in range(5):
        assert_used(await deed.answered(client, state))
    assert len(sprinklr.commits()) == 1


async def test_twenty_answers_at_once_do_it_once(
    sprinklr: Sprinklr, installation: Installation, client: Client, deed: Deed
) -> None:
    """SR-01: one is done, and nineteen refusals are on record."""
    state = (await deed.asked(client)).request_state
    results = await at_once([deed.answered(client, state) for _ in range(20)])
    assert len(sprinklr.commits()) == 1
    assert_one_done_others_used(results)
    rows = installation.audit()
    (*_, done) = [row for row in rows if row["kind"] == "intent"]
    refused = [row for row in rows if row["kind"] == "refusal" and row["arguments"] == done["arguments"]]
    assert [row["code"] for row in refused] == ["CONFIRMATION_USED"] * 19


async def test_two_processes_with_one_answer_do_it_once(
    sprinklr: Sprinklr, client: Client, other: Client, deed: Deed
) -> None:
    """SR-01: both take answers from the same store."""
    state = (await deed.asked(client)).request_state
    results = await at_once([deed.answered(one, state) for one in (client, other) * 5])
    assert len(sprinklr.commits()) == 1
    assert_one_done_others_used(results)


async def test_an_answer_replayed_in_other_processes_does_nothing(
    sprinklr: Sprinklr, installation: Installation, client: Client, other: Client
) -> None:
    """SR-01: also after a restart."""
    deeds = [new_deed(DELETE), new_deed(PUBLISH)]
    states = [(await deed.asked(client)).request_state for deed in deeds]
    for deed, state in zip(deeds, states, strict=True):
        # The question was asked by one process; another may take the answer.
        assert not (await deed.answered(other, state)).is_error
        assert_used(await deed.answered(other, state))
        assert_used(await deed.answered(client, state))
    async with installation.client(ERA, Person()) as restarted:
        for deed, state in zip(deeds, states, strict=True):
            assert_used(await deed.answered(restarted, state))
    assert len(sprinklr.commits()) == 2


async def test_two_processes_that_ask_at_once_do_it_once(
    sprinklr: Sprinklr, client: Client, other: Client, deed: Deed
) -> None:
    """Both put the question, and a person answers both."""
    both = (client, other)
    questions = await at_once([deed.asked(one) for one in both])
    states = [question.request_state for question in questions]
    results = await at_once([deed.answered(one, state) for one, state in zip(both, states, strict=True)])
    assert len(sprinklr.commits()) == 1
    assert_one_done_others_used(results)


async def test_two_processes_of_the_older_era_that_ask_at_once_do_it_once(
    sprinklr: Sprinklr, installation: Installation
) -> None:
    """SR-01: of the older era, which keeps the call open for its answer."""
    person = Together()
    async with (
        installation.client("2025-11-25", person) as one,
        installation.client("2025-11-25", person) as another,
    ):
        for deed in (new_deed(DELETE), new_deed(PUBLISH)):
            before = len(sprinklr.commits())
            person.sit_down(deed.right)
            calls = [at.call_tool(deed.tool, deed.arguments) for at in (one, another)]
            results = await at_once(calls)
            assert len(person.asked) == 2
            assert len(sprinklr.commits()) == before + 1
            assert sorted(result.is_error for result in results) == [False, True]


class Together(Person):
    """Somebody who reads both questions before answering the first."""

    both_read: anyio.Event

    def sit_down(self, types: str) -> None:
        self.types, self.asked, self.both_read = types, [], anyio.Event()

    async def __call__(self, context: Any, params: Any) -> types.ElicitResult:
        answer = await super().__call__(context, params)
        if len(self.asked) == 2:
            self.both_read.set()
        await self.both_read.wait()
        return answer


async def test_an_answer_counts_only_for_the_arguments_it_was_given_for(
    sprinklr: Sprinklr, client: Client
) -> None:
    delete, publish = new_deed(DELETE), new_deed(PUBLISH)
    states = {one.tool: (await one.asked(client)).request_state for one in (delete, publish)}
    for arguments in ({"case_number": next(cases)}, {"case_number": 96832}):
        other = Deed(DELETE, arguments, str(arguments["case_number"]))
        assert_foreign(await other.answered(client, states[DELETE]))
    text = publish.arguments["text"]
    for change in (
        {"text": text + "!"},
        {"text": text + "\u200b"},
        {"case_number": 96815},
        {"campaign_id": "7001_1"},
        {"attachment_url": "https://files.example.com/a.jpg"},
        {"schedule_at": "2030-01-01T00:00:00Z"},
        {"account_id": "700000105"},
    ):
        other = Deed(PUBLISH, {**publish.arguments, **change}, publish.right)
        assert_foreign(await other.answered(client, states[PUBLISH]))
    # The state of one tool is none of another's.
    assert_foreign(await delete.answered(client, states[PUBLISH]))
    assert_foreign(await publish.answered(client, states[DELETE]))
    assert sprinklr.commits() == []
    # And the questions still stand.
    for deed in (delete, publish):
        assert not (await deed.answered(client, states[deed.tool])).is_error
    assert len(sprinklr.commits()) == 2


def assert_foreign(result: Any) -> None:
    assert code_of(result) == "CONFIRMATION_EXPIRED"
    assert "Nothing was sent." in text_of(result)


async def test_a_state_that_is_made_up_sends_nothing(sprinklr: Sprinklr, client: Client, deed: Deed) -> None:
    assert_foreign(await deed.answered(client, "A" * 43))
    assert sprinklr.commits() == []


@pytest.mark.parametrize(
    "state", ["", "x", "A" * 42, "' OR 1=1 --", "%", "\u202e", '{"approved": true}', "A" * 20_000], ids=len
)
async def test_a_state_that_cannot_be_ours_is_an_error_of_the_protocol(
    sprinklr: Sprinklr, client: Client, deed: Deed, state: str
) -> None:
    with pytest.raises(MCPError, match="Nothing was done and nothing was sent") as refused:
        await deed.answered(client, state)
    assert refused.value.code == types.INVALID_PARAMS
    assert sprinklr.commits() == []


async def test_an_answer_without_its_state_is_a_new_question(
    sprinklr: Sprinklr, client: Client, deed: Deed
) -> None:
    first = await deed.asked(client)
    result = await deed.answered(client, None)
    assert isinstance(result, types.InputRequiredResult)
    assert question_of(result) == question_of(first)
    assert sprinklr.commits() == []


async def test_a_question_called_for_twice_stays_one_question(
    sprinklr: Sprinklr, client: Client, deed: Deed
) -> None:
    first, second = await deed.asked(client), await deed.asked(client)
    assert not (await deed.answered(client, first.request_state)).is_error
    assert_used(await deed.answered(client, second.request_state))
    assert len(sprinklr.commits()) == 1


async def test_a_used_answer_cannot_be_changed_into_another(
    sprinklr: Sprinklr, client: Client, deed: Deed
) -> None:
    state = (await deed.asked(client)).request_state
    assert not (await deed.answered(client, state)).is_error
    assert_used(await deed.answered(client, state, "something else"))
    assert_used(await deed.answered(client, state))
    assert len(sprinklr.commits()) == 1


async def test_a_wrong_answer_cannot_be_changed_into_the_right_one(
    sprinklr: Sprinklr, client: Client, deed: Deed
) -> None:
    state = (await deed.asked(client)).request_state
    for typed in ("something else", deed.right, deed.right):
        result = await deed.answered(client, state, typed)
        assert code_of(result) == "CONFIRMATION_DECLINED"
    assert sprinklr.commits() == []


async def test_a_second_one_is_asked_for_anew(sprinklr: Sprinklr, client: Client) -> None:
    deed = new_deed(PUBLISH)
    for expected in (1, 2):
        state = (await deed.asked(client)).request_state
        assert not (await deed.answered(client, state)).is_error
        assert len(sprinklr.commits()) == expected


def question_of(result: types.InputRequiredResult) -> str:
    assert result.input_requests is not None
    (request,) = result.input_requests.values()
    assert isinstance(request, types.ElicitRequest)
    return request.params.message
