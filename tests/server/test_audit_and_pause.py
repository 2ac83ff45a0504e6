"""What was done, refused and agreed to is written down and stays as it was; and a person can stop it all."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import anyio
import mcp_types as types
import pytest
from deeds import DELETE, PUBLISH
from installation import Installation, Person, Sprinklr, code_of, text_of
from mcp import Client
from seats import Seat

pytestmark = pytest.mark.anyio

COMMENT, READ = "sprinklr_add_comment", "sprinklr_get_case_by_number"


@pytest.fixture
def installation(installation_of_file: Installation, sprinklr: Sprinklr) -> Installation:
    """An installation that has done nothing yet."""
    with installation_of_file.store() as store:
        for table in ("audit", "approval", "operation", "flag"):
            store.execute(f"DELETE FROM {table}")
        store.execute("UPDATE sqlite_sequence SET seq = 0 WHERE name = 'audit'")
    return installation_of_file


@pytest.fixture(scope="module")
async def client(installation_of_file: Installation, seat: Seat) -> AsyncGenerator[Client]:
    """A client of the older era, in which a call stays open while a person thinks."""
    async with installation_of_file.client("2025-11-25", seat) as connected:
        yield connected


async def do_everything(client: Client, seat: Seat) -> None:
    """Delete a case, publish a message and add a comment."""
    for tool, arguments, typed in (
        (DELETE, {"case_number": 96832}, "96832"),
        (PUBLISH, {"case_number": 96827, "text": "A secret for Maya."}, "Northwind Cycles"),
        (COMMENT, {"case_number": 96827, "text": "A secret among us."}, ""),
    ):
        seat.sitting = Person(types=typed)
        result = await client.call_tool(tool, arguments)
        assert not result.is_error, text_of(result)


async def test_everything_done_was_written_down_before(
    installation: Installation, sprinklr: Sprinklr, client: Client, seat: Seat
) -> None:
    await do_everything(client, seat)
    rows = installation.audit()
    assert [row["kind"] for row in rows] == ["intent", "outcome"] * 3
    assert [row["number"] for row in rows] == [1, 2, 3, 4, 5, 6]
    intents, outcomes = rows[::2], rows[1::2]
    assert [f"sprinklr_{commit['tool']}" for commit in sprinklr.commits()] == [row["tool"] for row in intents]
    assert [row["operation"] for row in intents] == [row["operation"] for row in outcomes]
    assert [row["outcome"] for row in outcomes] == ["done"] * 3
    assert [row.get("approved") for row in intents] == ["form", "form", None]
    assert intents[0]["arguments"] == {"case_number": "96832"}


async def test_texts_are_kept_as_length_and_hash_only(
    installation: Installation, sprinklr: Sprinklr, client: Client, seat: Seat
) -> None:
    await do_everything(client, seat)
    seat.sitting = Person(does="decline")
    await client.call_tool(PUBLISH, {"case_number": 96827, "text": "A secret that stays."})
    noted = [row["arguments"]["text"] for row in installation.audit() if "text" in row.get("arguments", {})]
    texts = ("A secret for Maya.", "A secret among us.", "A secret that stays.")
    assert noted == [
        {"length": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()} for text in texts
    ]
    # Neither in the log nor anywhere else in the store, which is left open here on purpose.
    for file in installation.home.iterdir():
        assert b"A secret" not in file.read_bytes(), file.name


async def test_what_is_refused_is_written_down(
    installation: Installation, sprinklr: Sprinklr, client: Client, seat: Seat
) -> None:
    seat.sitting = Person(does="decline")
    await client.call_tool(DELETE, {"case_number": 96701})
    seat.sitting = Person(types="wrong")
    await client.call_tool(DELETE, {"case_number": 96702})
    await client.call_tool(DELETE, {"case_number": 96703, "confirm": True})
    await client.call_tool(DELETE, {"case_number": 11})
    await client.call_tool(READ, {"case_number": 11})
    rows = installation.audit()
    assert {row["kind"] for row in rows} == {"refusal"}
    assert [row["code"] for row in rows] == [
        "CONFIRMATION_DECLINED",
        "CONFIRMATION_DECLINED",
        "INVALID_REQUEST",
        "NOT_FOUND",
    ]
    assert sprinklr.commits() == []


@pytest.mark.parametrize(
    ("edit", "first_wrong"),
    [
        ("UPDATE audit SET record = replace(record, '96827', '96828') WHERE number = 1", 1),
        ("UPDATE audit SET record = replace(record, 'done', 'fail') WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 4", 4),
        ("DELETE FROM audit", 1),
        ("INSERT INTO audit (time, record, hash) VALUES (1, '{}', 'x')", 5),
    ],
    ids=["changed first", "changed last", "removed middle", "removed last", "removed all", "added"],
)
def test_a_log_that_somebody_edited_is_noticed(edited: Installation, edit: str, first_wrong: int) -> None:
    with edited.store() as store:
        store.executescript(edit)
    told = edited.run("audit", "--verify")
    assert told.returncode == 1
    assert f"Record {first_wrong} " in told.stderr


@pytest.fixture(scope="module")
def finished(installation_of_file: Installation, shared_sprinklr: Sprinklr, tmp_path_factory: Any) -> Path:
    """A store in which two things were done, and that says so itself."""
    shared_sprinklr.reset()
    home = tmp_path_factory.mktemp("finished") / "home"
    fresh = Installation(home, installation_of_file.variables)
    fresh.log_in()
    for number in (96827, 96832):
        done = fresh.run("call", "add_comment", f'{{"case_number": {number}, "text": "done"}}')
        assert done.returncode == 0, done.stderr
    told = fresh.run("audit", "--verify")
    assert (told.returncode, told.stdout) == (0, "All 4 records fit together.\n")
    return home


@pytest.fixture
def edited(finished: Path, installation_of_file: Installation, tmp_path: Path) -> Installation:
    shutil.copytree(finished, tmp_path / "home")
    return Installation(tmp_path / "home", installation_of_file.variables)


async def test_pausing_stops_the_writes_of_a_running_server(
    installation: Installation, sprinklr: Sprinklr, client: Client, seat: Seat
) -> None:
    seat.sitting = eager = Person(types="96832")
    assert installation.run("pause").returncode == 0
    for tool, arguments in (
        (DELETE, {"case_number": 96832}),
        (PUBLISH, {"case_number": 96827, "text": "Hello"}),
        (COMMENT, {"case_number": 96827, "text": "Hello"}),
    ):
        result = await client.call_tool(tool, arguments)
        assert code_of(result) == "PAUSED"
        assert "Nothing was sent." in text_of(result)
        tried = await client.call_tool(tool, {**arguments, "dry_run": True})
        assert not tried.is_error
    assert eager.asked == sprinklr.commits() == []
    assert not (await client.call_tool(READ, {"case_number": 96832})).is_error
    assert installation.run("resume").returncode == 0
    assert not (await client.call_tool(DELETE, {"case_number": 96832})).is_error
    assert len(sprinklr.commits()) == 1
    kinds = [row["kind"] for row in installation.audit()]
    assert kinds == ["paused", *["refusal"] * 3, "resumed", "intent", "outcome"]


async def test_pausing_in_the_middle_of_many_writes_stops_the_rest(
    installation: Installation, sprinklr: Sprinklr, client: Client
) -> None:
    codes: list[str] = []
    done: list[int] = []

    async def write_on() -> None:
        for number in range(10_000):
            result = await client.call_tool(COMMENT, {"case_number": 96827, "text": f"Comment {number}"})
            if result.is_error:
                codes.append(code_of(result))
                return

    async with anyio.create_task_group() as group:
        group.start_soon(write_on)
        while not sprinklr.commits():
            await anyio.sleep(0.01)
        await anyio.to_thread.run_sync(installation.run, "pause")
        done.append(len(sprinklr.commits()))
    assert codes == ["PAUSED"]
    assert [len(sprinklr.commits())] == done
    intents = [row for row in installation.audit() if row["kind"] == "intent"]
    assert [len(intents)] == done


async def test_pausing_while_a_person_thinks_counts(
    installation: Installation, sprinklr: Sprinklr, client: Client, seat: Seat
) -> None:
    class Careful(Person):
        async def __call__(self, context: Any, params: Any) -> types.ElicitResult:
            await anyio.to_thread.run_sync(installation.run, "pause")
            return await super().__call__(context, params)

    seat.sitting = Careful(types="96832")
    result = await client.call_tool(DELETE, {"case_number": 96832})
    assert code_of(result) == "PAUSED"
    assert sprinklr.commits() == []
    installation.run("resume")
    seat.sitting = Person(types="96832")
    assert not (await client.call_tool(DELETE, {"case_number": 96832})).is_error
    assert len(sprinklr.commits()) == 1
