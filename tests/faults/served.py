"""A real `sprinklr-mcp serve` and a client of our own over its pipes: many calls at once, in both eras."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from faults.answers import MARK
from faults.told import Told
from faults.work import Work, typed_by_a_person

COMMAND = str(Path(sys.executable).with_name("sprinklr-mcp"))
LEGACY, MODERN = "2025-11-25", "2026-07-28"
ERAS = (LEGACY, MODERN)
LONGEST_START = 60.0
LONGEST_LINE = 64 * 1024 * 1024
FORMS = {"elicitation": {"form": {}}}
ABOUT = {"name": "campaign", "version": "1"}
End = str
"""How a process is ended: "EOF", or the name of a signal."""


class Served:
    """One server process. `heard` gets every line of its stdout and stderr."""

    running: ClassVar[set[Served]] = set()
    """Those that have not ended: nobody else ends them if a campaign breaks off."""

    def __init__(
        self, process: asyncio.subprocess.Process, era: str, heard: Callable[[str, str], None]
    ) -> None:
        self._process = process
        self._heard = heard
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.agreed: Counter[str] = Counter()
        """How often the person agreed to something, by the mark of the deed."""
        self.era = era
        self.asked_to_end = False
        self.odd: list[dict[str, Any]] = []
        """Messages that answer no call: errors without an id, and the like."""
        self.running.add(self)
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._read_errors())]

    @classmethod
    async def start(
        cls, environment: Mapping[str, str], era: str, heard: Callable[[str, str], None]
    ) -> Served:
        """Start a process and greet it. Raises `TimeoutError` where it does not answer, and ends it."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            COMMAND,
            "serve",
            env=dict(environment),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            limit=LONGEST_LINE,
            start_new_session=True,
        )
        served = cls(process, era, heard)
        # Starting takes long where many start at once; what is measured begins when it is there.
        try:
            await asyncio.wait_for(served._greet() if era == LEGACY else served._look_around(), LONGEST_START)
        except TimeoutError:
            await served.kill()
            raise
        return served

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def gone(self) -> bool:
        return self._process.returncode is not None

    @property
    def status(self) -> int | None:
        """The exit status; a signal's number, negative, where one ended it."""
        return self._process.returncode

    async def call(self, work: Work, patience: float, told: Told | None = None) -> Told:
        """Make a call and wait for its answer, `patience` seconds at most."""
        told = told or Told(work, time.time())
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(patience):
                told.take(await self._answer(work))
        told.ended = time.time()
        return told

    def write(self, line: bytes) -> None:
        """Write a line as it is."""
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            with contextlib.suppress(ConnectionError):
                self._process.stdin.write(line)

    def cancel_newest(self) -> None:
        """Tell the server that nobody waits for the newest call any more."""
        if self._waiting:
            params = {"requestId": max(self._waiting), "reason": "changed my mind"}
            self._say(method="notifications/cancelled", params=self._with_meta(params))

    async def end(self, how: End, patience: float = 12.0) -> float:
        """End the process and return how many seconds it took; kills it once patience is over."""
        self.asked_to_end = True
        began = time.monotonic()
        if how == "EOF":
            self._close_stdin()
        elif not self.gone:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(getattr(signal, how))
        try:
            await asyncio.wait_for(self._process.wait(), patience)
        except TimeoutError:
            await self.kill()
        took = time.monotonic() - began
        self.running.discard(self)
        self._close_stdin()
        await asyncio.wait(self._tasks, timeout=5)
        return took

    async def kill(self) -> None:
        """End the process at once."""
        self.asked_to_end = True
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self.running.discard(self)

    def descriptors(self) -> int:
        """Return how many files and sockets the process has open."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def memory(self) -> float:
        """Return how much memory the process uses, in MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def _close_stdin(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def _greet(self) -> None:
        params = {"protocolVersion": LEGACY, "capabilities": FORMS, "clientInfo": ABOUT}
        await self._request("initialize", params, next(self._numbers))
        self._say(method="notifications/initialized")

    async def _look_around(self) -> None:
        await self._request("tools/list", {}, next(self._numbers))

    async def _answer(self, work: Work) -> dict[str, Any]:
        """Call, and answer what is asked; facts that change meanwhile may have it asked again."""
        params: dict[str, Any] = {"name": work.tool, "arguments": work.arguments}
        answer: dict[str, Any] = {}
        for _ in range(3):
            answer = await self._request("tools/call", params, next(self._numbers))
            asked = answer.get("result", {}).get("inputRequests")
            if not asked:
                break
            (name, question), *_ = asked.items()
            reply = self._agree(question["params"]["message"])
            state = answer["result"]["requestState"]
            params = {**params, "requestState": state, "inputResponses": {name: reply}}
        return answer

    async def _request(self, method: str, params: dict[str, Any], number: int) -> dict[str, Any]:
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        try:
            self._say(id=number, method=method, params=self._with_meta(params))
            return await future
        finally:
            self._waiting.pop(number, None)

    def _with_meta(self, params: dict[str, Any]) -> dict[str, Any]:
        if self.era == LEGACY:
            return params
        about = "io.modelcontextprotocol/"
        meta = {f"{about}protocolVersion": MODERN, f"{about}clientInfo": ABOUT}
        return {**params, "_meta": {**meta, f"{about}clientCapabilities": FORMS}}

    def _say(self, **message: Any) -> None:
        self.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            text = line.decode("utf-8", "replace")
            self._heard("stdout", text)
            try:
                message = json.loads(text)
            except ValueError:
                self.odd.append({"not protocol": text[:200]})
                continue
            self._understand(message)
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ConnectionResetError("the server is gone"))

    def _understand(self, message: dict[str, Any]) -> None:
        number = message.get("id")
        if "method" in message:
            if number is not None:
                asks = message["method"] == "elicitation/create"
                self._say(id=number, result=self._agree(message["params"]["message"]) if asks else {})
            return
        future = self._waiting.get(number) if isinstance(number, int) else None
        if future is None:
            self.odd.append(message)
        elif not future.done():
            future.set_result(message)

    def _agree(self, question: str) -> dict[str, Any]:
        """Answer a question as a person who reads it and agrees."""
        found = MARK.search(question)
        self.agreed[found[0] if found else ""] += 1
        return {"action": "accept", "content": {"typed": typed_by_a_person(question)}}

    async def _read_errors(self) -> None:
        assert self._process.stderr is not None
        while line := await self._process.stderr.readline():
            self._heard("stderr", line.decode("utf-8", "replace"))
