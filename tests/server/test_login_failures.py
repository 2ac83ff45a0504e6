"""Whatever goes wrong on the way to a login is told for what it is, and how it is mended."""

from __future__ import annotations

import socket
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import a_browser
from installation import Installation, Sprinklr, free_port
from test_settings import encrypted_desk

from sprinklr_mcp.errors import Fault
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.tokens.callback import callback_page
from sprinklr_mcp.tokens.failures import FAILURES, Sign
from sprinklr_mcp.tokens.login import begin, finish, log_in_as_client
from sprinklr_mcp.tokens.probing import probed

TOKEN = "POST /oauth/token"
Attempt = Callable[[Machine], Awaitable[object]]
WRONG_SETTINGS = {
    Sign.UNKNOWN_KEY: {"SPRINKLR_API_KEY": "another-key"},
    Sign.WRONG_ENVIRONMENT: {"SPRINKLR_ENVIRONMENT": "prod8"},
    Sign.WRONG_SECRET: {"SPRINKLR_API_SECRET": "another-secret"},
    Sign.UNKNOWN_NAME: {"SPRINKLR_BASE_URL": "https://nobody.invalid"},
}
ANSWERS = {
    Sign.INACTIVE_KEY: {"kind": "answer", "status": 403, "body": "Developer Inactive."},
    Sign.NO_PERMISSION: {"kind": "answer", "status": 403, "body": {"errors": [{"message": "Forbidden"}]}},
    Sign.NO_DEFAULT_USER: {"kind": "answer", "status": 400, "body": {"error": "unauthorized_client"}},
    Sign.OVER_RATE: {"kind": "answer", "status": 403, "body": "<h1>Developer Over Rate</h1>"},
    Sign.DOWN: {"kind": "status", "status": 503},
    Sign.NO_ANSWER: {"kind": "drop_after"},
    Sign.UNDOCUMENTED: {"kind": "answer", "status": 302, "body": ""},
}


def told(installation: Installation, attempt: Attempt) -> Fault:
    with pytest.raises(Fault) as stopped:
        installation.work(attempt)
    return stopped.value


def is_told(fault: Fault, sign: Sign) -> bool:
    failure = FAILURES[sign]
    return (fault.code, fault.message, fault.next) == (failure.code, failure.meaning, failure.mend)


@pytest.mark.parametrize("sign", WRONG_SETTINGS)
def test_a_wrong_setting_is_told_by_what_sprinklr_says_to_it(
    install: Callable[..., Installation], sign: Sign
) -> None:
    assert is_told(told(install(**WRONG_SETTINGS[sign]), log_in_as_client), sign)


@pytest.mark.parametrize("sign", ANSWERS)
def test_each_refusal_has_its_own_words(
    install: Callable[..., Installation], sprinklr: Sprinklr, sign: Sign
) -> None:
    sprinklr.fault(TOKEN, **ANSWERS[sign])
    assert is_told(told(install(), log_in_as_client), sign)


def test_a_code_that_was_used_or_is_too_old_and_another_callback_address(
    install: Callable[..., Installation], sprinklr: Sprinklr
) -> None:
    async def twice(machine: Machine) -> None:
        attempt = begin(machine.settings)
        with a_browser() as browser:
            redirected = browser.log_in(attempt.address)
        await finish(machine, redirected, attempt)
        await finish(machine, redirected, attempt)

    async def late(machine: Machine) -> None:
        attempt = begin(machine.settings)
        with a_browser() as browser:
            redirected = browser.log_in(attempt.address)
        sprinklr.control.post("/_simulator/clock", json={"advance": 601}).raise_for_status()
        await finish(machine, redirected, attempt)

    async def elsewhere(machine: Machine) -> None:
        attempt = begin(machine.settings)
        await finish(machine, f"http://x/?code=c&state={attempt.state}", attempt)

    assert is_told(told(install(), twice), Sign.SPENT_CODE)
    assert is_told(told(install(), late), Sign.SPENT_CODE)
    other = install(SPRINKLR_REDIRECT_URI="https://www.example.com/")
    assert is_told(told(other, elsewhere), Sign.WRONG_REDIRECT)


