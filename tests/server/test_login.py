"""Logging in: a person's browser, the page that waits for it, and the one exchange of the code."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.server
import json
import signal
import socket
import stat
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from urllib.parse import parse_qs

import httpx2
import pytest
from browser import EMAIL, PASSWORD, Browser, a_browser, login_command, query_of
from installation import Installation, Sprinklr, free_port, running_sprinklr

from sprinklr_mcp.errors import Fault
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.tokens.callback import callback_page
from sprinklr_mcp.tokens.login import begin

READ = ("call", "get_case_by_number", '{"case_number": 96832}')


@pytest.fixture(scope="module")
def registered() -> str:
    """The callback address registered at Sprinklr: a page on a port of this machine."""
    return f"http://127.0.0.1:{free_port()}/callback"


@pytest.fixture(scope="module")
def shared_sprinklr(registered: str) -> Generator[Sprinklr]:
    with running_sprinklr("--redirect-uri", registered) as sprinklr:
        yield sprinklr


@pytest.fixture
def browser() -> Generator[Browser]:
    with a_browser() as one:
        yield one


def exchanges(sprinklr: Sprinklr) -> list[str]:
    """What every call of the token endpoint was made with."""
    return [one["grant_type"] for one in sprinklr.requests("/oauth/token")]


def test_a_person_logs_in_with_their_browser_and_calls_work(
    install: Callable[..., Installation], sprinklr: Sprinklr, browser: Browser, registered: str
) -> None:
    installation = install()
    with login_command(installation, "--no-browser") as login:
        redirected = browser.log_in(login.address())
        assert redirected.startswith(f"{registered}?code=")
        assert "Go back to where you began" in browser.open(redirected).text
        status, out, said = login.ended()
    assert (status, out) == (0, "Logged in to Sprinklr prod2.\n")
    assert query_of(redirected)["code"] not in said
    assert exchanges(sprinklr) == ["authorization_code"]
    assert installation.run(*READ).returncode == 0
    # Sooner than the closed connections of the first one are forgotten.
    with login_command(installation, "--no-browser") as login:
        browser.open(browser.log_in(login.address()))
        assert login.ended()[0] == 0


def test_nothing_but_the_awaited_answer_ends_or_changes_the_wait(
    install: Callable[..., Installation], sprinklr: Sprinklr, browser: Browser, registered: str
) -> None:
    """SR-22: wrong state, path, method, host or interface; the right one once, and then nobody listens."""
    with login_command(install(), "--no-browser") as login:
        right = browser.log_in(login.address())
        query = query_of(right)
        wrong = [
            ("GET", right.replace(query["state"], "x" * len(query["state"])), {}),
            ("GET", right.replace(query["state"], ""), {}),
            ("GET", f"{registered}?code={query['code']}", {}),
            ("GET", f"{registered}?code={query['code']}&state=null", {}),
            ("GET", f"{registered}?error=access_denied&state=%3Cscript%3E&code=%3Cscript%3E", {}),
            ("GET", registered, {}),
            ("GET", right.replace("/callback", "/callback/"), {}),
            ("GET", right.replace("/callback", "/other"), {}),
            ("GET", right.replace("/callback", "/"), {}),
            ("GET", right, {"Host": "evil.example.com"}),
            ("GET", right, {"Host": "localhost"}),
            ("POST", right, {}),
            ("HEAD", right, {}),
            ("OPTIONS", right, {}),
        ]
        with httpx2.Client(trust_env=False) as anybody:
            answers = [anybody.request(method, address, headers=more) for method, address, more in wrong]
            with pytest.raises(OSError, match=r"refused|assign|unreachable"):
                socket.create_connection(("127.0.0.2", httpx2.URL(registered).port), timeout=5)
            slow = socket.create_connection(("127.0.0.1", httpx2.URL(registered).port))
            slow.sendall(b"GET /callback?code=")
            assert {answer.status_code for answer in answers} == {400}
            assert len({answer.text for answer in answers if answer.request.method != "HEAD"}) == 1
            for answer in answers:
                assert answer.headers["content-security-policy"].startswith("default-src 'none'")
                assert answer.headers["referrer-policy"] == "no-referrer"
                assert answer.headers["cache-control"] == "no-store"
                assert answer.headers["x-frame-options"] == "DENY"
            assert login.waits
            assert exchanges(sprinklr) == []
            first = anybody.get(right)
            with contextlib.suppress(httpx2.TransportError):
                assert anybody.get(right).text == first.text
            assert query["code"] not in first.text
        assert login.ended()[0] == 0
        slow.close()
    assert exchanges(sprinklr) == ["authorization_code"]
    with pytest.raises(httpx2.ConnectError):
        browser.open(right)


def test_a_login_that_nobody_finishes_ends_and_says_so(
    install: Callable[..., Installation], sprinklr: Sprinklr, monkeypatch: pytest.MonkeyPatch, registered: str
) -> None:
    """SR-22: after five minutes, which are shorter here; nobody listens any more."""
    monkeypatch.setattr("sprinklr_mcp.tokens.callback.PATIENCE", 0.1)

    async def nobody_comes(machine: Machine) -> None:
        async with callback_page(begin(machine.settings)) as redirected:
            await redirected()

    with pytest.raises(Fault, match="Nobody logged in within five minutes"):
        install().work(nobody_comes)
    assert exchanges(sprinklr) == []
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(registered, trust_env=False)


def test_a_login_that_is_cancelled_is_said_and_asks_for_no_token(
    installation: Installation, sprinklr: Sprinklr, browser: Browser
) -> None:
    before = exchanges(sprinklr)
    with login_command(installation, "--no-browser") as login:
        browser.open(login.address())
        browser.submit(cancel="1")
        assert "error=access_denied" in browser.sent_to()
        browser.open(browser.sent_to())
        status, out, said = login.ended()
    assert (status, out) == (1, "")
    assert "FORBIDDEN: Access was not granted." in said
    assert exchanges(sprinklr) == before
    assert installation.run(*READ).returncode == 0, "the login of before still holds"


def test_a_person_without_the_permission_gets_no_code_and_the_wait_goes_on(
    install: Callable[..., Installation], sprinklr: Sprinklr, browser: Browser
) -> None:
    with login_command(install(), "--no-browser") as login:
        address = login.address()
        browser.open(address)
        assert "wrong" in browser.submit(email=EMAIL, password="guess").text
        refused = browser.submit(email="lukas.steiner@example.com", password=PASSWORD)
        assert (refused.status_code, "Generate Token" in refused.text) == (403, True)
        assert login.waits
        assert exchanges(sprinklr) == []
        browser.open(browser.log_in(address, workspaces=["7002"]))
        assert login.ended()[0] == 0


def test_a_code_whose_answer_was_lost_is_not_exchanged_again(
    install: Callable[..., Installation], sprinklr: Sprinklr, browser: Browser
) -> None:
    sprinklr.fault("POST /oauth/token", "drop_after")
    with login_command(install(), "--no-browser") as login:
        browser.open(browser.log_in(login.address()))
        status, _, said = login.ended()
    assert status == 1
    assert "Log in again from the beginning." in said
    assert exchanges(sprinklr) == ["authorization_code"]


def test_a_code_that_is_too_old_is_said(
    install: Callable[..., Installation], sprinklr: Sprinklr, browser: Browser
) -> None:
    with login_command(install(), "--no-browser") as login:
        redirected = browser.log_in(login.address())
        sprinklr.control.post("/_simulator/clock", json={"advance": 601}).raise_for_status()
        browser.open(redirected)
        status, _, said = login.ended()
    assert status == 1
    assert "older than 10 minutes" in said


def test_an_address_that_was_pasted_logs_in(
    install: Callable[..., Installation], sprinklr: Sprinklr, browser: Browser
) -> None:
    with login_command(install(), "--no-browser", "--paste") as login:
        redirected = browser.log_in(login.address())
        status, out, said = login.ended(f"  {redirected}\n")
    assert status == 0, said
    assert query_of(redirected)["code"] not in out + said
    assert exchanges(sprinklr) == ["authorization_code"]


@pytest.mark.parametrize("pasted", ["of another login", "nothing"])
def test_what_was_pasted_and_does_not_belong_to_the_login_is_refused(
    install: Callable[..., Installation], sprinklr: Sprinklr, browser: Browser, pasted: str
) -> None:
    with login_command(install(), "--no-browser", "--paste") as login:
        redirected = browser.log_in(login.address())
        query = query_of(redirected)
        words = {
            "of another login": redirected.replace(query["state"], query["state"][::-1]),
            "nothing": "",
        }
        refusal = {
            "of another login": "That address does not belong to this login",
            "nothing": "That is not the address that the browser ends on",
        }
        status, _, said = login.ended(words[pasted])
    assert status == 1
    assert f"INVALID_REQUEST: {refusal[pasted]}" in said
    assert query["code"] not in said
    assert exchanges(sprinklr) == []


def test_an_address_that_is_not_the_registered_one_is_explained(
    install: Callable[..., Installation], sprinklr: Sprinklr, browser: Browser, registered: str
) -> None:
    elsewhere = f"http://127.0.0.1:{free_port()}/callback"
    with login_command(install(SPRINKLR_REDIRECT_URI=elsewhere), "--no-browser") as login:
        assert browser.open(login.address()).status_code == 500
        assert login.waits
        assert login.process.stderr is not None
        sign = "Internal Server Error:\n    The callback address that is given (SPRINKLR_REDIRECT_URI) is not"
        while sign not in login.said:
            line = login.process.stderr.readline()
            assert line, login.said
            login.said += line
        login.process.send_signal(signal.SIGINT)
        status, _, said = login.ended()
    assert status == 1
    assert said.endswith("\nStopped. `sprinklr-mcp status` says whether there is a login.\n")
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_said_before_anybody_is_sent_off(
    install: Callable[..., Installation],
) -> None:
    """SR-22: the port of the callback."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        address = f"http://127.0.0.1:{port}/callback"
        done = install(SPRINKLR_REDIRECT_URI=address).run("login", "--no-browser")
    assert done.returncode == 1
    assert "CONFIGURATION: The port that the callback address names is taken" in done.stderr
    assert f"port {port}" in done.stderr
    assert "/oauth/authorize" not in done.stderr


