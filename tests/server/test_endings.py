"""However a server ends, with whatever under way: soon, in good order, with records that say what is so."""

from __future__ import annotations

import json
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from browser import log_in_as_a_person
from deeds import DELETE, PUBLISH, Deed, new_deed
from installation import ERAS, WIDE, Installation, Sprinklr, code_of, running_sprinklr, text_of
from piped import Piped, piped
from sample_files import png
from waiting import until

pytestmark = pytest.mark.anyio

LEGACY, MODERN = ERAS
UPLOAD, COMMENT, ME = "sprinklr_upload_media", "sprinklr_add_comment", "sprinklr_get_me"
GET_CASE = "sprinklr_get_case_by_number"
IN_TIME = 10.0
"""Seconds in which a server must be gone."""
Ending = Callable[[Piped], None]


@pytest.fixture(scope="module")
def sprinklr() -> Generator[Sprinklr]:
    """One whose clock this file may move."""
    with running_sprinklr() as sprinklr:
        yield sprinklr


@pytest.fixture(scope="module")
def installation(sprinklr: Sprinklr, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("up")
    (folder / "label.png").write_bytes(png(b"label"))
    variables = {**sprinklr.settings, **WIDE, "SPRINKLR_UPLOAD_FOLDERS": str(folder)}
    made = Installation(tmp_path_factory.mktemp("endings") / "home", variables)
    log_in_as_a_person(made)
    return made


@pytest.fixture(autouse=True)
def no_faults(sprinklr: Sprinklr) -> None:
    sprinklr.clear_faults()


def eof(server: Piped) -> None:
    assert server.process.stdin is not None
    server.process.stdin.close()


def told(number: signal.Signals) -> Ending:
    return lambda server: server.process.send_signal(number)


def eof_and_signal(server: Piped) -> None:
    """As clients do that close stdin and lose patience: that is one wish, not two."""
    eof(server)
    server.process.send_signal(signal.SIGINT)


def agreed(server: Piped, number: str, tool: str, arguments: dict[str, Any], typed: str) -> dict[str, Any]:
    """Ask, and return what the call with the person's answer adds."""
    server.call(number, tool, arguments)
    result = server.answer_to(number)["result"]
    answer = {"approval": {"action": "accept", "content": {"typed": typed}}}
    return {"requestState": result["requestState"], "inputResponses": answer}


class Busy:
    """A server with a publish, an upload, a read and a renewal of the login in flight."""

    def __init__(self, sprinklr: Sprinklr, installation: Installation, server: Piped) -> None:
        self.sprinklr, self.installation, self.server = sprinklr, installation, server
        self.deed = new_deed(PUBLISH)
        self.before = len(sprinklr.commits())
        self.records = len(records_of(installation))

    async def begin(self, writes: float) -> None:
        """Let everything begin; the writes take that many seconds, and the renewal a little longer."""
        upload = {"path": "label.png"}
        server, sprinklr, deed = self.server, self.sprinklr, self.deed
        publish = agreed(server, "ask 1", deed.tool, deed.arguments, deed.right)
        send = agreed(server, "ask 2", UPLOAD, upload, "label.png")
        sprinklr.fault("POST /publishing/message", "delay", seconds=writes)
        sprinklr.fault("/media/", "delay", seconds=writes)
        sprinklr.fault("GET /me", "delay", seconds=30)
        sprinklr.fault("POST /oauth/token", "delay", seconds=2)
        server.call("publish", deed.tool, deed.arguments, **publish)
        server.call("upload", UPLOAD, upload, **send)
        server.call("read", ME, {})
        await until(lambda: len(self.commits()) == 2 and self.requests("/me"))
        renewals = len(self.requests("/oauth/token"))
        sprinklr.control.post("/_simulator/clock", json={"advance": 28_800}).raise_for_status()
        server.call("renewing", GET_CASE, {"case_number": 96832})
        await until(lambda: len(self.requests("/oauth/token")) > renewals)

    def commits(self) -> list[dict[str, Any]]:
        return self.sprinklr.commits()[self.before :]

    def requests(self, path: str) -> list[dict[str, Any]]:
        return self.sprinklr.requests(path)

    def outcomes(self) -> list[str]:
        new = records_of(self.installation)[self.records :]
        return [one["outcome"] for one in new if one["kind"] == "outcome"]


def records_of(installation: Installation) -> list[dict[str, Any]]:
    with installation.store() as store:
        return [json.loads(record) for (record,) in store.execute("SELECT record FROM audit ORDER BY number")]


@pytest.mark.parametrize(
    "ending",
    [eof, told(signal.SIGTERM), eof_and_signal],
    ids=["end of input", "SIGTERM", "end of input and SIGINT"],
)
async def test_what_writes_comes_to_its_end_and_what_reads_does_not_keep_it(
    sprinklr: Sprinklr, installation: Installation, ending: Ending
) -> None:
    """SR-27: publish, upload and renewal finish, each once and on record; status 0, stdin open or not."""
    with piped(installation, MODERN) as server:
        busy = Busy(sprinklr, installation, server)
        await busy.begin(writes=1)
        ending(server)
        assert await anyio.to_thread.run_sync(server.ended, IN_TIME) == 0
    assert sorted(one["tool"] for one in busy.commits()) == ["publish_message", "upload_media"]
    assert busy.outcomes() == ["done", "done"]
    tokens = len(sprinklr.requests("/oauth/token"))
    async with installation.client_here(MODERN) as client:
        again = await client.call_tool(GET_CASE, {"case_number": 96832})
    assert not again.is_error, text_of(again)
    assert len(sprinklr.requests("/oauth/token")) == tokens


TWICE = {
    "SIGTERM": [told(signal.SIGTERM)],
    "SIGINT": [told(signal.SIGINT)],
    "end of input, then SIGTERM": [eof, told(signal.SIGTERM)],
}
"""How a server is told to end; the last way is repeated until it is gone, as the system makes one of two."""


async def test_a_second_signal_ends_it_where_it_stands(
    sprinklr: Sprinklr, installation: Installation
) -> None:
    """SR-27: at once; what was sent is not called done, and the same call sends nothing."""
    deeds = {name: new_deed(PUBLISH) for name in TWICE}
    before, records = len(sprinklr.commits()), len(records_of(installation))
    sprinklr.fault("POST /publishing/message", "delay", times=len(TWICE), seconds=20)

    async def one(name: str) -> None:
        deed, ways = deeds[name], TWICE[name]
        with piped(installation, MODERN) as server:
            await anyio.to_thread.run_sync(publish_begun, server, deed)
            await until(lambda: len(sprinklr.commits()) - before == len(TWICE))
            for way in ways:
                way(server)
            await until(lambda: server.process.poll() is not None or ways[-1](server))
            status = await anyio.to_thread.run_sync(server.ended, IN_TIME)
        assert status in (128 + signal.SIGTERM, 128 + signal.SIGINT), f"{name}: it waited for what it wrote"

    async with anyio.create_task_group() as group:
        for name in TWICE:
            group.start_soon(one, name)
    sprinklr.clear_faults()
    assert [one for one in records_of(installation)[records:] if one["kind"] == "outcome"] == []
    async with installation.client_here(MODERN) as client:
        for deed in deeds.values():
            again = await client.call_tool(deed.tool, deed.arguments)
            assert code_of(again) == "OUTCOME_UNKNOWN"
    assert len(sprinklr.commits()) - before == len(TWICE)


def publish_begun(server: Piped, deed: Deed) -> None:
    """Ask, and let it be sent."""
    server.call(
        "publish", deed.tool, deed.arguments, **agreed(server, "ask", deed.tool, deed.arguments, deed.right)
    )


async def test_a_write_that_takes_too_long_does_not_keep_the_process(
    sprinklr: Sprinklr, installation: Installation
) -> None:
    """SR-27: gone within ten seconds with stdin open; nobody says that it was done, or that it was not."""
    with piped(installation, MODERN) as server:
        busy = Busy(sprinklr, installation, server)
        deed = busy.deed
        sprinklr.fault("POST /publishing/message", "delay", seconds=30)
        publish_begun(server, deed)
        await until(lambda: len(busy.commits()) == 1)
        server.process.terminate()
        assert await anyio.to_thread.run_sync(server.ended, IN_TIME) == 0
    assert "done" not in busy.outcomes()
    assert "failed" not in busy.outcomes()
    async with installation.client_here(MODERN) as client:
        assert code_of(await client.call_tool(deed.tool, deed.arguments)) == "OUTCOME_UNKNOWN"


async def test_an_end_at_any_moment_keeps_the_records_true(
    sprinklr: Sprinklr, installation: Installation
) -> None:
    """SR-27: ends at random times among comments and reads; each commit is on record, none is doubled."""
    chance = random.Random(27)
    endings = [eof, told(signal.SIGTERM), told(signal.SIGINT)]
    before, records = len(sprinklr.commits()), len(records_of(installation))
    sprinklr.fault("/api/", "delay", times=200, seconds=0.1)

    async def one(number: int, ending: Ending) -> None:
        with piped(installation, MODERN) as server:
            server.request("ready", "tools/list")
            await anyio.to_thread.run_sync(server.answer_to, "ready")
            for n in range(4):
                server.call(n, COMMENT, {"case_number": 96832, "text": f"Note {number}.{n}."})
                server.call(f"read {n}", ME, {})
            await anyio.sleep(chance.uniform(0, 1))
            ending(server)
            assert await anyio.to_thread.run_sync(server.ended, IN_TIME) == 0

    async with anyio.create_task_group() as group:
        for number, ending in enumerate(endings):
            group.start_soon(one, number, ending)
    texts = Counter(json.dumps(one["body"]) for one in sprinklr.commits()[before:])
    assert max(texts.values(), default=1) == 1
    assert_each_write_has_its_outcome(installation, records, done=texts.total())


def assert_each_write_has_its_outcome(installation: Installation, records: int, done: int) -> None:
    """Of the writes begun since then; what an earlier test left behind may come to its end meanwhile."""
    new = records_of(installation)[records:]
    begun = [one["operation"] for one in new if one["kind"] == "intent"]
    ended = [one for one in new if one["kind"] == "outcome" and one["operation"] in begun]
    assert sorted(one["operation"] for one in ended) == sorted(begun)
    assert sum(one["outcome"] == "done" for one in ended) == done


# --- clients that go, in their own ways ---


@pytest.mark.parametrize("ending", [eof, told(signal.SIGTERM)], ids=["end of input", "SIGTERM"])
async def test_a_client_that_goes_while_a_form_is_open_leaves_nothing_behind(
    sprinklr: Sprinklr, installation: Installation, ending: Ending
) -> None:
    """SR-27: nobody waits for an answer that cannot come; nothing is sent, and the question is still open."""
    deed, before = new_deed(DELETE), len(sprinklr.commits())
    with piped(installation, LEGACY) as server:
        server.call(1, deed.tool, deed.arguments)
        assert server.question()["method"] == "elicitation/create"
        ending(server)
        assert await anyio.to_thread.run_sync(server.ended, 5.0) == 0
    assert len(sprinklr.commits()) == before


async def test_a_client_that_stopped_reading_does_not_keep_the_process(installation: Installation) -> None:
    """SR-27: answers that nobody takes are left behind; a client that reads again finds whole lines."""
    with piped(installation, MODERN) as server:
        server.say(*(server.message(n, "tools/list", {}) for n in range(300)))
        await anyio.sleep(0.5)
        server.process.terminate()
        assert await anyio.to_thread.run_sync(server.ended, IN_TIME) == 0


# --- calls that are cancelled ---


class SilentSprinklr:
    """Takes requests, never answers, and notes when the other side gives up."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.asked: list[float] = []
        self.left: list[float] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._hold, args=(connection,), daemon=True).start()

    def _hold(self, connection: socket.socket) -> None:
        with connection:
            if connection.recv(65_536):
                self.asked.append(time.monotonic())
                connection.recv(65_536)
                self.left.append(time.monotonic())

    def close(self) -> None:
        self._listener.close()


@contextmanager
def silent() -> Generator[SilentSprinklr]:
    made = SilentSprinklr()
    try:
        yield made
    finally:
        made.close()


@pytest.mark.parametrize("era", ERAS)
async def test_a_read_that_is_cancelled_lets_go_of_sprinklr(installation: Installation, era: str) -> None:
    """SR-28: at random times; the connection is closed within a second, and no answer comes."""
    chance = random.Random(28)
    with silent() as sprinklr, piped(installation.changed(SPRINKLR_BASE_URL=sprinklr.address), era) as server:
        for number in range(8):
            server.call(number, GET_CASE, {"case_number": 96832})
        await until(lambda: len(sprinklr.asked) == 8)
        for number in range(8):
            await anyio.sleep(chance.uniform(0, 0.1))
            server.cancel(number)
        cancelled = time.monotonic()
        await until(lambda: len(sprinklr.left) == 8)
        assert max(sprinklr.left) < cancelled + 1
        server.request("list", "tools/list")
        server.answer_to("list")
        assert {one["id"] for one in server.messages} <= {"hello", "list"}


@pytest.mark.parametrize("era", ERAS)
async def test_a_write_that_is_cancelled_happens_once_or_not_at_all_and_is_on_record(
    sprinklr: Sprinklr, installation: Installation, era: str
) -> None:
    """SR-28: at random times; what Sprinklr did is on record as done, and nothing else is."""
    chance = random.Random(28)
    before, records = len(sprinklr.commits()), len(records_of(installation))
    came_before = len(sprinklr.requests("/comment/"))
    # Longer than a busy machine takes to cancel, so that no answer is there before.
    sprinklr.fault("POST /comment/CASE/96832", "delay", times=16, seconds=3)
    with piped(installation, era) as server:
        server.request("ready", "tools/list")
        server.answer_to("ready")
        for number in range(16):
            server.call(number, COMMENT, {"case_number": 96832, "text": f"Note {era} {number}."})
            await anyio.sleep(chance.uniform(0, 0.05))
            server.cancel(number)
        eof(server)
        assert await anyio.to_thread.run_sync(server.ended, IN_TIME) == 0
        list(server.heard())
        assert [one for one in server.messages if isinstance(one["id"], int)] == []
    came = sprinklr.requests("/comment/")[came_before:]
    assert {one["fault"] for one in came} == {"delay"}
    assert_each_write_has_its_outcome(installation, records, done=len(sprinklr.commits()) - before)


def test_a_server_that_is_told_to_stop_before_it_serves_ends_quietly(
    installation: Installation, tmp_path: Path
) -> None:
    """SR-27: also at start."""
    with piped(installation, MODERN) as server:
        time.sleep(0.35)
        server.process.terminate()
        assert server.ended(within=5) in (0, -signal.SIGTERM)