@pytest.mark.parametrize(
    ("query", "sign"),
    [
        ("?code=c&state=another", Sign.WRONG_STATE),
        ("?code=c", Sign.WRONG_STATE),
        ("", Sign.NO_ADDRESS),
        ("?error=access_denied&state=STATE", Sign.DENIED),
        ("?error=server_error&state=STATE", Sign.ENDED_WITH_ERROR),
    ],
)
def test_an_address_without_a_code_is_told_apart(
    install: Callable[..., Installation], sprinklr: Sprinklr, query: str, sign: Sign
) -> None:
    async def come_back(machine: Machine) -> None:
        attempt = begin(machine.settings)
        await finish(machine, f"https://www.example.com/{query.replace('STATE', attempt.state)}", attempt)

    assert is_told(told(install(), come_back), sign)
    assert sprinklr.requests("/oauth/token") == []


def test_what_stands_between_here_and_sprinklr_is_named(
    install: Callable[..., Installation], tmp_path: Path
) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    assert is_told(told(install(SPRINKLR_BASE_URL=nobody), log_in_as_client), Sign.UNREACHED)
    with encrypted_desk(tmp_path / "own.pem") as (place, asked):
        assert is_told(told(install(SPRINKLR_BASE_URL=place), log_in_as_client), Sign.UNTRUSTED)
        assert asked == []
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        through = install(SPRINKLR_BASE_URL="https://sprinklr.invalid", SPRINKLR_PROXY=address)

        async def refused(machine: Machine) -> None:
            await log_in_as_client(machine)

        with answering_once(
            proxy, b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
        ):
            assert is_told(told(through, refused), Sign.NO_PROXY)


@pytest.mark.parametrize(
    ("setting", "sign"),
    [
        ({"SPRINKLR_API_KEY": "another-key"}, Sign.UNKNOWN_KEY),
        ({"SPRINKLR_ENVIRONMENT": "prod8"}, Sign.WRONG_ENVIRONMENT),
        ({"SPRINKLR_REDIRECT_URI": "https://www.example.com/"}, Sign.WRONG_REDIRECT),
        ({}, None),
    ],
)
def test_what_shows_before_anybody_logs_in_is_seen(
    install: Callable[..., Installation], sprinklr: Sprinklr, setting: dict[str, str], sign: Sign | None
) -> None:
    probe = install(**setting).work(lambda machine: probed(machine.client, machine.settings))
    assert (probe.reached, probe.sign) == (True, sign)
    assert sprinklr.requests("/oauth/token") == []


def test_nobody_who_comes_and_a_port_that_is_taken(
    install: Callable[..., Installation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sprinklr_mcp.tokens.callback.PATIENCE", 0.1)

    async def wait(machine: Machine) -> None:
        async with callback_page(begin(machine.settings)) as redirected:
            await redirected()

    port = free_port()
    installation = install(SPRINKLR_REDIRECT_URI=f"http://127.0.0.1:{port}/callback")
    assert is_told(told(installation, wait), Sign.NOBODY_CAME)
    with socket.create_server(("127.0.0.1", port)):
        assert is_told(told(installation, wait), Sign.PORT_TAKEN)


def test_every_failure_says_what_it_is_and_what_to_do() -> None:
    assert set(FAILURES) == set(Sign)
    assert len({one.meaning for one in FAILURES.values()}) == len(FAILURES), "each has words of its own"
    for failure in FAILURES.values():
        assert failure.meaning.endswith(".")
        assert failure.mend.endswith(".")


@contextmanager
def answering_once(listener: socket.socket, answer: bytes) -> Generator[None]:
    """Give whoever comes first that answer."""

    def give() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)

    thread = threading.Thread(target=give)
    thread.start()
    try:
        yield
    finally:
        thread.join()
