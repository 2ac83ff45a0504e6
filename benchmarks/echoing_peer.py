"""A Sprinklr that answers as the simulator did the first time: at once on one port, later on another.

The simulator's own work would be a part of every time that is measured, and hide a part of ours. Prints the
two ports on one line, and runs until it is ended.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from dataclasses import dataclass, field

import httpx2

LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
PASSED_ON = (b"authorization", b"key", b"accept", b"content-type")


@dataclass
class Answers:
    """What the simulator answered, by method and target."""

    simulator: httpx2.AsyncClient
    known: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])

    async def to(self, head: bytes, body: bytes) -> bytes:
        """Return the whole answer to a request, asking the simulator only for one that is new."""
        line = head.split(b"\r\n", 1)[0]
        if line not in self.known:
            self.known[line] = await self._asked(head, body)
        return self.known[line]

    async def _asked(self, head: bytes, body: bytes) -> bytes:
        method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        named = (line.split(b":", 1) for line in head.split(b"\r\n")[1:] if line)
        headers = {
            name.decode(): value.strip().decode() for name, value in named if name.lower() in PASSED_ON
        }
        reply = await self.simulator.request(method, target, headers=headers, content=body or None)
        content = reply.raise_for_status().content
        kind = reply.headers.get("content-type", "text/plain")
        first = f"HTTP/1.1 {reply.status_code} OK"
        fields = f"{first}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
        return fields.encode() + content


async def _serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answers: Answers, seconds: float
) -> None:
    """Answer the requests of one connection, each after so many seconds."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            body = await reader.readexactly(int(length[1])) if length else b""
            answer = await answers.to(head, body)
            if seconds:
                await asyncio.sleep(seconds)
            writer.write(answer)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(simulator: str, seconds: float) -> None:
    """Listen on both ports."""
    async with httpx2.AsyncClient(base_url=simulator, trust_env=False, timeout=30) as client:
        answers = Answers(client)
        at_once = await asyncio.start_server(lambda r, w: _serve(r, w, answers, 0), "127.0.0.1", 0)
        later = await asyncio.start_server(lambda r, w: _serve(r, w, answers, seconds), "127.0.0.1", 0)
        print(*(one.sockets[0].getsockname()[1] for one in (at_once, later)), flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("simulator")
    parser.add_argument("--seconds", type=float, default=0.1)
    given = parser.parse_args()
    asyncio.run(main(given.simulator, given.seconds))
