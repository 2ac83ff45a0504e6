"""What a test works with: a simulated Sprinklr in a process of its own, and an installation that uses it.

The simulator's own log says what happened at Sprinklr; nothing here asks the product what it believes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import httpx2
import mcp_types as types
from mcp import Client, StdioServerParameters

from sprinklr_mcp.machine import opened
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.tokens.login import log_in_as_client

COMMAND = str(Path(sys.executable).with_name("sprinklr-mcp"))
ERAS = {"2025-11-25": "legacy", "2026-07-28": "auto"}
"""The SDK client's mode for each era of the protocol."""


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
            yield Sprinklr(announced, control)
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
        others = {name: value for name, value in os.environ.items() if not name.startswith("SPRINKLR_")}
        return {**others, "SPRINKLR_MCP_HOME": str(self.home), **self.variables}

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

    def log_in(self) -> None:
        """Log in as `login --grant client-credentials` does, but in this process, which is much faster."""
        with ThreadPoolExecutor(1) as thread:
            thread.submit(anyio.run, self._log_in).result()

    async def _log_in(self) -> None:
        async with opened(Settings.from_environment(self.environment)) as machine:
            await log_in_as_client(machine)

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

    def audit(self) -> list[dict[str, Any]]:
        return json.loads(self.run("audit", "--json", "--last", "1000").stdout)


def text_of(result: Any) -> str:
    """The text a model would read."""
    return result.content[0].text


def code_of(result: Any) -> str:
    """The catalogue's code of a result that is an error."""
    assert result.is_error, text_of(result)
    return result.structured_content["error"]["code"]
