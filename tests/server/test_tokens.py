"""The one token pair of an API key: renewed in time and once, and never spent for nothing."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from anyio.from_thread import start_blocking_portal
from browser import log_in_as_a_person
from installation import COMMAND, ERAS, Installation, Sprinklr, code_of, running_sprinklr, text_of
from mcp import Client
from waiting import until

from sprinklr_mcp.redacting import Redactor
from sprinklr_mcp.store.database import Database
from sprinklr_mcp.store.keys import KeyFile
from sprinklr_mcp.store.sealing import Sealer
from sprinklr_mcp.store.tokens import Pair, TokenStore

pytestmark = pytest.mark.anyio

ERA = next(iter(ERAS))
READ = ("sprinklr_get_case_by_number", {"case_number": 96832})
NOTE = ("sprinklr_add_comment", {"case_number": 96832, "text": "Called back."})
CALL = ("call", "get_case_by_number", '{"case_number": 96832}')
TOKEN = "POST /oauth/token"
RENEWED = "refresh_token"


@pytest.fixture
def person(install: Callable[..., Installation]) -> Installation:
    """An installation that a person logged in to: its login can be renewed by refresh token alone."""
    made = install()
    log_in_as_a_person(made)
    return made


def token_calls(sprinklr: Sprinklr) -> list[str]:
    return [one["grant_type"] for one in sprinklr.requests("/oauth/token")]


def let_the_token_expire(sprinklr: Sprinklr) -> None:
    """At Sprinklr alone: the installation believes that there is time left."""
    sprinklr.control.post("/_simulator/clock", json={"advance": 28_800}).raise_for_status()


def change(installation: Installation, statement: str) -> None:
    """Change the store as time would have."""
    with installation.store() as store:
        assert store.execute(statement).rowcount == 1


@dataclass
class Served:
    """A server process of an installation that a person logged in to, and what its Sprinklr saw of late."""

    installation: Installation
    sprinklr: Sprinklr
    call: Callable[[str, dict[str, Any]], Any]
    seen: int = 0

    def since(self, path: str = "") -> list[dict[str, Any]]:
        return [one for one in self.sprinklr.requests(path) if one["number"] > self.seen]

    def token_calls(self) -> list[str]:
        return [one["grant_type"] for one in self.since("/oauth/token")]


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    with running_sprinklr() as sprinklr, start_blocking_portal() as portal:
        wide = {"SPRINKLR_CALLS_PER_SECOND": "1000"}
        made = Installation(tmp_path_factory.mktemp("shared") / "home", {**sprinklr.settings, **wide})
        log_in_as_a_person(made)
        with portal.wrap_async_context_manager(made.client(ERA)) as client:
            yield Served(made, sprinklr, lambda name, given: portal.call(client.call_tool, name, given))


@pytest.fixture
def served(shared_server: Served) -> Served:
    """The one server of these tests, its login good; only what comes from now on is looked at."""
    assert not shared_server.call(*READ).is_error
    shared_server.seen = shared_server.sprinklr.requests()[-1]["number"]
    return shared_server


def test_a_token_is_renewed_before_it_ends(served: Served) -> None:
    nearly = f"obtained_at = {time.time() - 28_000}, expires_at = {time.time() + 30}"
    change(served.installation, f"UPDATE token SET {nearly}")
    assert not served.call(*READ).is_error
    assert not served.call(*READ).is_error
    assert served.token_calls() == [RENEWED]
    assert {one["status"] for one in served.since()} == {200}


def test_an_expired_token_is_renewed_once_and_the_write_happens_once(served: Served) -> None:
    """SR-17: replayed once."""
    before = len(served.sprinklr.commits())
    let_the_token_expire(served.sprinklr)
    assert not served.call(*NOTE).is_error
    assert served.token_calls() == [RENEWED]
    assert len(served.sprinklr.commits()) == before + 1


KEY_FAULTS = [(401, "Invalid consumer key"), (421, "Misdirected Request"), (403, "Developer Inactive")]


@pytest.mark.parametrize("tool", [READ, NOTE], ids=["read", "write"])
@pytest.mark.parametrize(("status", "words"), KEY_FAULTS)
def test_what_is_wrong_with_the_key_never_spends_the_login(
    served: Served, status: int, words: str, tool: tuple[str, dict[str, Any]]
) -> None:
    """SR-17: nor is anything repeated."""
    served.sprinklr.fault("/api/", "answer", status=status, body=words)
    result = served.call(*tool)
    assert code_of(result) == "CONFIGURATION"
    assert "logging in again does not help" in text_of(result)
    assert served.token_calls() == []
    assert len(served.since()) == 1, "and nothing was repeated"


def test_a_right_that_the_login_lacks_costs_one_renewal_and_no_more(served: Served) -> None:
    """SR-17: refused again with a fresh token, it is told."""
    served.sprinklr.fault("/api/", "status", times=2, status=401)
    assert code_of(served.call(*READ)) == "FORBIDDEN"
    assert served.token_calls() == [RENEWED]


REFUSALS = [
    (403, "<h1>Developer Over Rate</h1>", "OVER_RATE"),
    (429, "", "OVER_RATE"),
    (500, "", "UPSTREAM_DOWN"),
    (503, "<html>Maintenance</html>", "UPSTREAM_DOWN"),
    (302, "", "UPSTREAM_BAD_RESPONSE"),
    (401, "Invalid consumer key", "CONFIGURATION"),
    (401, '{"error": "invalid_client"}', "CONFIGURATION"),
    (400, '{"error": "invalid_client"}', "CONFIGURATION"),
]


@pytest.mark.parametrize(("status", "words", "code"), REFUSALS)
def test_a_token_endpoint_that_refuses_for_another_reason_leaves_the_login_as_it_is(
    served: Served, status: int, words: str, code: str
) -> None:
    let_the_token_expire(served.sprinklr)
    served.sprinklr.fault(TOKEN, "answer", status=status, body=words, headers={"Location": "/elsewhere"})
    assert code_of(served.call(*READ)) == code
    assert served.token_calls() == [RENEWED], "asked once, and nothing repeated"
    # What is certainly unspent must not count as perhaps spent: the next refusal would be doubted.
    with served.installation.store() as store:
        assert store.execute("SELECT sending_generation, holder FROM token").fetchall() == [(None, None)]
    assert not served.call(*READ).is_error
    assert served.token_calls() == [RENEWED] * 2
    assert served.since("/elsewhere") == []


def test_a_renewal_that_never_reached_sprinklr_costs_nothing(served: Served) -> None:
    let_the_token_expire(served.sprinklr)
    served.sprinklr.fault(TOKEN, "drop_before")
    assert code_of(served.call(*READ)) == "UPSTREAM_DOWN"
    assert not served.call(*READ).is_error
    assert served.token_calls() == [RENEWED] * 2


async def test_processes_that_need_a_new_token_at_the_same_moment_ask_for_one(
    person: Installation, sprinklr: Sprinklr
) -> None:
    """SR-02, SR-17: four processes; each round costs one token call, and no token is refused."""
    async with AsyncExitStack() as processes:
        clients = [await processes.enter_async_context(person.client(ERA)) for _ in range(4)]
        for round_number in (1, 2):
            let_the_token_expire(sprinklr)
            results = await at_once(clients)
            assert [text_of(one) for one in results if one.is_error] == []
            assert len(results) == 8
            assert token_calls(sprinklr).count(RENEWED) == round_number
    refused = [one for one in sprinklr.requests("/oauth/token") if one["status"] != 200]
    assert refused == []


async def at_once(clients: list[Client]) -> list[Any]:
    """Let every client make two calls at the same moment."""
    results: list[Any] = []

    async def call(client: Client) -> None:
        results.append(await client.call_tool(*READ))

    async with anyio.create_task_group() as group:
        for client in clients * 2:
            group.start_soon(call, client)
    return results


async def test_a_login_that_another_one_ended_is_said_and_not_tried_again(
    person: Installation, sprinklr: Sprinklr, tmp_path: Path
) -> None:
    elsewhere = Installation(tmp_path / "elsewhere", person.variables)
    elsewhere.log_in()
    before = token_calls(sprinklr)
    async with person.client_here(ERA) as client:
        first = await client.call_tool(*READ)
        assert code_of(first) == "LOGIN_REQUIRED"
        assert "An API key has one login" in text_of(first)
        assert token_calls(sprinklr) == [*before, RENEWED]
        calls = len(sprinklr.requests())
        for _ in range(5):
            assert code_of(await client.call_tool(*READ)) == "LOGIN_REQUIRED"
    assert "LOGIN_REQUIRED" in await told_anew(person)
    assert "no longer valid" in person.run("status").stdout
    assert len(sprinklr.requests()) == calls, "Sprinklr was not asked again"
    log_in_as_a_person(person)
    assert '"case_number":"96832"' in (await told_anew(person)).replace(" ", "")


LOST = ("truncate", "killed")


@pytest.fixture
def lost(sprinklr: Sprinklr, tmp_path: Path) -> Generator[dict[str, tuple[Installation, Sprinklr]]]:
    """A Sprinklr and an installation for each way to lose an answer: both wait at the same time."""
    with running_sprinklr() as another:
        made = {
            kind: (Installation(tmp_path / kind, {**one.settings, "SPRINKLR_TOKEN_DEADLINE": "6"}), one)
            for kind, one in zip(LOST, (sprinklr, another), strict=True)
        }
        for installation, _ in made.values():
            log_in_as_a_person(installation)
        yield made


async def test_a_renewal_whose_answer_was_lost_is_tried_once_more_and_no_further(
    lost: dict[str, tuple[Installation, Sprinklr]],
) -> None:
    """SR-03: whoever comes next neither waits for a process that is gone nor goes on trying."""

    async def lose(kind: str, installation: Installation, sprinklr: Sprinklr) -> None:
        let_the_token_expire(sprinklr)
        if kind == "killed":
            await be_killed_in_the_middle(installation, sprinklr)
        else:
            sprinklr.fault(TOKEN, kind)
            first = await told_anew(installation)
            assert "UPSTREAM_DOWN" in first
            assert "the login is tried once more" in first
        for _ in range(2):
            assert "LOGIN_REQUIRED" in await told_anew(installation), kind
        assert token_calls(sprinklr) == ["authorization_code", RENEWED, RENEWED], kind

    async with anyio.create_task_group() as group:
        for kind, (installation, sprinklr) in lost.items():
            group.start_soon(lose, kind, installation, sprinklr)


async def told_anew(installation: Installation) -> str:
    """What a server that has just started says of a read."""
    async with installation.client_here(ERA) as client:
        return text_of(await client.call_tool(*READ))


async def be_killed_in_the_middle(installation: Installation, sprinklr: Sprinklr) -> None:
    """Kill a process while Sprinklr has renewed the login and its answer is on the way."""
    sprinklr.fault(TOKEN, "delay", seconds=30)
    process = subprocess.Popen(
        [COMMAND, *CALL], env=installation.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    await until(lambda: len(token_calls(sprinklr)) == 2)
    process.kill()
    process.wait(10)


async def test_a_process_killed_before_sprinklr_heard_of_its_renewal_costs_nothing(
    person: Installation, sprinklr: Sprinklr
) -> None:
    """SR-03: what it held is free at once, and the login it did not spend is renewed."""
    nearly = f"obtained_at = {time.time() - 28_000}, expires_at = {time.time() + 30}"
    change(person, f"UPDATE token SET {nearly}")
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        silent = person.changed(SPRINKLR_BASE_URL=f"http://127.0.0.1:{nobody.getsockname()[1]}")
        with subprocess.Popen([COMMAND, *CALL], env=silent.environment) as process:
            await until(lambda: is_renewing(person))
            process.kill()
    assert is_renewing(person), "it left everything as it was"
    done = await anyio.to_thread.run_sync(lambda: person.run(*CALL))
    assert done.returncode == 0, done.stderr
    assert token_calls(sprinklr) == ["authorization_code", RENEWED]


def is_renewing(installation: Installation) -> bool:
    with installation.store() as store:
        rows = store.execute(
            "SELECT * FROM token WHERE holder IS NOT NULL AND sending_generation IS NOT NULL"
        )
        return rows.fetchone() is not None


async def test_a_login_service_that_fails_again_and_again_is_left_alone_for_a_while(
    person: Installation, sprinklr: Sprinklr
) -> None:
    """SR-17: and the login is not lost over it."""
    let_the_token_expire(sprinklr)
    sprinklr.fault(TOKEN, "status", times=99, status=503)
    async with person.client_here(ERA) as client:
        told = [text_of(await client.call_tool(*READ)) for _ in range(8)]
        assert token_calls(sprinklr) == ["authorization_code", *[RENEWED] * 5]
        assert [one for one in told[:5] if "a login that is stored is not lost" not in one] == []
        assert [one for one in told[5:] if "so it is left alone for a moment" not in one] == []
    sprinklr.clear_faults()
    done = await anyio.to_thread.run_sync(lambda: person.run(*CALL))
    assert done.returncode == 0, done.stderr


async def test_a_renewal_whose_caller_has_gone_is_finished(person: Installation, sprinklr: Sprinklr) -> None:
    """SR-03: cancelled while Sprinklr makes the new pair; ends of the process are in test_endings.py."""
    let_the_token_expire(sprinklr)
    sprinklr.fault(TOKEN, "delay", seconds=1)
    async with person.client_here(ERA) as client:
        async with anyio.create_task_group() as group:
            group.start_soon(client.call_tool, *READ)
            await until(lambda: len(token_calls(sprinklr)) == 2)
            group.cancel_scope.cancel()
        assert not (await client.call_tool(*READ)).is_error
    assert token_calls(sprinklr) == ["authorization_code", RENEWED]


async def test_a_pair_that_comes_late_is_kept_and_serves_those_who_waited_for_it(
    person: Installation, sprinklr: Sprinklr
) -> None:
    """SR-03: a machine that slept while it held the lease."""
    let_the_token_expire(sprinklr)
    sprinklr.fault(TOKEN, "delay", seconds=3)
    results: dict[str, Any] = {}
    async with person.client(ERA) as sleeper, person.client(ERA) as other:

        async def call(name: str, client: Client) -> None:
            results[name] = await client.call_tool(*READ)

        async with anyio.create_task_group() as group:
            group.start_soon(call, "sleeper", sleeper)
            await until(lambda: len(token_calls(sprinklr)) == 2)
            # As if the first machine had slept through its time to renew.
            change(person, "UPDATE token SET lease_until = 0 WHERE holder IS NOT NULL")
            group.start_soon(call, "other", other)
        assert not results["sleeper"].is_error
        assert not results["other"].is_error
    assert [one["status"] for one in sprinklr.requests("/oauth/token")] == [200, 200, 400]


@pytest.fixture
async def token_store(tmp_path: Path) -> Any:
    database = Database(tmp_path / "store.sqlite3")
    yield TokenStore(database, Sealer(KeyFile(tmp_path / "store.key")), "prod:1", Redactor())
    await database.close()


def pair(name: str) -> Pair:
    return Pair(f"access {name}", f"refresh {name}", "refresh_token", None, 0.0)


async def test_a_late_pair_clears_that_a_login_is_due(token_store: TokenStore) -> None:
    await token_store.replace(0, pair("first"))
    await token_store.lease("a", 60)
    await token_store.begin("a", 1)
    await token_store.settle(1, login_required=True)
    assert (await token_store.read()).login_required
    assert await token_store.replace(1, pair("late"))
    state = await token_store.read()
    assert (state.login_required, state.sending, state.pair) == (False, False, pair("late"))


async def test_an_older_pair_never_replaces_a_newer_one(token_store: TokenStore) -> None:
    await token_store.replace(0, pair("first"))
    await token_store.replace(1, pair("newer"))
    assert not await token_store.replace(1, pair("older"))
    await token_store.settle(1, login_required=True)
    state = await token_store.read()
    assert (state.generation, state.login_required, state.pair) == (2, False, pair("newer"))


async def test_a_login_as_the_application_is_renewed_as_the_application(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    let_the_token_expire(sprinklr)
    async with installation.client_here(ERA) as client:
        assert not (await client.call_tool(*READ)).is_error
        sprinklr.fault(TOKEN, "drop_after")
        let_the_token_expire(sprinklr)
        assert code_of(await client.call_tool(*READ)) == "UPSTREAM_DOWN"
        assert not (await client.call_tool(*READ)).is_error, "no answer that was lost ends such a login"
    assert token_calls(sprinklr) == ["client_credentials"] * 4


ODD_LIVES = ['"28799"', "0", "-5", '"soon"', "null", "1e999", "9" * 400, "{}"]


async def test_a_life_that_nobody_can_read_does_not_lose_the_token(
    installation: Installation, sprinklr: Sprinklr
) -> None:
    async with installation.client_here(ERA) as client:
        for number, life in enumerate(ODD_LIVES):
            body = f'{{"access_token": "a{number}", "refresh_token": "r{number}", "expires_in": {life}}}'
            sprinklr.fault(TOKEN, "answer", body=body)
            # The true token was never told; so the new one is used at once, and refused.
            sprinklr.fault("/api/", "status", status=401)
            before = len(sprinklr.requests())
            result = await client.call_tool(*READ)
            assert code_of(result) == "FORBIDDEN", life
            calls = [one["path"].rpartition("/")[2] for one in sprinklr.requests()[before:]]
            assert calls.count("token") == 1, life
            assert calls[0] != "token", f"the one before was not thrown away: {life}"
        assert not (await client.call_tool(*READ)).is_error
