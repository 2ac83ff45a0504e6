"""The person's own browser, as far as the server sees it: a program that is called with an address."""

from __future__ import annotations

import stat
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path

import httpx2
from installation import COMMAND, ERAS, Installation
from mcp import Client, StdioServerParameters


class Opened:
    """What was opened, in the order of time. `refusing` is a browser that does not come up."""

    def __init__(self, folder: Path, *, refusing: bool = False) -> None:
        self.taken: list[str] = []
        self._file = folder / "opened"
        self._file.touch()
        self._program = folder / "browser"
        # It also says what it opens, as some browsers do: nobody may hear that.
        self._program.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" | tee -a "{self._file}"\necho "$@" >&2\nexit {int(refusing)}\n'
        )
        self._program.chmod(self._program.stat().st_mode | stat.S_IXUSR)

    def by(self, installation: Installation) -> Installation:
        """The installation of a person with this browser."""
        return installation.changed(BROWSER=f"{self._program} %s")

    @property
    def addresses(self) -> list[str]:
        return self._file.read_text().splitlines()

    def forget(self) -> None:
        self._file.write_text("")

    def next(self) -> str:
        """The one address that was opened since the last time."""
        give_up = time.monotonic() + 20
        while not (found := self.addresses):
            assert time.monotonic() < give_up, "no page was opened"
            time.sleep(0.02)
        self.forget()
        (address,) = found
        self.taken.append(address)
        return address


@asynccontextmanager
async def client_with_log(installation: Installation, era: str, log: Path) -> AsyncGenerator[Client]:
    """A client that cannot ask, of a server whose log is kept."""
    command = f'exec "{COMMAND}" serve 2>>"{log}"'
    serving = StdioServerParameters(command="sh", args=["-c", command], env=installation.environment)
    async with Client(serving, mode=ERAS[era], read_timeout_seconds=30) as client:
        yield client


def answer(address: str, /, *, headers: dict[str, str] | None = None, **form: str) -> httpx2.Response:
    """Send what the page's own form would send, as a browser does."""
    own = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    with httpx2.Client(trust_env=False, timeout=20) as browser:
        return browser.post(
            address, data=form, headers=own if headers is None else headers, follow_redirects=True
        )


def look(address: str) -> httpx2.Response:
    with httpx2.Client(trust_env=False, timeout=20) as browser:
        return browser.get(address)


def heading(page: httpx2.Response) -> str:
    """What a page says first."""
    return unescape(page.text.partition("<h1>")[2].partition("</h1>")[0])
