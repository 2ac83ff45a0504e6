"""What a test works with: a simulated Sprinklr in a process of its own, and an installation that uses it.

The simulator's own log says what happened at Sprinklr; nothing here asks the product what it believes.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import anyio
import httpx2
import mcp_types as types
from mcp import Client, StdioServerParameters

from sprinklr_mcp.edge.server import build_server
from sprinklr_mcp.machine import Machine, opened
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.tokens.login import log_in_as_client

Done = TypeVar("Done")
COMMAND = str(Path(sys.executable).with_name("sprinklr-mcp"))
ERAS = {"2025-11-25": "legacy", "2026-07-28": "auto"}
"""The SDK client's mode for each era of the protocol."""
BUDGETED = ("publish_message", "delete_case_by_number", "delete_case_by_id")
WIDE = {
    "SPRINKLR_CALLS_PER_SECOND": "1000",
    "SPRINKLR_CALLS_PER_HOUR": "1000000",
    "SPRINKLR_BUDGETS": ",".join(f"{tool}=1000000" for tool in BUDGETED),
}
"""Limits that a test doesn't run into by accident."""
SCREENS = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
"""What leads to a browser: no test opens the one of whoever runs it."""


@dataclass
class Sprinklr:
    """A running simulator, seen from outside."""

    announced: dict[str, str]
    control: httpx2.Client

    @property
    def settings(self) -> dict[str, str]:
        """The variables that lead an installation here."""
        return {
            "SPRINKLR_BASE_URL": self.announced["base_url"],
            "SPRINKLR_ENVIRONMENT": self.announced["environment"],
            "SPRINKLR_API_KEY": self.announced["api_key"],
            "SPRINKLR_API_SECRET": self.announced["api_secret"],
            "SPRINKLR_REDIRECT_URI": self.announced["redirect_uri"],
            "SPRINKLR_DEFAULT_CAMPAIGN": "7001_12",
        }

    def reset(self) -> None:
        self.clear_faults()
        self.control.post("/_simulator/reset").raise_for_status()

    def commits(self) -> list[dict[str, Any]]:
        """Every write that really happened."""
        return self.control.get("/_simulator/commits").raise_for_status().json()["commits"]

    def requests(self, path: str = "") -> list[dict[str, Any]]:
        """Every request that came, token calls included, whose path holds that text."""
        found = self.control.get("/_simulator/requests").raise_for_status().json()["requests"]
        return [one for one in found if path in one["path"]]

    def fault(self, match: str, kind: str, times: int = 1, **more: Any) -> None:
        body = {"match": match, "kind": kind, "times": times, **more}
        self.control.post("/_simulator/faults", json=body).raise_for_status()

    def clear_faults(self) -> None:
        """Forget the faults. One that nothing ever met has tested nothing."""
        assert self.forget_faults() == []

    def forget_faults(self) -> list[str]:
        """Forget the faults, where it is the server's affair how many it meets; return the unmet ones."""
        return self.control.delete("/_simulator/faults").raise_for_status().json()["unmet"]