def test_only_the_login_address_is_opened_in_the_persons_own_browser(
    install: Callable[..., Installation], browser: Browser, tmp_path: Path
) -> None:
    opened = tmp_path / "opened"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {opened}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    with login_command(install(), BROWSER=f"{program} %s") as login:
        address = login.address()
        browser.open(browser.log_in(address))
        status, out, _ = login.ended()
    assert (status, out) == (0, "Logged in to Sprinklr prod2.\n")
    assert opened.read_text() == f"{address}\n"


def test_a_login_as_the_application_needs_no_browser_and_logout_ends_it(
    install: Callable[..., Installation], sprinklr: Sprinklr
) -> None:
    installation = install()
    installation.log_in()
    assert exchanges(sprinklr) == ["client_credentials"]
    assert installation.run(*READ).returncode == 0
    assert installation.run("logout").stdout == "The stored login is gone.\n"
    after = installation.run(*READ)
    assert after.returncode == 1
    assert "LOGIN_REQUIRED" in after.stderr
    assert "Run `sprinklr-mcp login`" in after.stderr
    assert exchanges(sprinklr) == ["client_credentials"]


def test_a_key_that_may_not_log_in_as_the_application_is_told_so(
    install: Callable[..., Installation], sprinklr: Sprinklr
) -> None:
    sprinklr.fault("POST /oauth/token", "answer", status=400, body={"error": "unauthorized_client"})
    done = install().run("login", "--grant", "client-credentials")
    assert done.returncode == 1
    assert "attach a default user to the API key" in done.stderr


