"""Processes that die, clients that leave and answers that get lost: never twice, and never in silence."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
import pytest
from installation import COMMAND, ERAS, Installation, Person, Sprinklr, code_of, text_of
from mcp import Client, StdioServerParameters

pytestmark = pytest.mark.anyio

DELETE, PUBLISH = "sprinklr_delete_case_by_number", "sprinklr_publish_message"
PATHS = {DELETE: "POST /case/case-numbers/delete", PUBLISH: "POST /publishing/message"}
READS = {DELETE: "sprinklr_get_case_by_number", PUBLISH: "sprinklr_list_case_messages"}
A_WHILE = 1.0
"""Seconds that Sprinklr takes for an answer that somebody does not wait for."""
cases = itertools.count(96701)
texts = itertools.count(1)


@dataclass(frozen=True)
class Deed:
    """Something that a person must agree to; never the same one twice."""

    tool: str
    arguments: dict[str, Any]
    right: str

    @property
    def path(self) -> str:
        return PATHS[self.tool].split()[1]


def new_deed(tool: str) -> Deed:
    if tool == DELETE:
        number = next(cases)
        return Deed(DELETE, {"case_number": number}, str(number))
    arguments = {"case_number": 96827, "text": f"It has been found ({next(texts)})."}
    return Deed(PUBLISH, arguments, "Northwind Cycles")


class Knowing(Person):
    """Somebody who types whatever is right for the question."""

    async def __call__(self, context: Any, params: Any) -> types.ElicitResult:
        first = params.message.splitlines()[0]
        self.types = first.split()[2] if first.startswith("Delete case ") else "Northwind Cycles"
        return await super().__call__(context, params)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module", params=ERAS)
def era(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=[DELETE, PUBLISH], ids=["delete", "publish"])
def deed(request: pytest.FixtureRequest) -> Deed:
    return new_deed(request.param)


@pytest.fixture(scope="module")
def installation(shared_sprinklr: Sprinklr, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One login for the whole file; it renews itself when the simulator is as new."""
    wide = {"SPRINKLR_CALLS_PER_SECOND": "1000", "SPRINKLR_CALLS_PER_HOUR": "1000000"}
    made = Installation(tmp_path_factory.mktemp("crashes"), {**shared_sprinklr.settings, **wide})
    made.log_in()
    return made


@pytest.fixture(scope="module")
def person() -> Knowing:
    return Knowing()


@pytest.fixture(scope="module")
async def client(installation: Installation, era: str, person: Knowing) -> AsyncGenerator[Client]:
    async with installation.client(era, person) as connected:
        yield connected


class Doomed:
    """A server whose process is known."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        self._file = folder / "process_id"
        self.serving = StdioServerParameters(
            command="sh",
            args=["-c", f'echo $$ > "{self._file}"; exec "{COMMAND}" serve'],
            env=installation.environment,
        )

    def gets(self, number: signal.Signals) -> None:
        os.kill(int(self._file.read_text()), number)


async def test_a_server_killed_while_it_sends_does_nothing_twice(
    sprinklr: Sprinklr, installation: Installation, era: str, tmp_path: Path
) -> None:
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


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop_after"},
        {"kind": "status", "status": 504, "commit": True},
    ],
    ids=["dropped", "504"],
)
async def test_an_outcome_that_is_not_known_is_said_and_not_tried_again(
    sprinklr: Sprinklr,
    installation: Installation,
    client: Client,
    person: Knowing,
    deed: Deed,
    fault: dict[str, Any],
) -> None:
    sprinklr.fault(PATHS[deed.tool], **fault)
    first = await client.call_tool(deed.tool, deed.arguments)
    assert code_of(first) == "OUTCOME_UNKNOWN"
    assert "It may have been sent." in text_of(first)
    assert READS[deed.tool] in text_of(first)
    asked = len(person.asked)
    for _ in range(3):
        again = await client.call_tool(deed.tool, deed.arguments)
        assert again.is_error, text_of(again)
        if deed.tool == PUBLISH:
            assert_refused_until_read(again, deed)
        else:
            assert "already deleted" in text_of(again)
    assert len(person.asked) == asked
    assert len(sprinklr.commits()) == len(sprinklr.requests(deed.path)) == 1
    assert first.structured_content is not None
    operation = first.structured_content["error"]["operation"]
    assert outcomes_of(installation, operation) == ["unknown"]


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
    assert len(sprinklr.requests(deed.path)) == 1


async def test_an_answer_cut_off_after_success_is_a_success_that_cannot_be_read(
    sprinklr: Sprinklr, client: Client
) -> None:
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
    sprinklr.fault(PATHS[deed.tool], "delay", seconds=A_WHILE)
    async with anyio.create_task_group() as group:
        group.start_soon(client.call_tool, deed.tool, deed.arguments)
        await until(lambda: bool(sprinklr.commits()))
        group.cancel_scope.cancel()
    await until(lambda: newest_outcome(installation) == "done")
    assert len(sprinklr.commits()) == 1


async def test_a_client_that_leaves_while_it_writes_lets_it_finish(
    sprinklr: Sprinklr, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The client closes stdin and waits for the server to end, longer than it usually would.
    monkeypatch.setattr("mcp.client.stdio.PROCESS_TERMINATION_TIMEOUT", 20)
    deed = new_deed(PUBLISH)
    sprinklr.fault(PATHS[deed.tool], "delay", seconds=A_WHILE)
    async with installation.client("2025-11-25", Knowing()) as client, anyio.create_task_group() as group:
        group.start_soon(client.call_tool, deed.tool, deed.arguments)
        await until(lambda: bool(sprinklr.commits()))
        group.cancel_scope.cancel()
    assert newest_outcome(installation) == "done"
    assert len(sprinklr.commits()) == 1


@pytest.mark.parametrize("leaving", ["killed", "terminates the server"])
async def test_a_client_that_vanishes_while_it_writes_lets_it_finish(
    sprinklr: Sprinklr, installation: Installation, leaving: str
) -> None:
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
        if leaving == "killed":
            process.stdin.close()
            process.stdout.close()
        else:
            process.terminate()
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
    with contextlib.closing(sqlite3.connect(installation.home / "store.sqlite3")) as store:
        return [json.loads(record) for (record,) in store.execute("SELECT record FROM audit ORDER BY number")]


def forget_the_window(installation: Installation) -> None:
    """Let the time pass in which an identical write is refused."""
    with contextlib.closing(sqlite3.connect(installation.home / "store.sqlite3")) as store:
        store.execute("UPDATE operation SET started_at = started_at - 3600")
        store.commit()


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that must come, and not for ever."""
    with anyio.fail_after(20):
        while not holds():
            await anyio.sleep(0.02)
