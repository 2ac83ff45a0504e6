"""More calls than one process takes: told at once, at little cost, and in the way of nobody."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from typing import Any

import anyio
import pytest
from deeds import DELETE, new_deed
from installation import ERAS, Installation, Person, Sprinklr, code_of, text_of
from mcp import Client
from piped import Piped, piped
from waiting import until

from sprinklr_mcp.edge.admission import Admission
from sprinklr_mcp.edge.server import build_server

pytestmark = pytest.mark.anyio

GET_CASE, ME = "sprinklr_get_case_by_number", "sprinklr_get_me"
READ = {"case_number": 96832}
LEGACY, MODERN = ERAS
MANY = 5_000
MOST_MEMORY = 300
"""In MB, for the whole process."""


@pytest.fixture(scope="module")
def installation(installation_of_file: Installation) -> Installation:
    return installation_of_file


@pytest.fixture
def sprinklr(sprinklr_of_file: Sprinklr) -> Sprinklr:
    sprinklr_of_file.clear_faults()
    return sprinklr_of_file


def next_call_within(server: Piped, seconds: float) -> None:
    begun = time.monotonic()
    server.call("next", GET_CASE, READ)
    assert server.answer_to("next")["result"]["structuredContent"]["facts"]["case_number"] == "96832"
    assert time.monotonic() - begun < seconds


def test_five_thousand_calls_at_once_are_all_answered(installation: Installation, sprinklr: Sprinklr) -> None:
    """SR-34: those beyond the limit are told BUSY before the others are done; memory stays small."""
    sprinklr.fault("GET /me", "delay", times=MANY, seconds=4)
    with piped(installation, MODERN) as server:
        # The client writes all of it before it reads anything.
        server.say(*(server.message(n, "tools/call", {"name": ME, "arguments": {}}) for n in range(MANY)))
        server.request("list", "tools/list")
        server.answer_to("list")
        early = Counter(code_or_none(one) for one in server.messages if isinstance(one["id"], int))
        sprinklr.clear_faults()
        answers = [one for one in server.messages if isinstance(one["id"], int)]
        answers += itertools.islice(server.heard(), MANY - len(answers))
        assert sorted(one["id"] for one in answers) == list(range(MANY))
        codes = Counter(code_or_none(one) for one in answers)
        # On a slow machine some more are taken, as the first ones are answered while lines still come.
        assert codes["BUSY"] >= 0.9 * MANY
        assert codes[None] >= 32 + 64
        assert codes["BUSY"] + codes[None] == MANY
        # The list, asked for last, and every BUSY came before any slow call was done.
        assert early == {"BUSY": codes["BUSY"]}
        next_call_within(server, 5)
        assert server.memory() < MOST_MEMORY


def code_or_none(answer: dict[str, Any]) -> str | None:
    result = answer["result"]
    if not result.get("isError"):
        return None
    assert "Nothing was sent. Wait until some of them are answered" in result["content"][0]["text"]
    return result["structuredContent"]["error"]["code"]


def test_a_line_of_200_megabytes_is_refused_and_never_held(installation: Installation) -> None:
    """SR-34: its call is answered by its id, and the next one is served."""
    with piped(installation, LEGACY) as server:
        assert server.process.stdin is not None
        server.process.stdin.write(b'{"method":"tools/call","params":{"name":"')
        for _ in range(200):
            server.process.stdin.write(b"x" * 2**20)
        server.say(b'"},"jsonrpc":"2.0","id":77}')
        told = server.answer_to(77)["error"]["message"]
        assert told.startswith("The message is longer than 4 MiB. Nothing was done and nothing was sent.")
        next_call_within(server, 5)
        assert server.memory() < MOST_MEMORY


def test_large_calls_do_not_wait_and_fill_the_memory(installation: Installation, sprinklr: Sprinklr) -> None:
    """SR-34: with every lane taken, a small call waits and one of 4 MiB is told BUSY."""
    sprinklr.fault("GET /me", "delay", times=MANY, seconds=25)
    with piped(installation, MODERN) as server:
        for number in range(32):
            server.call(number, ME, {})
        server.call("small", GET_CASE, READ)
        for number in range(100, 124):
            server.call(number, "sprinklr_add_comment", {**READ, "text": "x" * (4 * 2**20 - 2000)})
        codes = [code_or_none(server.answer_to(number)) for number in range(100, 124)]
        assert codes == ["BUSY"] * 24
        assert "small" not in [one["id"] for one in server.messages]
        assert server.memory() < MOST_MEMORY / 2
    sprinklr.clear_faults()


async def test_a_call_beyond_the_queue_is_told_busy_whatever_the_transport(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    """SR-34: one under way, one waiting, the third is told at once; the waiting one is served."""
    sprinklr.fault("GET /me", "delay", seconds=0.5)
    results: list[Any] = []

    async with installation.machine() as machine, Client(build_server(machine, Admission(1, 1))) as client:

        async def call() -> None:
            results.append(await client.call_tool(ME, {}))

        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(call)
        results.append(await client.call_tool(ME, {}))
    busy, *others = results
    assert code_of(busy) == "BUSY"
    assert text_of(busy).startswith(
        "BUSY: This server has as many calls as it takes: 1 under way and 1 waiting."
    )
    assert [one.is_error for one in others] == [False, False, False]


class Slow(Person):
    """Somebody who answers when they are told to."""

    async def __call__(self, context: Any, params: Any) -> Any:
        answer = await super().__call__(context, params)
        await self.may_answer.wait()
        return answer

    def __init__(self) -> None:
        super().__init__(does="decline")
        self.may_answer = anyio.Event()


async def test_a_call_that_waits_for_a_person_is_in_nobodys_way(installation: Installation) -> None:
    """Its lane is free for others so long; and no more forms are opened than anybody could answer."""
    person, told = Slow(), list[Any]()
    admission = Admission(lanes=1, queue=2, forms=2)
    async with (
        installation.machine() as machine,
        Client(build_server(machine, admission), mode=ERAS[LEGACY], elicitation_callback=person) as client,
    ):

        async def ask() -> None:
            told.append(await client.call_tool(DELETE, new_deed(DELETE).arguments))

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            group.start_soon(ask)
            await until(lambda: len(person.asked) == 2)
            assert not (await client.call_tool(GET_CASE, READ)).is_error
            refused = await client.call_tool(DELETE, new_deed(DELETE).arguments)
            assert code_of(refused) == "BUSY"
            assert "Nothing was sent." in text_of(refused)
            person.may_answer.set()
        assert [code_of(one) for one in told] == ["CONFIRMATION_DECLINED"] * 2
        assert not (await client.call_tool(GET_CASE, READ)).is_error
