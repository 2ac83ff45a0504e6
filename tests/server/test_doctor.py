"""`doctor` finds what is really wrong with an installation, says how to mend it, and changes nothing."""

from __future__ import annotations

import http.server
import json
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from browser import log_in_as_a_person
from client_files import CURSOR, MOVED, ORIGINAL
from installation import ERAS, Installation, Person, Sprinklr, text_of
from terminals import terminal
from test_settings import encrypted_desk

from sprinklr_mcp.account import keep_account
from sprinklr_mcp.doctor import examining
from sprinklr_mcp.doctor.findings import Finding, State
from sprinklr_mcp.settings import Settings

pytestmark = pytest.mark.anyio
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
Spoil = Callable[[Installation], dict[str, str]]


def examined(installation: Installation, *, offline: bool = False) -> list[Finding]:
    """What `doctor` finds, but in this process, which is much faster."""
    look = partial(examining.examined, installation.environment, offline=offline)
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(anyio.run, look).result()
    assert all(one.mend for one in found if one.state in (State.WARNING, State.FAILED))
    return found


def one(found: list[Finding], check: str) -> Finding:
    return next(finding for finding in found if finding.check == check)


def failures(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.state is State.FAILED]


@pytest.fixture(autouse=True)
def temporary_files_are_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a checkout among them is an installation that stays."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


@pytest.fixture
def at_home(install: Callable[..., Installation], tmp_path: Path) -> Installation:
    """An installation of somebody whose home folder has no client in it but Cursor."""
    file = tmp_path / CURSOR
    file.parent.mkdir()
    file.write_bytes(ORIGINAL)
    nowhere = dict.fromkeys((*MOVED, *PROXIES, *map(str.lower, PROXIES)), "")
    return install(HOME=str(tmp_path), PATH="/usr/bin:/bin", **nowhere)


@pytest.fixture
def logged_in(at_home: Installation) -> Installation:
    log_in_as_a_person(at_home)
    return at_home


def test_where_nothing_is_wrong_everything_is_told_and_nothing_but_reads_is_sent(
    logged_in: Installation, sprinklr: Sprinklr
) -> None:
    assert logged_in.run("install", "cursor").returncode == 0
    tokens = len(sprinklr.requests("/oauth/token"))
    done = logged_in.run("doctor", "--json")
    assert done.returncode == 0, done.stdout
    report = json.loads(done.stdout)
    assert all(set(finding) == {"check", "state", "found", "mend"} for finding in report)
    assert {finding["state"] for finding in report} == {"ok"}, report
    found = {finding["check"]: finding["found"] for finding in reversed(report)}
    assert "sprinklr-mcp" in found["program"]
    assert "Grace Okafor <grace.okafor@example.com>" in found["who am I"]
    assert "tenant: " in found["who am I"]
    assert re.search("^made in a browser .+ ago; renewed by itself before 2", found["login"])
    assert "calls of this hour are used" in found["limits"]
    assert "Cursor (sprinklr)" in found["clients"]
    assert any("SPRINKLR_TOOLSETS" in finding["found"] for finding in report if finding["check"] == "tools")
    assert len(sprinklr.requests("/oauth/token")) == tokens
    assert sprinklr.commits() == []
    secrets = (sprinklr.announced["api_key"], sprinklr.announced["api_secret"])
    assert not any(secret in done.stdout for secret in secrets)


def test_people_are_told_each_thing_on_a_line_with_its_mend_below(at_home: Installation) -> None:
    done = at_home.run("doctor", "--offline")
    assert done.returncode == 1
    assert "✗ login        nobody has logged in here\n               Run `sprinklr-mcp login`." in done.stdout
    assert f"- {'':13}address, clock, app, who am I: not checked, because of --offline\n" in done.stdout
    assert not (at_home.home / "store.sqlite3").exists(), "looking makes nothing"


def test_the_report_fits_the_terminal_and_paths_stay_whole(at_home: Installation) -> None:
    with terminal(at_home.changed(COLUMNS="60"), "doctor", "--offline") as at:
        lines = COLOURS.sub("", at.finish()).splitlines()
    assert all(len(line) <= 60 or len(line[15:].split()) == 1 for line in lines), lines
    assert all(line[:1] in "✓!✗-" or line.startswith(" " * 15) for line in lines[:-2]), lines
    assert any(str(at_home.home / "store.key") in line for line in lines)


def readable_key(installation: Installation) -> dict[str, str]:
    (installation.home / "store.key").chmod(0o644)
    return {}


def foreign_store(installation: Installation) -> dict[str, str]:
    os.chown(installation.home / "store.sqlite3", 12345, 12345)
    return {}


def damaged_store(installation: Installation) -> dict[str, str]:
    (installation.home / "store.sqlite3").write_bytes(b"no database at all" * 500)
    return {}


def newer_store(installation: Installation) -> dict[str, str]:
    with installation.store() as store:
        store.execute("PRAGMA user_version=99")
    return {}


