"""A person's browser, as far as a login needs one: opens a page, fills in its form, presses a button.

As a program it is one, with a person at it who logs in: `BROWSER="python browser.py %s"`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx2
from installation import COMMAND, Installation

from sprinklr_mcp.machine import Machine
from sprinklr_mcp.tokens.login import begin, finish

EMAIL, PASSWORD = "grace.okafor@example.com", "simulator"
"""Of the simulated people, the one who may let an app in."""


class Form(HTMLParser):
    """What a page's form would send if nothing of it were changed, by name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        unticked = given.get("type") == "checkbox" and "checked" not in given
        if tag == "input" and name and not unticked:
            self.fields.setdefault(name, []).append(given.get("value") or "")


class Browser:
    """One window. It goes where the pages lead, and no further than it is told."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        self.address = ""
        self.page = httpx2.Response(200)

    def open(self, address: str) -> httpx2.Response:
        self.address = address
        self.page = self._client.get(address)
        return self.page

    def submit(self, **typed: str | list[str]) -> httpx2.Response:
        """Send the page's form, with what was typed into it or pressed."""
        fields = {**Form(self.page.text).fields, **typed}
        self.page = self._client.post(self.address, data=fields)
        return self.page

    def sent_to(self) -> str:
        """The address that the page sends the browser to."""
        assert self.page.status_code == 302, self.page.text
        return self.page.headers["location"]

    def log_in(self, address: str, *, workspaces: list[str] | None = None) -> str:
        """Log in, let the app in, and say where that leads to; nothing there is opened yet."""
        self.open(address)
        self.submit(email=EMAIL, password=PASSWORD)
        self.submit(**({} if workspaces is None else {"workspace": workspaces}))
        return self.sent_to()


@contextmanager
def a_browser() -> Generator[Browser]:
    with httpx2.Client(follow_redirects=False, trust_env=False, timeout=20) as client:
        yield Browser(client)


class LoginCommand:
    """`sprinklr-mcp login` as it runs: what it says, and how it ends."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""

    def address(self) -> str:
        """The address that the person is asked to open."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said += line
            if line.startswith("http"):
                return line.strip()
        raise AssertionError(f"no address was shown: {self.said}")

    def ended(self, typed: str | None = None) -> tuple[int, str, str]:
        """Wait for its end; answers status, stdout and all of stderr."""
        out, err = self.process.communicate(typed, timeout=30)
        return self.process.returncode, out, self.said + err

    @property
    def waits(self) -> bool:
        return self.process.poll() is None


@contextmanager
def login_command(installation: Installation, *options: str, **variables: str) -> Generator[LoginCommand]:
    """Run the command; it is ended with the block at the latest."""
    process = subprocess.Popen(
        [COMMAND, "login", *options],
        env={**installation.environment, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield LoginCommand(process)
        finally:
            process.kill()


def log_in_as_a_person(installation: Installation) -> None:
    """Log in by browser, as `login --paste` does, but in this process, which is much faster."""

    async def log_in(machine: Machine) -> None:
        attempt = begin(machine.settings)
        with a_browser() as browser:
            await finish(machine, browser.log_in(attempt.address), attempt)

    installation.work(log_in)


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


if __name__ == "__main__":
    with a_browser() as window:
        window.open(window.log_in(sys.argv[1]))
