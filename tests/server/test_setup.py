"""From nothing to a connected client, with a person at a real terminal and a simulated Sprinklr."""

from __future__ import annotations

import json
import re
import socket
import stat
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import Browser, a_browser, query_of
from client_files import CURSOR, MOVED, ORIGINAL
from installation import Installation, Sprinklr, code_of, free_port, running_sprinklr, text_of
from terminals import Terminal, terminal

KEY, SECRET = "simulator-key", "simulator-secret"
READ = ("call", "get_case_by_number", '{"case_number": 96832}')
QUESTIONS = ("API key", "API secret", "Environment", "Callback address")
SETUP = ("setup", "--no-browser")


@pytest.fixture(scope="module")
def registered() -> str:
    return f"http://127.0.0.1:{free_port()}/callback"


@pytest.fixture(scope="module")
def shared_sprinklr(registered: str) -> Generator[Sprinklr]:
    with running_sprinklr("--redirect-uri", registered) as sprinklr:
        yield sprinklr


@pytest.fixture
def browser() -> Generator[Browser]:
    with a_browser() as one:
        yield one


@pytest.fixture
def newcomer(sprinklr: Sprinklr, tmp_path: Path) -> Installation:
    """Somebody with nothing set but the way to the simulator, and with Cursor on their machine."""
    file = tmp_path / CURSOR
    file.parent.mkdir()
    file.write_bytes(ORIGINAL)
    nowhere = {**dict.fromkeys(MOVED, ""), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    # Temporary files are elsewhere, so that a checkout among them is one that stays.
    place = {"TMPDIR": str(tmp_path), "SPRINKLR_BASE_URL": sprinklr.announced["base_url"]}
    return Installation(tmp_path / "data", {**nowhere, **place})


@pytest.fixture
def connected(newcomer: Installation, browser: Browser, registered: str) -> Installation:
    """The same person after their first setup."""
    with terminal(newcomer, *SETUP) as at:
        answer(at, KEY, SECRET, "prod2", registered)
        log_in(at, browser)
        agree_and_enter_nowhere(at)
    assert at.status == 0
    return newcomer


def agree_and_enter_nowhere(at: Terminal) -> str:
    """Say that it is the account that is meant, and enter the server at no client."""
    shown = at.read_until("account that is meant? [y/n]")
    at.type("y")
    shown += at.read_until("Enter this server at Cursor")
    at.type("n")
    at.finish()
    return shown


def answer(at: Terminal, *answers: str) -> str:
    """Answer the questions, one after the other; nothing is Enter alone."""
    shown = ""
    for question, typed in zip(QUESTIONS, answers, strict=True):
        shown += at.read_until(f"{question}")
        shown += at.read_until(": ")
        at.type(typed)
    return shown


def log_in(at: Terminal, browser: Browser) -> str:
    shown = at.read_until("Waiting for the browser")
    found = re.search(r"^http\S+/oauth/authorize\S+", shown, re.MULTILINE)
    assert found is not None, shown
    browser.open(browser.log_in(found[0]))
    return shown


def account(installation: Installation) -> Path:
    return installation.home / "account.json"


def test_one_command_leads_from_nothing_to_a_client_whose_server_works(
    newcomer: Installation, sprinklr: Sprinklr, browser: Browser, registered: str, tmp_path: Path
) -> None:
    with terminal(newcomer, *SETUP) as at:
        shown = answer(at, KEY, SECRET, "PROD2", registered) + log_in(at, browser)
        shown += at.read_until("account that is meant? [y/n]")
        assert not account(newcomer).exists(), "nothing is kept before the person has said yes"
        at.type("y")
        shown += at.read_until("Enter this server at Cursor")
        at.type("")
        shown += at.finish()
    assert at.status == 0, shown
    for told in ("dev.sprinklr.com", "Generate Token", "sentry-environment", "it does not say"):
        assert told in shown
    assert "Grace Okafor <grace.okafor@example.com>" in shown
    assert re.search(r"Tenant\s+(\x1b\[0m)?\w+", shown)
    assert SECRET not in shown
    file = account(newcomer)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert SECRET not in file.read_text()
    entered = (tmp_path / CURSOR).read_text()
    assert "sprinklr-mcp" in entered
    assert KEY not in entered
    assert SECRET not in entered
    left = json.loads(newcomer.run("install", "cursor", "--json").stdout)["next"]
    assert left[-1] == "The server finds key and secret where `setup` has kept them."
    # A client gives its server next to nothing.
    bare = Installation(newcomer.home, {})
    assert bare.run(*READ).returncode == 0
    status = json.loads(bare.run("status", "--json").stdout)
    assert status["api_key"] == f"kept in {file}"
    assert "environment prod2" in status["sprinklr"]
    assert sprinklr.announced["base_url"] in status["sprinklr"]


def test_enter_keeps_everything_and_only_what_is_answered_is_changed(
    connected: Installation, sprinklr: Sprinklr
) -> None:
    before = json.loads(account(connected).read_text())
    exchanged = len(sprinklr.requests("/oauth/token"))
    with terminal(connected, *SETUP) as at:
        shown = answer(at, "", "", "", "")
        shown += at.read_until("There is a login already. Log in anew?")
        at.type("")
        shown += agree_and_enter_nowhere(at)
    assert at.status == 0
    assert "[…-key]" in shown
    assert "[prod2]" in shown
    after = json.loads(account(connected).read_text())
    assert {**after, "sealed_secret": ""} == {**before, "sealed_secret": ""}
    assert len(sprinklr.requests("/oauth/token")) == exchanged
    assert connected.run(*READ).returncode == 0


@pytest.mark.parametrize("stop_at", ["API secret", "Waiting for the browser", "account that is meant? [y/n]"])
def test_whoever_stops_leaves_nothing_half_written(
    newcomer: Installation, browser: Browser, registered: str, stop_at: str
) -> None:
    with terminal(newcomer, *SETUP) as at:
        if stop_at == "API secret":
            at.read_until("API key")
            at.type(KEY)
        else:
            answer(at, KEY, SECRET, "prod2", registered)
        if stop_at.startswith("account"):
            log_in(at, browser)
        at.read_until(stop_at)
        at.type("\x03")
        said = at.finish()
    assert at.status == 1
    assert "Stopped. Nothing was kept." in said
    assert "Traceback" not in said
    left = {file.name for file in newcomer.home.iterdir()} if newcomer.home.exists() else set()
    assert {name for name in left if "account" in name} == set()
    key = {"SPRINKLR_API_KEY": KEY, "SPRINKLR_API_SECRET": SECRET, "SPRINKLR_ENVIRONMENT": "prod2"}
    assert "LOGIN_REQUIRED" in newcomer.changed(**key).run(*READ).stderr


def test_stopping_a_second_time_keeps_the_account_and_the_login_of_the_first(connected: Installation) -> None:
    before = account(connected).read_bytes()
    with terminal(connected, *SETUP) as at:
        answer(at, "", "", "", "")
        at.read_until("Log in anew?")
        at.type("y")
        at.read_until("Waiting for the browser")
        at.type("\x03")
        at.finish()
    assert (at.status, account(connected).read_bytes()) == (1, before)
    assert connected.run(*READ).returncode == 0


def test_an_account_that_is_not_the_one_that_is_meant_is_not_kept(
    newcomer: Installation, browser: Browser, registered: str
) -> None:
    with terminal(newcomer, *SETUP) as at:
        answer(at, KEY, SECRET, "prod2", registered)
        log_in(at, browser)
        at.read_until("account that is meant? [y/n]")
        at.type("n")
        at.read_until("Once more, then.")
        answer(at, "", "", "", "")
        at.read_until("Now log in")  # and not: there is a login already
        at.type("\x03")
        at.finish()
    assert not account(newcomer).exists()


@pytest.mark.parametrize(
    ("answers", "meaning"),
    [
        ((KEY + "s", SECRET, "prod2", ""), "Sprinklr does not know this API key in this environment."),
        ((KEY, SECRET, "prod8", ""), "belongs to another environment than"),
        (
            (KEY, SECRET, "prod2", "https://www.example.com/"),
            "is not to the letter the one that is registered",
        ),
    ],
    ids=["key", "environment", "redirect address"],
)
def test_what_shows_before_the_browser_is_told_before_it_and_can_be_put_right(
    newcomer: Installation, browser: Browser, registered: str, answers: tuple[str, ...], meaning: str
) -> None:
    with terminal(newcomer, *SETUP) as at:
        answer(at, *(answers[:3]), answers[3] or registered)
        said = at.read_until("Try to log in all the same?")
        assert meaning in " ".join(said.split())
        at.type("")
        answer(at, KEY, SECRET, "prod2", registered)
        log_in(at, browser)
        at.read_until("account that is meant? [y/n]")


def test_an_answer_that_cannot_be_is_asked_for_again_in_words_of_the_question(newcomer: Installation) -> None:
    with terminal(newcomer, *SETUP) as at:
        shown = ""
        for question, wrong, right in zip(
            QUESTIONS,
            ("two words", "pässword", "https://prod2.sprinklr.com", "127.0.0.1:8721/callback"),
            (KEY, SECRET, "prod2", "http://127.0.0.1:8721/callback"),
            strict=True,
        ):
            for typed in ("", wrong, right):
                shown += at.read_until(question) + at.read_until(": ")
                at.type(typed)
        shown += at.read_until("Try to log in all the same?")
    assert shown.count("has no spaces and no accented letters") == 2
    assert "It is one short word: prod (app.sprinklr.com)" in shown
    assert "Give the whole address, such as http://" in shown
    assert "Settings are wrong" not in shown


def test_a_wrong_secret_is_told_after_the_login_and_asked_for_anew(
    newcomer: Installation, browser: Browser, registered: str
) -> None:
    with terminal(newcomer, *SETUP) as at:
        answer(at, KEY, "not-the-secret", "prod2", registered)
        log_in(at, browser)
        said = at.read_until("Once more, then.")
        assert "Sprinklr does not accept the API secret for this key." in said
        answer(at, "", SECRET, "", "")
        said += log_in(at, browser)
        said += at.read_until("account that is meant? [y/n]")
    assert "not-the-secret" not in said


def test_another_secret_is_tried_by_a_login_even_where_there_is_one(connected: Installation) -> None:
    with terminal(connected, *SETUP) as at:
        answer(at, "", "another-secret", "", "")
        assert "There is a login already" not in at.read_until("Now log in")
        at.type("\x03")
        at.finish()
    assert connected.run(*READ).returncode == 0


def test_without_a_terminal_the_settings_that_do_the_same_are_named(newcomer: Installation) -> None:
    done = newcomer.run("setup")
    assert done.returncode == 1
    assert (
        "SPRINKLR_API_KEY, SPRINKLR_API_SECRET, SPRINKLR_ENVIRONMENT and SPRINKLR_REDIRECT_URI" in done.stderr
    )
    assert not newcomer.home.exists()


def test_the_environment_wins_and_is_said_to(connected: Installation) -> None:
    there = connected.changed(SPRINKLR_ENVIRONMENT="prod8")
    status = json.loads(there.run("status", "--json").stdout)
    assert "SPRINKLR_ENVIRONMENT of the environment wins over it" in status["api_key"]
    assert "environment prod8" in status["sprinklr"]
    # Of another key nothing that is kept is used, and its secret least of all.
    other = connected.changed(SPRINKLR_API_KEY="another")
    assert json.loads(other.run("status", "--json").stdout)["api_key"] == "not set"
    assert "SPRINKLR_API_SECRET is not set" in other.run(*READ).stderr


@pytest.mark.parametrize("defect", ["readable", "no json", "another host", "a link", "another sealing key"])
def test_an_account_that_cannot_be_trusted_is_refused_in_words_before_a_call_is_sent(
    connected: Installation, sprinklr: Sprinklr, defect: str
) -> None:
    file = account(connected)
    whole = json.loads(file.read_text())
    if defect == "readable":
        file.chmod(0o644)
    elif defect == "no json":
        file.write_text(file.read_text()[:-20])
    elif defect == "another host":
        file.write_text(
            json.dumps({**whole, "base_url": whole["base_url"].replace("127.0.0.1", "localhost")})
        )
    elif defect == "a link":
        file.unlink()
        file.symlink_to(file.with_name("elsewhere.json"))
    else:
        (connected.home / "store.key").unlink()
    before = len(sprinklr.requests())
    done = Installation(connected.home, {}).run(*READ)
    assert done.returncode == 1
    assert len(sprinklr.requests()) == before
    assert "account.json" in done.stderr
    assert "STORE_UNAVAILABLE" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.anyio
async def test_a_server_lists_its_tools_without_opening_the_secret_that_is_kept(
    connected: Installation, sprinklr: Sprinklr
) -> None:
    """Some clients start one for each look at its tools; a locked keyring would hold up each."""
    key = connected.home / "store.key"
    kept, before = key.read_bytes(), len(sprinklr.requests())
    key.unlink()  # Whatever looks for it makes a new one.
    async with Installation(connected.home, {}).client("2025-11-25") as client:
        assert (await client.list_tools()).tools
        assert not key.exists()
        key.write_bytes(kept)
        key.chmod(0o600)
        read = await client.call_tool("sprinklr_get_case_by_number", {"case_number": 96832})
    assert not read.is_error
    assert len(sprinklr.requests()) == before + 1


@pytest.mark.anyio
async def test_a_model_is_not_told_where_the_secret_is_kept_that_cannot_be_opened(
    connected: Installation,
) -> None:
    (connected.home / "store.key").unlink()
    async with Installation(connected.home, {}).client("2026-07-28") as client:
        read = await client.call_tool("sprinklr_get_case_by_number", {"case_number": 96832})
    assert code_of(read) == "STORE_UNAVAILABLE"
    assert str(connected.home) not in text_of(read)


def test_logout_forgets_key_and_secret_where_it_is_told_to(connected: Installation) -> None:
    bare = Installation(connected.home, {})
    assert bare.run("logout").returncode == 0
    assert account(connected).exists()
    account(connected).write_text("{")
    assert "The key and the secret are gone too." in bare.run("logout", "--forget").stdout
    assert not account(connected).exists()
    assert "SPRINKLR_API_KEY" in bare.run(*READ).stderr


def test_the_address_that_the_browser_ends_on_may_be_pasted_and_is_not_shown(
    newcomer: Installation, browser: Browser, registered: str
) -> None:
    with terminal(newcomer, *SETUP, "--paste") as at:
        answer(at, KEY, SECRET, "prod2", registered)
        shown = at.read_until("Then paste the whole address")
        found = re.search(r"^http\S+/oauth/authorize\S+", shown, re.MULTILINE)
        assert found is not None, shown
        shown = at.read_until("(not shown): ")
        assert "Internal Server Error:" in shown
        assert "is not to the letter the one that is registered" in " ".join(shown.split())
        redirected = browser.log_in(found[0])
        at.type("https://www.google.com/")
        assert "it has no state and no code" in at.read_until("(not shown): ")
        at.type(redirected)
        assert query_of(redirected)["code"] not in at.read_until("account that is meant? [y/n]")


def test_a_taken_callback_port_costs_no_answer_and_the_address_is_pasted(
    newcomer: Installation, browser: Browser, registered: str
) -> None:
    taken = socket.create_server(("127.0.0.1", urlsplit(registered).port or 0))
    with taken, terminal(newcomer, *SETUP) as at:
        answer(at, KEY, SECRET, "prod2", registered)
        shown = at.read_until("(not shown): ")
        assert "The port that the callback address names is taken" in shown
        assert "Another login that still waits may have it" in shown
        assert "--paste" not in shown
        found = re.search(r"^http\S+/oauth/authorize\S+", shown, re.MULTILINE)
        assert found is not None, shown
        at.type(browser.log_in(found[0]))
        agree_and_enter_nowhere(at)
    assert at.status == 0
    assert newcomer.run(*READ).returncode == 0
