"""A client of our own making: it may say anything, also what the SDK's client would not."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from installation import COMMAND, Installation


class Wire:
    """A client of our own making, which may say anything."""

    def __init__(self, process: subprocess.Popen[str], capabilities: dict[str, Any], modern: bool) -> None:
        self._process = process
        self._capabilities = capabilities
        self._modern = modern
        self._numbers = itertools.count(1)

    def send(self, **message: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self._process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        """Return the next request or answer; the server may also send notes."""
        assert self._process.stdout is not None
        while True:
            message = json.loads(self._process.stdout.readline())
            if "id" in message:
                return message

    def greet(self) -> None:
        if self._modern:
            return
        about = {"name": "test", "version": "1"}
        versions = {"protocolVersion": "2025-11-25", "capabilities": self._capabilities, "clientInfo": about}
        self.send(id=next(self._numbers), method="initialize", params=versions)
        self.receive()
        self.send(method="notifications/initialized")

    def call(self, name: str, arguments: dict[str, Any], **more: Any) -> dict[str, Any]:
        params: dict[str, Any] = {"name": name, "arguments": arguments, **more}
        if self._modern:
            params["_meta"] = {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
                "io.modelcontextprotocol/clientCapabilities": self._capabilities,
            }
        self.send(id=next(self._numbers), method="tools/call", params=params)
        return self.receive()

    def call_and_answer(self, name: str, arguments: dict[str, Any], answer: object) -> dict[str, Any]:
        """Call, answer the question with anything at all, and return what the server makes of it."""
        asked = self.call(name, arguments)
        if not self._modern:
            assert asked["method"] == "elicitation/create"
            self.send(id=asked["id"], result=answer)
            return self.receive()
        state = asked["result"]["requestState"]
        (request,) = asked["result"]["inputRequests"]
        return self.call(name, arguments, requestState=state, inputResponses={request: answer})


@contextmanager
def wire(installation: Installation, era: str, capabilities: dict[str, Any]) -> Generator[Wire]:
    process = subprocess.Popen(
        [COMMAND, "serve"],
        env=installation.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        line = Wire(process, capabilities, modern=era == "2026-07-28")
        line.greet()
        yield line
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)