def test_secrets_travel_in_the_form_body_alone(
    install: Callable[..., Installation], sprinklr: Sprinklr, browser: Browser, registered: str
) -> None:
    with token_desk() as (place, calls):
        installation = install(SPRINKLR_BASE_URL=place, SPRINKLR_API_SECRET="s3cret/+=&")
        with login_command(installation, "--no-browser") as login:
            address = login.address()
            browser.open(f"{registered}?code=c0de%2F%2B&state={query_of(address)['state']}")
            status, _, said = login.ended()
    assert status == 0, said
    asked = query_of(address)
    assert address.startswith(f"{place}/prod2/oauth/authorize?")
    assert (asked["response_type"], asked["client_id"]) == ("code", "simulator-key")
    assert (asked["redirect_uri"], asked["code_challenge_method"]) == (registered, "S256")
    [(line, headers, body)] = calls
    assert line == "POST /prod2/oauth/token HTTP/1.1"
    assert "authorization" not in headers
    form = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
    verifier = form.pop("code_verifier")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()
    assert challenge.rstrip("=") == asked["code_challenge"]
    assert form == {
        "grant_type": "authorization_code",
        "code": "c0de/+",
        "redirect_uri": registered,
        "client_id": "simulator-key",
        "client_secret": "s3cret/+=&",
    }


@contextlib.contextmanager
def token_desk() -> Generator[tuple[str, list[tuple[str, dict[str, str], str]]]]:
    """A token endpoint that writes down what it was sent, to the letter."""
    calls: list[tuple[str, dict[str, str], str]] = []
    answer = json.dumps({"access_token": "a", "refresh_token": "r", "expires_in": 3600}).encode()

    class Desk(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            calls.append(
                (self.requestline, {name.lower(): value for name, value in self.headers.items()}, body)
            )
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None: ...

    server = http.server.HTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", calls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
