"""Processes that die, clients that leave and answers that get lost: never twice, and never in silence."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
import pytest
from deeds import DELETE, PUBLISH, Deed, new_deed
from doomed import Doomed
from installation import COMMAND, ERAS, Installation, Person, Sprinklr, code_of, text_of
from mcp import Client
from waiting import until

pytestmark = pytest.mark.anyio

PATHS = {DELETE: "POST /case/case-numbers/delete", PUBLISH: "POST /publishing/message"}
READS = {DELETE: "sprinklr_get_case_by_number", PUBLISH: "sprinklr_get_case_conversation"}
A_WHILE = 1.0
"""Seconds that Sprinklr takes for an answer that somebody does not wait for."""


def path_of(deed: Deed) -> str:
    return PATHS[deed.tool].split()[1]


class Knowing(Person):
    """Somebody who types whatever is right for the question."""

    async def __call__(self, context: Any, params: Any) -> types.ElicitResult:
        first = params.message.splitlines()[0]
        self.types = first.split()[2] if first.startswith("Delete case ") else "Northwind Cycles"
        return await super().__call__(context, params)


@pytest.fixture(scope="module")
def installation(installation_of_file: Installation) -> Installation:
    return installation_of_file


@pytest.fixture(scope="module")
def person() -> Knowing:
    return Knowing()


@pytest.fixture(scope="module")
async def client(installation: Installation, era: str, person: Knowing) -> AsyncGenerator[Client]:
    async with installation.client(era, person) as connected:
        yield connected


async def test_a_server_killed_while_it_sends_does_nothing_twice(
    sprinklr: Sprinklr, installation: Installation, era: str, tmp_path: Path
) -> None:
    """SR-04: the client calls again after the restart."""
    deeds = [new_deed(DELETE), new_deed(PUBLISH)]
    doomed = Doomed(installation, tmp_path)
    for path in PATHS.values():
        sprinklr.fault(path, "delay", seconds=30)

    async def call(client: Client, deed: Deed) -> None:
        with contextlib.suppress(Exception):
            await client.call_tool(deed.tool, deed.arguments)

    async with (
        Client(doomed.serving, mode=ERAS[era], elicitation_callback=Knowing()) as client,
        anyio.create_task_group() as group,
    ):
        for deed in deeds:
            group.start_soon(call, client, deed)
        await until(lambda: len(sprinklr.commits()) == 2)
        doomed.gets(signal.SIGKILL)

    intents = installation.audit()[-2:]
    assert [row["kind"] for row in intents] == ["intent", "intent"]
    assert {row["tool"] for row in intents} == {DELETE, PUBLISH}
    person = Knowing()
    delete, publish = deeds
    async with installation.client(era, person) as client:
        for _ in range(2):
            gone = await client.call_tool(DELETE, delete.arguments)
            assert "already deleted" in text_of(gone)
            assert_refused_until_read(await client.call_tool(PUBLISH, publish.arguments), publish)
        assert person.asked == []
        assert len(sprinklr.commits()) == 2
        # Much later a person may decide anew; nothing goes without them.
        forget_the_window(installation)
        result = await client.call_tool(PUBLISH, publish.arguments)
        assert not result.is_error, text_of(result)
    assert len(person.asked) == 1
    assert len(sprinklr.commits()) == 3


DONE_WITHOUT_AN_ANSWER = pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop_after"},
        {"kind": "status", "status": 504, "commit": True},
        {"kind": "status", "status": 500, "commit": True},
    ],
    ids=["dropped", "504", "500"],
)


@DONE_WITHOUT_AN_ANSWER
async def test_an_outcome_that_is_not_known_is_said_and_not_tried_again(
    sprinklr: Sprinklr, installation: Installation, client: Client, person: Knowing, fault: dict[str, Any]
) -> None:
    """SR-04: one commit, called unknown, and no second one before somebody has looked."""
    deed = new_deed(PUBLISH)
    sprinklr.fault(PATHS[deed.tool], **fault)
    first = await client.call_tool(deed.tool, deed.arguments)
    assert code_of(first) == "OUTCOME_UNKNOWN"
    assert "It may have been sent." in text_of(first)
    assert READS[deed.tool] in text_of(first)
    asked = len(person.asked)
    for _ in range(3):
        assert_refused_until_read(await client.call_tool(deed.tool, deed.arguments), deed)
    assert len(person.asked) == asked
    assert len(sprinklr.commits()) == len(sprinklr.requests(path_of(deed))) == 1
    assert first.structured_content is not None
    operation = first.structured_content["error"]["operation"]
    assert outcomes_of(installation, operation) == ["unknown"]


@DONE_WITHOUT_AN_ANSWER
async def test_a_delete_without_an_answer_is_settled_by_reading_the_case(
    sprinklr: Sprinklr, installation: Installation, client: Client, fault: dict[str, Any]
) -> None:
    """SR-04: the case reads as deleted, so it is said to be; nothing is sent twice for that."""
    deed = new_deed(DELETE)
    sprinklr.fault(PATHS[DELETE], **fault)
    result = await client.call_tool(DELETE, deed.arguments)
    assert not result.is_error, text_of(result)
    assert len(sprinklr.commits()) == len(sprinklr.requests(path_of(deed))) == 1
    assert newest_outcome(installation) == "done"
    again = await client.call_tool(DELETE, deed.arguments)
    assert "already deleted" in text_of(again)


async def test_a_delete_that_was_lost_on_its_way_is_not_tried_again_by_itself(
    sprinklr: Sprinklr, client: Client, person: Knowing
) -> None:
    """Nothing happened, but that is not known here."""
    deed = new_deed(DELETE)
    sprinklr.fault(PATHS[DELETE], "drop_before")
    assert code_of(await client.call_tool(DELETE, deed.arguments)) == "OUTCOME_UNKNOWN"
    asked = len(person.asked)
    for _ in range(3):
        assert_refused_until_read(await client.call_tool(DELETE, deed.arguments), deed)
    assert len(person.asked) == asked
    assert len(sprinklr.requests(path_of(deed))) == 1


async def test_an_answer_cut_off_after_success_is_a_success_that_cannot_be_read(
    sprinklr: Sprinklr, client: Client
) -> None:
    """SR-04: one commit, and it is said to have arrived."""
    deed = new_deed(PUBLISH)
    sprinklr.fault(PATHS[PUBLISH], "truncate")
    result = await client.call_tool(PUBLISH, deed.arguments)
    assert code_of(result) == "UPSTREAM_BAD_RESPONSE"
    assert "The request reached Sprinklr." in text_of(result)
    assert "Do not repeat it" in text_of(result)
    assert len(sprinklr.commits()) == 1


async def test_the_same_call_while_the_first_is_under_way_is_refused(
    sprinklr: Sprinklr, installation: Installation, client: Client, person: Knowing
) -> None:
    deed = new_deed(PUBLISH)
    sprinklr.fault(PATHS[PUBLISH], "delay", seconds=A_WHILE)
    asked: list[int] = []
    async with anyio.create_task_group() as group:
        group.start_soon(client.call_tool, deed.tool, deed.arguments)
        await until(lambda: bool(sprinklr.commits()))
        asked.append(len(person.asked))
        assert_refused_until_read(await client.call_tool(deed.tool, deed.arguments), deed)
    assert [len(person.asked)] == asked
    assert len(sprinklr.commits()) == 1


async def test_a_call_that_is_cancelled_while_it_writes_is_finished(
    sprinklr: Sprinklr, installation: Installation, client: Client, deed: Deed
) -> None:
    """SR-28: the task that owns the write goes on, and its outcome is on record."""
    sprinklr.fault(PATHS[deed.tool], "delay", seconds=A_WHILE)
    async with anyio.create_task_group() as group:
        group.start_soon(client.call_tool, deed.tool, deed.arguments)
        await until(lambda: bool(sprinklr.commits()))
        group.cancel_scope.cancel()
    await until(lambda: newest_outcome(installation) == "done")
    assert len(sprinklr.commits()) == 1


async def test_a_client_that_is_killed_while_it_writes_lets_the_write_finish(
    sprinklr: Sprinklr, installation: Installation
) -> None:
    """SR-27: both pipes are closed at once; ends of other kinds are tested with more under way."""
    deed = new_deed(DELETE)
    sprinklr.fault(PATHS[deed.tool], "delay", seconds=A_WHILE)
    with subprocess.Popen(
        [COMMAND, "serve"], env=installation.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(on_the_wire(deed))
        process.stdin.flush()
        asked = json.loads(process.stdout.readline())["result"]
        answer = {"approval": {"action": "accept", "content": {"typed": deed.right}}}
        process.stdin.write(on_the_wire(deed, requestState=asked["requestState"], inputResponses=answer))
        process.stdin.flush()
        await until(lambda: bool(sprinklr.commits()))
        process.stdin.close()
        process.stdout.close()
        with anyio.fail_after(20):
            await anyio.to_thread.run_sync(process.wait)
    assert newest_outcome(installation) == "done"
    assert len(sprinklr.commits()) == 1


def on_the_wire(deed: Deed, **more: Any) -> bytes:
    """Return a call as a client of the newer era writes it."""
    about = "io.modelcontextprotocol/"
    meta = {
        f"{about}protocolVersion": "2026-07-28",
        f"{about}clientInfo": {"name": "test", "version": "1"},
        f"{about}clientCapabilities": {"elicitation": {"form": {}}},
    }
    params = {"name": deed.tool, "arguments": deed.arguments, "_meta": meta, **more}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode() + b"\n"


def assert_refused_until_read(result: types.CallToolResult, deed: Deed) -> None:
    """It was not sent, and what settles it is named, ready to be called."""
    assert code_of(result) == "OUTCOME_UNKNOWN"
    assert "This second call was not sent. Nothing was sent." in text_of(result)
    number = str(deed.arguments["case_number"])
    assert f'{READS[deed.tool]} {{"case_number":"{number}"}}' in text_of(result)


def outcomes_of(installation: Installation, *operations: str) -> list[str]:
    """Return how writes ended, by the store itself; nothing for one that has not."""
    rows = audit_rows(installation)
    return [row["outcome"] for row in rows if row["kind"] == "outcome" and row["operation"] in operations]


def newest_outcome(installation: Installation) -> str | None:
    return audit_rows(installation)[-1].get("outcome")


def audit_rows(installation: Installation) -> list[dict[str, Any]]:
    with installation.store() as store:
        return [json.loads(record) for (record,) in store.execute("SELECT record FROM audit ORDER BY number")]


def forget_the_window(installation: Installation) -> None:
    """Let the time pass in which an identical write is refused."""
    with installation.store() as store:
        store.execute("UPDATE operation SET started_at = started_at - 3600")
