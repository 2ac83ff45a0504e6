"""How long a server takes from its start to its list and to its first answer, and its memory by then.

Some frameworks start a server anew for every call, so they wait for exactly this. Linux alone tells the
memory of another process at its highest.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sides import Pair, Side

HELLO = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "bench", "version": "1"},
}


@dataclass(frozen=True)
class Start:
    """Seconds from the start of a process to its list and to its first answer; its highest memory, in MiB."""

    to_list: float
    to_answer: float
    memory: float


def measured(pair: Pair, times: int) -> tuple[Start, Start]:
    """Return the medians of so many starts, ours and the bare server's, started in turn."""
    sides = (pair.ours, pair.bare)
    found: dict[str, list[Start]] = {side.name: [] for side in sides}
    for turn in range(-1, times):
        for side in sides if turn % 2 == 0 else sides[::-1]:
            start = started(side)
            # The first start of each is for byte code and the system's own caches.
            if turn >= 0:
                found[side.name].append(start)
    return _median(found[pair.ours.name]), _median(found[pair.bare.name])


def _median(starts: list[Start]) -> Start:
    return Start(
        statistics.median(one.to_list for one in starts),
        statistics.median(one.to_answer for one in starts),
        statistics.median(one.memory for one in starts),
    )


def started(side: Side) -> Start:
    """Start a server, ask for its list and for one answer, and end it."""
    began = time.perf_counter()
    with subprocess.Popen(
        side.command, env=side.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        _ask(process, 1, "initialize", HELLO)
        _send(process, method="notifications/initialized")
        _ask(process, 2, "tools/list", {})
        to_list = time.perf_counter() - began
        answer = _ask(process, 3, "tools/call", {"name": side.read.tool, "arguments": side.read.arguments})
        to_answer = time.perf_counter() - began
        memory = _highest_memory(process.pid)
    if answer["result"].get("isError"):
        raise RuntimeError(f"{side.name}: {answer}")
    return Start(to_list, to_answer, memory)


def _send(process: subprocess.Popen[bytes], **message: Any) -> None:
    assert process.stdin is not None  # noqa: S101 - it was asked for
    process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
    process.stdin.flush()


def _ask(
    process: subprocess.Popen[bytes], number: int, method: str, params: dict[str, Any]
) -> dict[str, Any]:
    """Return the answer to a request; notes in between are passed over."""
    _send(process, id=number, method=method, params=params)
    assert process.stdout is not None  # noqa: S101 - it was asked for
    for line in process.stdout:
        message = json.loads(line)
        if message.get("id") == number:
            return message
    raise RuntimeError(f"the server ended before it answered {method}")


def _highest_memory(pid: int) -> float:
    """Return the most memory that a process ever had, in MiB."""
    told = Path(f"/proc/{pid}/status").read_text()
    line = next(one for one in told.splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
