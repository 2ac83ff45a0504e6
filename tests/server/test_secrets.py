"""A Sprinklr that repeats whatever it is sent, in every form: no key and no token is seen anywhere here."""

from __future__ import annotations

import http.server
import json
import random
import subprocess
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from browser import login_command, query_of
from disguises import FORMS
from installation import ERAS, WIDE, Installation
from piped import Piped, piped

from faults.answers import Heard, answer_to
from faults.canaries import Canaries, new_secret

READ, WRITE = "sprinklr_get_case_by_number", "sprinklr_add_comment"
CASE = {"case_number": 700000001}
NOTE = {**CASE, "text": "Rang her."}
REDIRECT = "https://example.com/callback"
LOUD = """
import logging
from sprinklr_mcp.sending import sender

set_level, meaning_of = logging.Logger.setLevel, sender.meaning_of
logging.Logger.setLevel = lambda self, level: set_level(self, logging.DEBUG)

def broken(reply, *about, **more):
    if "x-break" in reply.headers:
        raise RuntimeError(f"answered {dict(reply.headers)}")
    return meaning_of(reply, *about, **more)

sender.meaning_of = broken
"""
"""Run as the interpreter starts: every logger says all that it can, and one answer makes the server fail."""


class Echo(http.server.ThreadingHTTPServer):
    """Gives out tokens, and repeats headers and bodies: as it is told to, else in right answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Repeating)
        self.dice, self.canaries = random.Random(11), Canaries()
        self.key, self.secret = self.new("API key"), self.new("API secret")
        self.status, self.kind, self.forms, self.times = 200, "json", list(FORMS), 0
        self.more: dict[str, str] = {}
        self.pairs = 0

    def new(self, name: str) -> str:
        return self.canaries.add(name, new_secret(self.dice))

    def repeat(
        self, status: int, kind: str, forms: list[str], times: int = 1, more: dict[str, str] | None = None
    ) -> None:
        """Answer the next requests like this."""
        self.status, self.kind, self.forms, self.times, self.more = status, kind, forms, times, more or {}

    @property
    def settings(self) -> dict[str, str]:
        return {
            "SPRINKLR_BASE_URL": f"http://127.0.0.1:{self.server_address[1]}",
            "SPRINKLR_ENVIRONMENT": "prod2",
            "SPRINKLR_API_KEY": self.key,
            "SPRINKLR_API_SECRET": self.secret,
            "SPRINKLR_REDIRECT_URI": REDIRECT,
        }


class Repeating(http.server.BaseHTTPRequestHandler):
    """One request to it."""

    protocol_version = "HTTP/1.1"

    @property
    def echo(self) -> Echo:
        assert isinstance(self.server, Echo)
        return self.server

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        token = self.headers.get("Authorization", "none")
        if self.path.endswith("/oauth/token"):
            self.say(200, "json", json.dumps(self.pair(body.decode())))
            return
        came = (self.headers["Key"], token.removeprefix("Bearer "), token)
        forms = self.echo.forms if self.echo.times else list(FORMS)
        said = " and ".join(FORMS[form](one) for form in forms for one in came)
        if self.echo.times:
            self.echo.times -= 1
            page = said if self.echo.kind == "html" else json.dumps({"message": said, "errors": []})
            self.say(self.echo.status, self.echo.kind, page, self.echo.more)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, right = answer_to(Heard(self.command, self.path, headers, body), lambda _: False)
        records = right["data"] if isinstance(right["data"], list) else [right["data"]]
        records[0] |= {"description": said, "comment": said, "text": said, "externalCase": {"id": said}}
        self.say(status, "json", json.dumps({**right, "echo": said}))

    do_GET = do_POST = answer  # noqa: N815 - the library's names

    def pair(self, body: str) -> dict[str, Any]:
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.echo.pairs += 1
        if "code_verifier" in form:
            self.echo.canaries.add("verifier", form["code_verifier"])
        tokens = {name: self.echo.new(name) for name in ("access_token", "refresh_token")}
        return {**tokens, "expires_in": 28_799, "token_type": "Bearer", "echo": [form, body]}

    def say(self, status: int, kind: str, text: str, more: dict[str, str] | None = None) -> None:
        body = (f"<html><body><p>{text}</p></body></html>" if kind == "html" else text).encode()
        self.send_response(status)
        echoes = {"X-Echo": self.headers.get("Authorization", ""), "x-spr-api_key": self.echo.key}
        sized = {"Content-Length": str(len(body)), "Content-Type": f"text/{kind}", **(more or {})}
        for name, value in {**echoes, **sized}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def echo() -> Generator[Echo]:
    with Echo() as peer:
        threading.Thread(target=peer.serve_forever, daemon=True).start()
        yield peer
        peer.shutdown()


@pytest.fixture
def installation(echo: Echo, tmp_path: Path) -> Installation:
    loud = tmp_path / "loud"
    loud.mkdir()
    (loud / "sitecustomize.py").write_text(LOUD)
    return Installation(tmp_path / "home", {**echo.settings, **WIDE, "PYTHONPATH": str(loud)})


def log_in(installation: Installation, echo: Echo) -> str:
    """Log in as a person who pastes the address; answers all that was said after the address to open."""
    code = echo.new("code")
    with login_command(installation, "--paste", "--no-browser") as login:
        state = query_of(login.address())["state"]
        login.said = ""
        status, out, said = login.ended(f"{REDIRECT}?code={code}&state={state}\n")
    assert status == 0, said
    return out + said


@contextmanager
def serving(installation: Installation, era: str, errors: Path) -> Generator[Piped]:
    with errors.open("wb") as file, piped(installation, era, stderr=file.fileno()) as server:
        yield server
        assert server.process.stdin is not None
        server.process.stdin.close()
        assert server.ended(10) == 0


def call_everything(server: Piped, echo: Echo) -> None:
    """Reads and writes, answered rightly and in every wrong way, and one that fails inside the server."""
    number = 0

    def call(tool: str, arguments: dict[str, Any]) -> str:
        nonlocal number
        number += 1
        server.call(number, tool, arguments)
        return json.dumps(server.answer_to(number)["result"], ensure_ascii=False)

    assert "[redacted]" in call(READ, {**CASE, "detail": True})
    assert '"isError": true' not in call(WRITE, NOTE)
    for form in FORMS:
        for kind in ("json", "html"):
            echo.repeat(400, kind, [form])
            assert "UPSTREAM_REFUSED" in call(READ, CASE)
    for status, tool, arguments in [
        (401, READ, CASE),
        (403, READ, CASE),
        (500, WRITE, NOTE),
        (302, READ, CASE),
    ]:
        echo.repeat(status, "json", list(FORMS), times=2)
        assert '"isError": true' in call(tool, arguments)
        echo.times = 0
    echo.repeat(200, "html", list(FORMS))
    assert "UPSTREAM_BAD_RESPONSE" in call(READ, CASE)
    echo.repeat(200, "json", ["raw"], more={"X-Break": "yes"})
    assert "in a way that nobody foresaw" in call(READ, CASE)


@pytest.mark.parametrize("era", ERAS)
def test_what_sprinklr_repeats_is_seen_nowhere(
    era: str, echo: Echo, installation: Installation, tmp_path: Path
) -> None:
    """SR-11: keys, tokens, codes: none in any answer, log, traceback, file, audit, process list."""
    sinks = {"login": log_in(installation, echo)}
    with serving(installation, era, tmp_path / "errors") as server:
        call_everything(server, echo)
        sinks["process"] = Path(f"/proc/{server.process.pid}/cmdline").read_bytes().decode("latin-1")
    sinks["stdout"] = json.dumps(server.messages)
    sinks["results"] = json.dumps(server.messages, ensure_ascii=False)
    sinks["stderr"] = (tmp_path / "errors").read_text()
    assert echo.pairs > 1, "the login was renewed"
    for words in ("RuntimeError: answered", "Sprinklr answered 400", "httpcore2", "[redacted]"):
        assert words in sinks["stderr"]
    sinks |= commands(installation, echo)
    for file in installation.home.iterdir():
        sinks[file.name] = file.read_bytes().decode("latin-1")
    assert {name: echo.canaries.leaked_in(text) for name, text in sinks.items()} == dict.fromkeys(sinks)


def commands(installation: Installation, echo: Echo) -> dict[str, str]:
    """What every command prints that tells of a call, of the login or of what was done."""
    said = {"call": printed(installation, "call", READ, json.dumps({**CASE, "detail": True}))}
    assert "[redacted]" in said["call"]
    for form in ("raw", "percent twice", "base64, one before", "HTML"):
        echo.repeat(400, "html", [form])
        said[f"call, {form}"] = printed(installation, "call", READ, json.dumps(CASE))
        assert "Details: status 400: [redacted]" in said[f"call, {form}"]
    for command in (["status"], ["status", "--json"], ["audit"], ["audit", "--json"]):
        said[" ".join(command)] = printed(installation, *command)
    return said


def printed(installation: Installation, *command: str) -> str:
    done: subprocess.CompletedProcess[str] = installation.run(*command)
    return done.stdout + done.stderr
