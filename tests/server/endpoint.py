"""A server over HTTP in a process of its own, and clients of it: the SDK's, and one that may say anything."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import time
from collections.abc import AsyncGenerator, Generator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
from installation import COMMAND, ERAS, Installation, Person
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from piped import ENVELOPE, HELLO

KINDS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
BEGIN = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HELLO}
LEGACY, MODERN = ERAS
EVERY = httpx2.Limits(max_connections=None)


@dataclass
class Endpoint:
    """A server and its address."""

    process: subprocess.Popen[str]
    url: str
    http: httpx2.Client

    @property
    def place(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        assert parts.port is not None
        return parts.hostname, parts.port

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def origin(self) -> str:
        return f"http://{self.place[0]}:{self.place[1]}"

    def connection(self) -> socket.socket:
        return socket.create_connection(self.place, timeout=30)

    @asynccontextmanager
    async def client(self, era: str, person: Person | None = None) -> AsyncGenerator[Client]:
        """Connect the SDK's client in that era of the protocol."""
        async with (
            httpx2.AsyncClient(timeout=40) as http,
            Client(
                streamable_http_client(self.url, http_client=http),
                mode=ERAS[era],
                elicitation_callback=person,
                read_timeout_seconds=40,
            ) as client,
        ):
            yield client

    def ended(self, within: float) -> int:
        """The status with which the process ends, and it has to."""
        begun = time.monotonic()
        status = self.process.wait(within + 20)
        assert time.monotonic() - begun < within
        return status


@contextmanager
def served_over_http(installation: Installation, *options: str) -> Generator[Endpoint]:
    """Start a server; it is killed in the end if it still runs."""
    command = [COMMAND, "serve", "--http", "--json", *options]
    with subprocess.Popen(
        command, env=installation.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            with httpx2.Client(timeout=40, limits=EVERY) as http:
                yield Endpoint(process, json.loads(process.stdout.readline())["url"], http)
        finally:
            process.kill()


class Caller:
    """A client that sends one request at a time, over a connection of its own, with any headers and ids."""

    def __init__(self, endpoint: Endpoint, era: str) -> None:
        self._endpoint = endpoint
        self.era = era
        self._session: dict[str, str] = {}
        self._numbers = itertools.count(1)

    def greet(self) -> None:
        if self.era == MODERN:
            return
        told = self.post({"jsonrpc": "2.0", "id": "hello", "method": "initialize", "params": HELLO})
        self._session = {"Mcp-Session-Id": told.headers["mcp-session-id"]}
        self.post({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def headers(self, message: dict[str, Any]) -> dict[str, str]:
        if self.era == LEGACY:
            return {**KINDS, **self._session}
        name = message.get("params", {}).get("name")
        named = {"Mcp-Name": name} if name else {}
        return {**KINDS, "MCP-Protocol-Version": MODERN, "Mcp-Method": message["method"], **named}

    def post(self, message: dict[str, Any]) -> httpx2.Response:
        return self._endpoint.http.post(self._endpoint.url, json=message, headers=self.headers(message))

    def message(self, method: str, params: dict[str, Any], number: int | str | None = None) -> dict[str, Any]:
        meta = {"_meta": ENVELOPE} if self.era == MODERN else {}
        number = next(self._numbers) if number is None else number
        return {"jsonrpc": "2.0", "id": number, "method": method, "params": {**params, **meta}}

    def call(self, tool: str, arguments: dict[str, Any], number: int | str | None = None) -> dict[str, Any]:
        """Call a tool, and return the message that answers."""
        asked = self.message("tools/call", {"name": tool, "arguments": arguments}, number)
        return answer_in(self.post(asked))

    @contextmanager
    def streamed(self, message: dict[str, Any]) -> Generator[Iterator[dict[str, Any]]]:
        """Send a message, and yield what comes on the stream that answers."""
        headers = self.headers(message)
        with self._endpoint.http.stream(
            "POST", self._endpoint.url, json=message, headers=headers
        ) as response:
            yield events_in(response.iter_lines())

    @contextmanager
    def listening(self) -> Generator[Iterator[str]]:
        """Listen to what belongs to no call, and yield its lines."""
        headers = {**KINDS, **self._session}
        with self._endpoint.http.stream("GET", self._endpoint.url, headers=headers) as response:
            assert response.status_code == 200
            yield response.iter_lines()


def answer_in(response: httpx2.Response) -> dict[str, Any]:
    """The one answer in a response, which may be JSON or an event stream."""
    if response.headers["content-type"].startswith("text/event-stream"):
        (answer,) = [one for one in events_in(response.text.splitlines()) if "id" in one]
        return answer
    return response.json()


def events_in(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))