class Since(Sprinklr):
    """The Sprinklr of a whole file, of which a test sees the writes that happened since it began."""

    def __init__(self, sprinklr: Sprinklr) -> None:
        super().__init__(sprinklr.announced, sprinklr.control)
        self._before = len(sprinklr.commits())

    def commits(self) -> list[dict[str, Any]]:
        return super().commits()[self._before :]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def running_sprinklr(*options: str) -> Generator[Sprinklr]:
    """Run `sprinklr-mcp simulator` as a person would; limits are wide unless options narrow them."""
    wide = ["--calls-per-second", "10000", "--calls-per-hour", "1000000"]
    process = subprocess.Popen(
        [COMMAND, "simulator", "--json", *wide, *options], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        announced = json.loads(process.stdout.readline())
        with httpx2.Client(base_url=announced["base_url"], timeout=20) as control:
            sprinklr = Sprinklr(announced, control)
            yield sprinklr
            sprinklr.clear_faults()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@dataclass
class Person:
    """Whoever sits at the client: what they were asked, and what they do about it.

    `does` is "accept", "decline" or "cancel"; `types` is what stands in the form when they accept.
    """

    does: str = "accept"
    types: object = ""
    content: dict[str, Any] | None = None
    asked: list[str] = field(default_factory=list[str])
    forms: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    async def __call__(self, context: Any, params: Any) -> types.ElicitResult:
        self.asked.append(params.message)
        self.forms.append(params.requested_schema)
        name = next(iter(params.requested_schema["properties"]))
        content = {name: self.types} if self.content is None else self.content
        # Built without checks: a client may send anything.
        return types.ElicitResult.model_construct(
            action=self.does, content=content if self.does == "accept" else None
        )


@dataclass
class Installation:
    """One person's sprinklr-mcp, with a data folder of its own."""

    home: Path
    variables: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        others = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("SPRINKLR_") and name not in SCREENS
        }
        return {**others, "SPRINKLR_MCP_HOME": str(self.home), **self.variables}

    def changed(self, **variables: str) -> Installation:
        """The same installation with other settings."""
        return Installation(self.home, {**self.variables, **variables})

    def run(
        self, *arguments: str, stdin: str | None = None, timeout: float = 30
    ) -> subprocess.CompletedProcess[str]:
        """Run one of the commands, with no terminal to ask at."""
        return subprocess.run(
            [COMMAND, *arguments],
            env=self.environment,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            timeout=timeout,
            start_new_session=True,
        )

    def machine(self) -> AbstractAsyncContextManager[Machine]:
        """What a command or a server of this installation would work with."""
        return opened(Settings.from_environment(self.environment))

    def work(self, do: Callable[[Machine], Awaitable[Done]]) -> Done:
        """Do what a command does, but in this process, which is much faster."""

        async def on_machine() -> Done:
            async with self.machine() as machine:
                return await do(machine)

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(anyio.run, on_machine).result()

    def log_in(self) -> None:
        """Log in as `login --grant client-credentials` does."""
        self.work(log_in_as_client)

    @property
    def serving(self) -> StdioServerParameters:
        return self.serving_with([])

    def serving_with(self, flags: list[str]) -> StdioServerParameters:
        return StdioServerParameters(command=COMMAND, args=["serve", *flags], env=self.environment)

    @asynccontextmanager
    async def client(
        self, era: str, person: Person | None = None, flags: list[str] | None = None
    ) -> AsyncGenerator[Client]:
        """Start a server process and connect the SDK's client to it, in that era of the protocol."""
        async with Client(
            self.serving_with(flags or []),
            mode=ERAS[era],
            elicitation_callback=person,
            read_timeout_seconds=30,
        ) as client:
            yield client

    @asynccontextmanager
    async def client_here(self, era: str, person: Person | None = None) -> AsyncGenerator[Client]:
        """Connect the SDK's client to the same server in this process, which is much faster.

        For what a server answers; what happens between processes, or to one, needs processes.
        """
        async with (
            self.machine() as machine,
            Client(
                build_server(machine),
                mode=ERAS[era],
                elicitation_callback=person,
                read_timeout_seconds=30,
            ) as client,
        ):
            yield client

    @contextmanager
    def store(self) -> Generator[sqlite3.Connection]:
        """Open the store as somebody does who goes around the product; what is changed is kept."""
        with closing(sqlite3.connect(self.home / "store.sqlite3")) as store, store:
            yield store

    def audit(self) -> list[dict[str, Any]]:
        """The records of the log as `audit --json` shows them, but for their times."""

        async def read(machine: Machine) -> list[dict[str, Any]]:
            return [{"number": row.number, **row.record} async for row in machine.audit.rows()]

        return self.work(read)


def text_of(result: Any) -> str:
    """The text a model would read."""
    return result.content[0].text


def facts_of(result: types.CallToolResult) -> dict[str, Any]:
    assert not result.is_error, text_of(result)
    assert result.structured_content is not None
    return result.structured_content["facts"]


def code_of(result: Any) -> str:
    """The catalogue's code of a result that is an error."""
    assert result.is_error, text_of(result)
    return result.structured_content["error"]["code"]
