"""A server process with bare pipes: any lines in, whatever comes out kept in order, ends of any kind."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from installation import COMMAND, Installation

ABOUT = "io.modelcontextprotocol/"
HELLO = {
    "protocolVersion": "2025-11-25",
    "capabilities": {"elicitation": {"form": {}}},
    "clientInfo": {"name": "test", "version": "1"},
}
ENVELOPE = {
    f"{ABOUT}protocolVersion": "2026-07-28",
    f"{ABOUT}clientInfo": HELLO["clientInfo"],
    f"{ABOUT}clientCapabilities": HELLO["capabilities"],
}


class Piped:
    """A server and both ends of its pipes. Nothing is read from it before somebody listens."""

    def __init__(self, process: subprocess.Popen[bytes], era: str) -> None:
        self.process = process
        self._modern = era == "2026-07-28"
        self._heard: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self.messages: list[dict[str, Any]] = []
        self._listener: threading.Thread | None = None

    def greet(self) -> None:
        if not self._modern:
            self.request("hello", "initialize", HELLO)
            self.answer_to("hello")
            self.say({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def say(self, *messages: dict[str, Any] | bytes) -> None:
        """Write lines, all at once."""
        lines = (one if isinstance(one, bytes) else json.dumps(one).encode() for one in messages)
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(line + b"\n" for line in lines))
        self.process.stdin.flush()

    def message(self, number: int | str, method: str, params: dict[str, Any]) -> dict[str, Any]:
        meta = {"_meta": ENVELOPE} if self._modern else {}
        return {"jsonrpc": "2.0", "id": number, "method": method, "params": {**params, **meta}}

    def request(self, number: int | str, method: str, params: dict[str, Any] | None = None) -> None:
        self.say(self.message(number, method, params or {}))

    def call(self, number: int | str, tool: str, arguments: dict[str, Any], **more: Any) -> None:
        self.request(number, "tools/call", {"name": tool, "arguments": arguments, **more})

    def cancel(self, number: int | str) -> None:
        self.say({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": number}})

    def listen(self) -> None:
        """Begin to read what the server writes; a line that is no message fails whoever waits for one."""
        if self._listener is None:
            self._listener = threading.Thread(target=self._listen, daemon=True)
            self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._heard.put(json.loads(line))
        self._heard.put(None)

    def heard(self, seconds: float = 40) -> Iterator[dict[str, Any]]:
        """Yield each message that comes, until the server ends."""
        self.listen()
        while (message := self._heard.get(timeout=seconds)) is not None:
            self.messages.append(message)
            yield message

    def answer_to(self, number: int | str | None) -> dict[str, Any]:
        for message in self.heard():
            if message.get("id") == number and "method" not in message:
                return message
        raise AssertionError(f"the server ended without an answer to {number}")

    def question(self) -> dict[str, Any]:
        """The next request of the server's own."""
        return next(message for message in self.heard() if "method" in message and "id" in message)

    def ended(self, within: float) -> int:
        """The status with which the process ends, and it has to."""
        begun = time.monotonic()
        status = self.process.wait(within + 20)
        assert time.monotonic() - begun < within
        return status

    def memory(self) -> float:
        """The most memory that the process ever had, in MB."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


@contextmanager
def piped(
    installation: Installation, era: str, command: list[str] | None = None, stderr: int | None = None
) -> Generator[Piped]:
    """Start a server and greet it; it is killed in the end if it still runs."""
    process = subprocess.Popen(
        command or [COMMAND, "serve"],
        env=installation.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )
    try:
        server = Piped(process, era)
        server.greet()
        yield server
    finally:
        process.kill()
        process.wait(20)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