def foreign_folder(installation: Installation) -> dict[str, str]:
    os.chown(installation.home, 12345, 12345)
    return {}


def file_for_a_folder(installation: Installation) -> dict[str, str]:
    file = installation.home.with_name("file")
    file.write_text("")
    return {"SPRINKLR_MCP_HOME": str(file)}


def broken_account(installation: Installation) -> dict[str, str]:
    file = installation.home / "account.json"
    file.touch(0o600)
    return {}


def login_that_is_over(installation: Installation) -> dict[str, str]:
    with installation.store() as store:
        store.execute("UPDATE token SET login_required = 1")
    return {}


def lost_key(installation: Installation) -> dict[str, str]:
    (installation.home / "store.key").unlink()
    return {}


def full_hour(installation: Installation) -> dict[str, str]:
    with installation.store() as store:
        [key] = store.execute("SELECT identity FROM token").fetchone()
        now = time.time()
        rows = [(key, now, now)] * 10
        store.executemany("INSERT INTO call_slot (key, taken_at, freed_at) VALUES (?, ?, ?)", rows)
    return {"SPRINKLR_CALLS_PER_HOUR": "20"}


def misspelt(_: Installation) -> dict[str, str]:
    return {"SPRINKLR_READONLY": "true", "SPRINKLR_CALLS_PER_HOUR": "many"}


def no_such_tool(_: Installation) -> dict[str, str]:
    return {"SPRINKLR_DENY": "delete_everything"}


def no_such_folder(installation: Installation) -> dict[str, str]:
    return {"SPRINKLR_UPLOAD_FOLDERS": str(installation.home.with_name("nowhere"))}


def another_key(installation: Installation) -> dict[str, str]:
    keep_account(Settings.from_environment(installation.environment))
    return {"SPRINKLR_API_KEY": "another-key", "SPRINKLR_API_SECRET": ""}


def no_key(_: Installation) -> dict[str, str]:
    return {"SPRINKLR_API_KEY": "", "SPRINKLR_API_SECRET": ""}


@pytest.mark.parametrize(
    ("spoil", "check", "found", "mend"),
    [
        (misspelt, "settings", "SPRINKLR_READONLY is not a setting", "where they are set"),
        (file_for_a_folder, "data folder", "is no folder", "SPRINKLR_MCP_HOME"),
        (foreign_folder, "data folder", "belongs to another user", "SPRINKLR_MCP_HOME"),
        (readable_key, "sealing key", "store.key is not private", "chmod 600"),
        (lost_key, "login", "the key of this store does not open it", "sprinklr-mcp login"),
        (broken_account, "account", "account.json is damaged", "sprinklr-mcp setup"),
        (no_key, "account", "SPRINKLR_API_KEY and SPRINKLR_API_SECRET are neither", "sprinklr-mcp setup"),
        (another_key, "account", "is not the key that is kept", "Unset it"),
        (foreign_store, "store", "store.sqlite3 is not private", "chmod 600"),
        (damaged_store, "store", "The server's own data is damaged", "what begins with store.sqlite3"),
        (newer_store, "store", "newer sprinklr-mcp", "Update sprinklr-mcp"),
        (login_that_is_over, "login", "Sprinklr no longer takes it", "sprinklr-mcp login"),
        (full_hour, "limits", "of 20 calls of this hour are used", "SPRINKLR_CALLS_PER_HOUR"),
        (no_such_tool, "tools", "sprinklr_delete_everything", "Known are"),
        (no_such_folder, "uploads", "there is no such folder", "folder that holds only"),
    ],
)
def test_each_defect_is_found_where_it_is(
    logged_in: Installation, spoil: Spoil, check: str, found: str, mend: str
) -> None:
    [wrong] = failures(examined(logged_in.changed(**spoil(logged_in)), offline=True))
    assert wrong.check == check
    assert found in wrong.found
    assert mend in wrong.mend


def test_a_damaged_account_is_told_in_our_words_and_with_no_value_of_it(logged_in: Installation) -> None:
    broken_account(logged_in)
    file = logged_in.home / "account.json"
    for content in ("{", '{"format": 1, "api_key": "k-of-somebody", "environment": "prod"}', "[]"):
        file.write_text(content)
        [wrong] = failures(examined(logged_in, offline=True))
        assert f"{file} is damaged" in wrong.found
        assert "\n" not in wrong.found
        assert "pydantic" not in wrong.found
        assert "k-of-somebody" not in wrong.found


def test_what_needs_what_is_wrong_is_not_checked_and_says_why(at_home: Installation) -> None:
    found = examined(at_home.changed(SPRINKLR_READONLY="true"))
    for check in ("data folder", "account", "proxies", "tools"):
        assert one(found, check).state is State.SKIPPED
        assert one(found, check).found == "not checked, because settings is not in order"
    assert one(found, "clients").state is State.WARNING


