"""Calls over HTTP, in both eras: the same tools and questions as on stdio, and no client in another's way."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

import pytest
from deeds import DELETE, PUBLISH, Deed, new_deed
from endpoint import LEGACY, MODERN, Caller, Endpoint, served_over_http
from installation import ERAS, Installation, Person, Since, code_of, facts_of, text_of

pytestmark = pytest.mark.anyio
ME, GET_CASE = "sprinklr_get_me", "sprinklr_get_case_by_number"


@pytest.fixture(scope="module")
def endpoint(installation_of_file: Installation) -> Generator[Endpoint]:
    with served_over_http(installation_of_file) as endpoint:
        yield endpoint


@pytest.fixture(params=[DELETE, PUBLISH], ids=["delete", "publish"])
def deed(request: pytest.FixtureRequest) -> Deed:
    return new_deed(request.param)


async def test_the_tools_are_those_of_stdio(
    endpoint: Endpoint, installation_of_file: Installation, era: str
) -> None:
    async with endpoint.client(era) as client, installation_of_file.client_here(era) as other:
        listed, others = await client.list_tools(), await other.list_tools()
        assert [tool.model_dump() for tool in listed.tools] == [tool.model_dump() for tool in others.tools]
        assert facts_of(await client.call_tool(GET_CASE, {"case_number": 96832}))["case_number"] == "96832"


async def test_what_a_person_agrees_to_is_sent_once(
    endpoint: Endpoint, since: Since, era: str, deed: Deed
) -> None:
    """SR-01: the question comes over the open stream, or as a result that is answered with the next call."""
    person = Person(types=deed.right)
    async with endpoint.client(era, person) as client:
        result = await client.call_tool(deed.tool, deed.arguments)
    assert not result.is_error, text_of(result)
    assert len(person.asked) == 1
    assert len(since.commits()) == 1


@pytest.mark.parametrize("person", [Person(does="decline"), Person(types="no")], ids=["decline", "wrong"])
async def test_anything_else_sends_nothing(
    endpoint: Endpoint, since: Since, era: str, deed: Deed, person: Person
) -> None:
    """SR-07: over HTTP too."""
    async with endpoint.client(era, person) as client:
        result = await client.call_tool(deed.tool, deed.arguments)
    assert code_of(result) == "CONFIRMATION_DECLINED"
    assert since.commits() == []


async def test_a_client_that_cannot_ask_is_told_how_else(
    endpoint: Endpoint, since: Since, era: str, deed: Deed
) -> None:
    async with endpoint.client(era) as client:
        result = await client.call_tool(deed.tool, deed.arguments)
    assert code_of(result) == "CONFIRMATION_REQUIRED"
    # Nothing that a model could hand back or call itself.
    assert endpoint.path not in text_of(result)
    assert since.commits() == []


async def test_an_answer_of_the_newer_era_may_go_to_another_process(
    endpoint: Endpoint, installation_of_file: Installation, since: Since, deed: Deed
) -> None:
    """SR-01: the record is in the store that all processes share, and it is used once."""
    async with endpoint.client(MODERN, Person()) as one, installation_of_file.client(MODERN, Person()) as two:
        state = (await deed.asked(one)).request_state
        assert not (await deed.answered(two, state)).is_error
        assert code_of(await deed.answered(one, state)) == "CONFIRMATION_USED"
    assert len(since.commits()) == 1


@pytest.mark.parametrize("one_era", ERAS)
def test_clients_with_the_same_ids_get_their_own_answers(
    endpoint: Endpoint, since: Since, one_era: str
) -> None:
    """SR-19: twenty at once, each with a case of its own, and all with the same number."""
    numbers = range(96701, 96721)
    since.fault("/case/case-numbers", "delay", times=10, seconds=0.2)

    def asks(number: int) -> list[str]:
        caller = Caller(endpoint, one_era)
        caller.greet()
        answers = [caller.call(GET_CASE, {"case_number": number}, number=7) for _ in range(3)]
        assert {answer["id"] for answer in answers} == {7}
        return [answer["result"]["structuredContent"]["facts"]["case_number"] for answer in answers]

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(asks, numbers))
    assert found == [[str(number)] * 3 for number in numbers]


def test_a_session_does_not_hear_what_another_one_is_asked(endpoint: Endpoint, since: Since) -> None:
    """SR-19: an answer with another session's number answers nothing there."""
    deed = new_deed(DELETE)
    asking, other = Caller(endpoint, LEGACY), Caller(endpoint, LEGACY)
    asking.greet()
    other.greet()
    message = asking.message("tools/call", {"name": deed.tool, "arguments": deed.arguments})
    with asking.streamed(message) as events:
        question = next(one for one in events if one.get("method") == "elicitation/create")
        answer = {"action": "accept", "content": {"typed": deed.right}}
        for caller in (other, asking):
            assert since.commits() == []
            told = caller.post({"jsonrpc": "2.0", "id": question["id"], "result": answer})
            assert told.status_code == 202
        result = next(one for one in events if one.get("id") == message["id"])
    assert not result["result"].get("isError")
    assert len(since.commits()) == 1