def test_what_may_surprise_is_a_warning_and_no_failure(logged_in: Installation, tmp_path: Path) -> None:
    logged_in.home.chmod(0o755)
    assert logged_in.run("pause").returncode == 0
    now = time.time()
    with logged_in.store() as store:
        store.execute(
            "INSERT INTO operation (operation, principal, tool, digest, status, started_at) "
            "VALUES ('x', 'p', 't', 'd', 'unknown', ?)",
            (now,),
        )
    surprising = {"HTTPS_PROXY": "http://proxy.example.com:1", "SPRINKLR_APPROVAL_WAYS": "form"}
    done = logged_in.changed(**surprising).run("doctor", "--offline")
    assert done.returncode == 0
    assert done.stdout.endswith("\nNothing wrong, 6 to look at.\n"), done.stdout
    found = examined(logged_in.changed(**surprising), offline=True)
    warned = {finding.check: f"{finding.found} {finding.mend}" for finding in found}
    assert {finding.check for finding in found if finding.state is State.WARNING} == {
        "data folder",
        "proxies",
        "writes",
        "approvals",
        "clients",
    }
    assert "chmod 700" in warned["data folder"]
    assert "HTTPS_PROXY is set and not used" in warned["proxies"]
    assert "SPRINKLR_PROXY" in warned["proxies"]
    assert "install cursor" in warned["clients"]
    told = " ".join(finding.found for finding in found if finding.check == "writes")
    assert "paused since" in told
    assert "whether 1 of the last day's happened is not known" in told


@pytest.mark.parametrize(
    ("setting", "meaning"),
    [
        ({"SPRINKLR_API_KEY": "another-key"}, "does not know this API key"),
        ({"SPRINKLR_ENVIRONMENT": "prod8"}, "belongs to another environment"),
        (
            {"SPRINKLR_REDIRECT_URI": "https://www.example.com/"},
            "is not to the letter the one that is registered",
        ),
    ],
)
def test_what_sprinklr_says_to_the_app_is_told(
    at_home: Installation, setting: dict[str, str], meaning: str
) -> None:
    found = examined(at_home.changed(**setting))
    assert meaning in one(found, "app").found
    assert one(found, "who am I").state is State.SKIPPED


def test_a_place_that_is_not_reached_or_not_trusted_is_told(at_home: Installation, tmp_path: Path) -> None:
    found = examined(at_home.changed(SPRINKLR_BASE_URL="https://nobody.invalid"))
    assert "nobody knows the name of its host" in one(found, "address").found
    assert one(found, "clock").state is State.SKIPPED
    with encrypted_desk(tmp_path / "own.pem") as (place, _):
        found = examined(at_home.changed(SPRINKLR_BASE_URL=place))
        assert "certificate is not one that is trusted" in one(found, "address").found
        assert "SPRINKLR_CA_FILE" in one(found, "address").mend
        trusting = {"SPRINKLR_BASE_URL": place, "SPRINKLR_CA_FILE": str(tmp_path / "own.pem")}
        found = examined(at_home.changed(**trusting))
        assert one(found, "address").state is State.OK
        found = examined(at_home.changed(SPRINKLR_BASE_URL=place, SPRINKLR_CA_FILE=__file__))
        assert "cannot be read as certificates" in one(found, "address").found


def test_a_clock_that_is_wrong_is_told(at_home: Installation) -> None:
    with a_day_ahead() as place:
        found = examined(at_home.changed(SPRINKLR_BASE_URL=place))
    assert one(found, "clock").state is State.WARNING
    assert "behind Sprinklr's" in one(found, "clock").found


def test_a_login_that_is_due_is_renewed_on_the_usual_way(logged_in: Installation, sprinklr: Sprinklr) -> None:
    with logged_in.store() as store:
        now = time.time()
        store.execute("UPDATE token SET expires_at = ?, obtained_at = ?", (now + 5, now - 3600))
    found = examined(logged_in)
    assert "due to be renewed" in one(found, "login").found
    assert one(found, "who am I").state is State.OK
    assert sprinklr.requests("/oauth/token")[-1]["grant_type"] == "refresh_token"
    sprinklr.control.post("/_simulator/reset").raise_for_status()  # where nobody is logged in
    found = examined(logged_in)
    assert one(found, "who am I").state is State.FAILED
    assert "no valid login" in one(found, "who am I").found


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("person", [None, Person()], ids=["no forms", "forms"])
async def test_the_last_client_is_told_with_what_it_could_do(
    logged_in: Installation, era: str, person: Person | None
) -> None:
    async with logged_in.client(era, person) as client:
        result: Any = await client.call_tool("sprinklr_get_case_by_number", {"case_number": 96832})
        assert not result.is_error, text_of(result)
    found = examined(logged_in, offline=True)
    told = one(found, "last client").found
    assert told.startswith("mcp ")
    assert f"by protocol {era}" in told
    assert ("it shows no forms" in told) == (person is None)


@contextmanager
def a_day_ahead() -> Generator[str]:
    """A peer whose clock is wrong, or right where ours is not."""

    class Peer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", self.date_time_string(time.time() + 86_400))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    server = http.server.HTTPServer(("127.0.0.1", 0), Peer)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
